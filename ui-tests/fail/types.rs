use koil::koiled;

#[koiled]
#[repr(C, packed)]
struct Packed {
    n: u32,
}

#[koiled]
#[repr(packed(2))]
struct PackedBy(u32);

#[koiled(forward(Copy, Send))]
#[derive(Clone)]
#[repr(C)]
struct Forwarded;

#[koiled(forward(From<u8>, TryFrom, PartialOrd<str>, Extend<&u8>, From<WithArguments>))]
struct WithArguments;

#[koiled(forward(From<u8>, AsRef<str>, TryFrom<char>))]
struct Without;

#[koiled]
#[derive(Clone, Debug)]
struct Overlapping;

impl std::fmt::Debug for BlockingOverlapping {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("mine")
    }
}

#[koiled]
struct Accessors;

impl Accessors {
    fn blocking(&self) -> u32 {
        1
    }
}

fn main() {
    drop((Packed { n: 1 }, PackedBy(1), Forwarded.clone(), Overlapping.clone(), Accessors.blocking()));
}
