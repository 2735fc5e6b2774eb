//! Parameters: patterns, attributes, and names that generated code might have taken for itself.
#![deny(warnings)]
#![allow(clippy::too_many_arguments)]

use koil::koiled;

#[derive(Clone, Copy)]
struct Point {
    x: u32,
    y: u32,
}

#[derive(Clone, Copy)]
struct Pair(u32, u32);

#[koiled]
async fn tuple((a, b): (u32, u32)) -> u32 {
    a + b
}

#[koiled]
async fn nested(((a, _), [b, .., c]): ((u32, &str), [u32; 4])) -> u32 {
    a + b + c
}

#[koiled]
async fn unnamed(_: u32, _: &str, _: (), last: u32) -> u32 {
    last
}

#[koiled]
async fn mutable(mut x: u32, mut text: String) -> String {
    x += 1;
    text.push_str(&x.to_string());
    text
}

#[koiled]
async fn by_reference(ref x: String) -> usize {
    x.len()
}

#[koiled]
async fn by_mut_reference(ref mut x: String) -> usize {
    x.push('!');
    x.len()
}

#[koiled]
async fn bound(whole @ Pair(first, _): Pair) -> u32 {
    whole.1 * first
}

#[koiled]
async fn fields(Point { x, y: other }: Point) -> u32 {
    x * other
}

#[koiled]
async fn rest(Point { x, .. }: Point, Pair(a, ..): Pair) -> u32 {
    x + a
}

#[koiled]
async fn behind_a_reference(&Point { x, y }: &Point, &mut Pair(ref mut a, _): &mut Pair) -> u32 {
    *a += 1;
    x + y + *a
}

/// A user name that looks generated, beside patterns for which names are generated.
#[koiled]
async fn generated_names(_: u32, __arg0: u32, (a, _): (u32, u32), __arg2: u32) -> [u32; 3] {
    [__arg0, a, __arg2]
}

/// The names of the twin's own variables, and of what it names by path.
#[koiled]
async fn borrowed_names(
    __call: u32,
    __entered: u32,
    __future: u32,
    __value: u32,
    __stream: u32,
    __v: u32,
    __t0: u32,
    koil: u32,
    future: u32,
    core: u32,
    std: u32,
    call: u32,
) -> u32 {
    __call
        + __entered
        + __future
        + __value
        + __stream
        + __v
        + __t0
        + koil
        + future
        + core
        + std
        + call
}

/// As its function: the parameter would hide what is to be called.
#[koiled]
async fn same(same: u32) -> u32 {
    same
}

#[koiled]
async fn raw(r#type: u32, r#match: u32, r#async: u32) -> u32 {
    r#type * r#match * r#async
}

#[koiled]
async fn r#async(r#fn: u32) -> u32 {
    r#fn
}

#[koiled]
async fn r#loop() -> u32 {
    5
}

#[koiled(name = "r#try")]
async fn renamed_to_a_keyword() -> u32 {
    6
}

#[rustfmt::skip]
#[koiled]
async fn trailing_commas<T,>(a: T, b: T,) -> (T, T,)
where
    T: Send,
{
    (a, b,)
}

#[koiled]
async fn conditions(
    #[cfg(any())] absent: Missing,
    #[cfg(not(any()))] present: u32,
    #[cfg(any())] (a, b): (Missing, Missing),
    #[cfg(not(any()))] (c, _): (u32, u32),
    #[cfg(any())] _: Missing,
) -> u32 {
    present + c
}

#[koiled]
async fn attributes(#[allow(unused_variables)] a: u32, #[cfg_attr(any(), missing)] b: u32) -> u32 {
    b
}

#[koiled]
async fn pointers(
    f: fn(u32) -> u32,
    g: for<'a> fn(&'a str) -> &'a str,
    h: &dyn Fn(u32) -> u32,
    i: &mut (dyn FnMut() + Send),
    j: Box<dyn FnOnce(u32) -> u32 + '_>,
) -> u32 {
    i();
    j(h(f(g("a").len() as u32)))
}

#[koiled]
async fn slices(a: &[u32], b: &mut [u32], c: &[&str], d: [u32; 2]) -> u32 {
    b[0] = a[0] + d[1];
    b[0] + c.len() as u32
}

#[koiled]
async fn no_return(flag: &mut bool) {
    *flag = true;
}

#[rustfmt::skip]
#[koiled]
async fn unit(flag: &mut bool) -> () {
    *flag = false;
}

#[koiled]
struct Host;

#[koiled]
impl Host {
    async fn tuple(&self, (a, b): (u32, u32), _: u8, mut c: u32) -> u32 {
        c += 1;
        a + b + c
    }

    async fn same(&self, same: u32) -> u32 {
        same
    }

    async fn r#type(&self, r#self_: u32) -> u32 {
        r#self_
    }

    async fn conditional(
        &self,
        #[cfg(any())] absent: Missing,
        #[cfg(not(any()))] present: u32,
    ) -> u32 {
        present
    }

    fn made((a, _): (u32, u32), __arg0: u32) -> u32 {
        a + __arg0
    }

    #[koil(name = "r#move")]
    async fn shift(&self) -> u32 {
        8
    }
}

pub(crate) fn main() {
    let point = Point { x: 2, y: 3 };
    let mut pair = Pair(5, 7);
    assert_eq!(tuple_blocking((1, 2)), 3);
    assert_eq!(nested_blocking(((1, ""), [2, 3, 4, 5])), 8);
    assert_eq!(unnamed_blocking(1, "", (), 4), 4);
    assert_eq!(mutable_blocking(1, String::from("x")), "x2");
    assert_eq!(by_reference_blocking(String::from("abc")), 3);
    assert_eq!(by_mut_reference_blocking(String::from("abc")), 4);
    assert_eq!(bound_blocking(pair), 35);
    assert_eq!(fields_blocking(point), 6);
    assert_eq!(rest_blocking(point, pair), 7);
    assert_eq!(behind_a_reference_blocking(&point, &mut pair), 11);
    assert_eq!(pair.0, 6);
    assert_eq!(generated_names_blocking(1, 2, (3, 4), 5), [2, 3, 5]);
    assert_eq!(
        borrowed_names_blocking(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1),
        12
    );
    assert_eq!(same_blocking(9), 9);
    assert_eq!(raw_blocking(2, 3, 5), 30);
    assert_eq!(async_blocking(4), 4);
    assert_eq!(loop_blocking(), 5);
    assert_eq!(r#try(), 6);
    assert_eq!(trailing_commas_blocking(1, 2), (1, 2));
    assert_eq!(conditions_blocking(1, (2, 3)), 3);
    assert_eq!(attributes_blocking(1, 2), 2);
    let mut ran = 0;
    let sum = pointers_blocking(
        |x| x + 1,
        |s| s,
        &|x| x + ran,
        &mut || (),
        Box::new(|x| x * 2),
    );
    ran += sum;
    assert_eq!(ran, 4);
    assert_eq!(slices_blocking(&[1], &mut [0], &["a"], [2, 3]), 5);
    let mut flag = false;
    no_return_blocking(&mut flag);
    assert!(flag);
    unit_blocking(&mut flag);
    assert!(!flag);

    let host = BlockingHost::from(Host);
    assert_eq!(host.tuple((1, 2), 0, 3), 7);
    assert_eq!(host.same(1), 1);
    assert_eq!(host.r#type(2), 2);
    assert_eq!(host.conditional(3), 3);
    assert_eq!(BlockingHost::made((1, 2), 4), 5);
    assert_eq!(host.r#move(), 8);
}
