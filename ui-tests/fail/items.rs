use koil::koiled;

#[koiled]
mod inside {
    pub fn still_here() {}
}

#[koiled]
static COUNT: u32 = 1;

#[koiled]
const LIMIT: u32 = 2;

#[koiled]
type Alias = u32;

#[koiled]
use std::collections::HashMap as Map;

#[koiled]
union Either {
    a: u32,
    b: f32,
}

#[koiled]
unsafe extern "C" {
    fn abs(n: i32) -> i32;
}

#[koiled]
macro_rules! shout {
    () => {};
}

#[koiled]
extern crate std as standard;

fn main() {
    inside::still_here();
    let _: Alias = COUNT + LIMIT;
    let _: Map<u32, Either> = Map::from([(1, Either { a: 1 }), (2, Either { b: 1.0 })]);
    let _ = unsafe { abs(1) };
    let _ = standard::thread::current();
    shout!();
}
