//! Std traits with a type argument, `forward(From<Vec<u8>>)`: the twin of each kind does what its original does.
#![deny(warnings)]

use std::borrow::Cow;
use std::num::ParseIntError;

use koil::koiled;

#[koiled(forward(
    +From<Vec<u8>>,
    +From<&'static str>,
    +From<&[u8]>,
    +From<Cow<'_, str>>,
    +TryFrom<&char>,
    +TryFrom<(u8, char)>,
    +FromIterator<u8>,
    +Extend<u8>,
    +Extend<&'static str>,
    +AsRef<[u8]>,
    +AsMut<Vec<u8>>,
    +PartialEq<str>,
    +PartialEq<&str>,
))]
#[derive(Debug, Default)]
struct Body(Vec<u8>, bool);

#[koiled]
impl Body {
    async fn len(&self) -> usize {
        tokio::task::yield_now().await;
        self.0.len()
    }

    fn under_a_loop(&self) -> bool {
        self.1
    }
}

impl Body {
    fn new(bytes: Vec<u8>) -> Self {
        Body(bytes, tokio::runtime::Handle::try_current().is_ok())
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Body::new(bytes)
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Body::new(text.into())
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Body::new(bytes.into())
    }
}

impl From<Cow<'_, str>> for Body {
    fn from(text: Cow<'_, str>) -> Self {
        Body::new(text.into_owned().into())
    }
}

impl TryFrom<(u8, char)> for Body {
    type Error = char;

    fn try_from((digit, sign): (u8, char)) -> Result<Self, char> {
        if sign == '+' { Ok(Body::new(vec![digit])) } else { Err(sign) }
    }
}

/// A type whose conversions borrow, with parameters of all kinds.
#[koiled(forward(+From<&'a [T; N]>, +TryFrom<Vec<&'a T>>, +PartialEq<[T]>, +Extend<&'a T>))]
#[derive(Debug)]
struct Refs<'a, T: 'a, const N: usize>
where
    T: PartialEq,
{
    refs: Vec<&'a T>,
}

#[koiled]
impl<T: PartialEq, const N: usize> Refs<'_, T, N> {
    async fn count(&self) -> usize {
        self.refs.len()
    }
}

impl<'a, T: PartialEq, const N: usize> From<&'a [T; N]> for Refs<'a, T, N> {
    fn from(items: &'a [T; N]) -> Self {
        Refs {
            refs: items.iter().collect(),
        }
    }
}

impl<'a, T: PartialEq, const N: usize> TryFrom<Vec<&'a T>> for Refs<'a, T, N> {
    type Error = usize;

    fn try_from(refs: Vec<&'a T>) -> Result<Self, usize> {
        if refs.len() <= N { Ok(Refs { refs }) } else { Err(refs.len()) }
    }
}

impl<T: PartialEq, const N: usize> PartialEq<[T]> for Refs<'_, T, N> {
    fn eq(&self, other: &[T]) -> bool {
        self.refs.len() == other.len() && self.refs.iter().zip(other).all(|(a, b)| *a == b)
    }
}

impl<'a, T: PartialEq, const N: usize> Extend<&'a T> for Refs<'a, T, N> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, items: I) {
        self.refs.extend(items);
    }
}

/// Whether the original has the trait depends on its parameter.
#[koiled(forward(From<u8>))]
struct Sometimes<T>(T);

impl From<u8> for Sometimes<u8> {
    fn from(value: u8) -> Self {
        Sometimes(value)
    }
}

/// An inline twin, which has no loop.
#[koiled(inline, forward(TryFrom<&str>))]
struct Port(u16);

impl TryFrom<&str> for Port {
    type Error = ParseIntError;

    fn try_from(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(Port)
    }
}

impl TryFrom<&char> for Body {
    type Error = char;

    fn try_from(digit: &char) -> Result<Self, char> {
        let digit = digit.to_digit(10).ok_or(*digit)?;
        Ok(Body::new(vec![digit.try_into().unwrap_or(0)]))
    }
}

impl FromIterator<u8> for Body {
    fn from_iter<I: IntoIterator<Item = u8>>(bytes: I) -> Self {
        Body::new(bytes.into_iter().collect())
    }
}

impl Extend<u8> for Body {
    fn extend<I: IntoIterator<Item = u8>>(&mut self, bytes: I) {
        self.0.extend(bytes);
    }
}

impl Extend<&'static str> for Body {
    fn extend<I: IntoIterator<Item = &'static str>>(&mut self, texts: I) {
        self.0.extend(texts.into_iter().flat_map(str::bytes));
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl AsMut<Vec<u8>> for Body {
    fn as_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl PartialEq<str> for Body {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for Body {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

/// As a user of the blocking side writes it.
fn send(body: impl Into<BlockingBody>) -> usize {
    let body = body.into();
    assert!(body.under_a_loop());
    body.len()
}

pub(crate) fn main() {
    assert_eq!(send(vec![1, 2]), 2);
    assert_eq!(send("abc"), 3);
    assert_eq!(send(&[1_u8, 2, 3, 4][..]), 4);
    assert_eq!(send(Cow::Borrowed("ab")), 2);
    assert!(BlockingBody::try_from(&'x').is_err());
    assert_eq!(BlockingBody::try_from(&'7').unwrap().as_ref(), [7]);
    assert!(BlockingBody::try_from((7, '+')).unwrap().under_a_loop());
    assert_eq!(BlockingBody::try_from((7, '-')).unwrap_err(), '-');
    let mut body: BlockingBody = "ab".bytes().collect();
    assert!(body.under_a_loop());
    body.extend(*b"c");
    body.extend(["d", "e"]);
    AsMut::<Vec<u8>>::as_mut(&mut body).push(b'f');
    assert!(body == *"abcdef" && body == "abcdef");
    assert_eq!(body.len(), 6);

    let numbers = [1, 2];
    let mut refs = BlockingRefs::<_, 2>::from(&numbers);
    refs.extend(&[3]);
    assert!(refs == [1, 2, 3][..]);
    assert_eq!(refs.count(), 3);
    assert_eq!(BlockingRefs::<u8, 0>::try_from(vec![&1]).unwrap_err(), 1);

    assert_eq!(BlockingSometimes::from(3).aio().0, 3);
    assert_eq!(BlockingSometimes::from(Sometimes("as it is")).aio().0, "as it is");
    assert_eq!(BlockingPort::try_from("80").unwrap().aio().0, 80);
}
