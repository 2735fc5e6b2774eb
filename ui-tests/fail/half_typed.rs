use koil::koiled;

#[koiled]
struct Client;

// Bodies are not read, so these methods have their twins, and nothing else is wrong.
#[koiled]
impl Client {
    async fn half_typed(&self) -> u32 {
        let value: u32 = self.
    }

    async fn without_a_value(&self) -> u32 {
        let value =
    }

    async fn good(&self) -> u32 {
        1
    }
}

#[koiled]
async fn function(n: u32) -> u32 {
    match n {
        0 =>
    }
}

fn main() {
    let twin = Client.into_blocking();
    let numbers: [u32; 4] = [twin.half_typed(), twin.without_a_value(), twin.good(), function_blocking(1)];
    drop(numbers);
}
