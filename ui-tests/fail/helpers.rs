use futures::{Stream, stream};
use koil::koiled;

#[koiled]
struct Client;

#[koiled]
impl Client {
    #[koil(skp)]
    async fn misspelt(&self) {}

    #[koil(blocking)]
    async fn unheard_of(&self) {}

    #[koil]
    async fn says_nothing(&self) {}

    #[koil = "skip"]
    async fn as_a_value(&self) {}

    #[koil(skip, name = "other")]
    async fn skipped_but_named(&self) {}

    #[koil(raw, iter)]
    fn raw_and_iter(&self) -> impl Stream<Item = u32> + use<> {
        stream::empty()
    }

    #[koil(wait)]
    #[koil(iter)]
    fn wait_and_iter(&self) -> std::future::Ready<u32> {
        std::future::ready(1)
    }

    #[koil(send)]
    async fn once_sent(&self) {}

    #[koil(local)]
    async fn once_kept_here(&self) {}

    #[koil(skip = "yes")]
    async fn with_a_value(&self) {}

    #[koil(name = "two words")]
    async fn no_identifier(&self) {}

    #[koil(name)]
    async fn no_name(&self) {}

    #[koil(iter, iter)]
    fn twice(&self) -> stream::Empty<u32> {
        stream::empty()
    }

    #[koil(timeout = "5s")]
    async fn not_there_yet(&self) {}

    #[koil(wait)]
    async fn waited_for_anyway(&self) {}

    #[koil(lend)]
    fn nothing_to_poll(&self) -> u32 {
        1
    }

    #[koil(enter)]
    async fn entered_anyway(&self) {}

}

fn main() {
    let futures = (Client.misspelt(), Client.unheard_of(), Client.says_nothing());
    drop((futures, Client.raw_and_iter(), Client.nothing_to_poll() + 1));
}
