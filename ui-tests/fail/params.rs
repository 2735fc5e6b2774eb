use koil::koiled;

#[koiled]
async fn conditional<#[cfg(all())] T: Default, #[cfg(any())] U, #[cfg(all())] const N: usize>() -> [T; 0] {
    []
}

#[koiled]
async fn helper(#[koil(skip)] n: u32) -> u32 {
    n
}

#[koiled]
struct Client;

#[koiled]
impl Client {
    async fn conditional<#[cfg(all())] 'a>(&'a self, #[koil(raw)] n: &'a u32) -> &'a u32 {
        n
    }
}

fn main() {
    drop((conditional::<u32, 1>(), helper(1), Client.conditional(&1)));
}
