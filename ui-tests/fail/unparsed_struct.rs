use koil::koiled;

#[koiled]
struct Client {
    n: u32
    m: u32,
}

fn main() {}
