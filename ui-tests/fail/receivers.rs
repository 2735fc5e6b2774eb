use std::ops::Deref;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use koil::koiled;

#[koiled]
struct Client;

#[koiled]
impl Client {
    async fn ref_arc(self: &Arc<Self>) {}

    async fn ref_rc(self: &Rc<Self>) {}

    async fn mut_box(self: &mut Box<Self>) {}

    async fn pinned_arc(self: Pin<Arc<Self>>) {}

    async fn boxed_box(self: Box<Box<Self>>) {}

    async fn arc_rc(self: Arc<Rc<Self>>) {}

    async fn ref_ref(self: &&Self) {}

    fn sync_ref_arc(self: &Arc<Self>) {}

    #[koil(skip)]
    async fn skipped(self: &Arc<Self>) {}
}

fn main() {
    let client = Arc::new(Client);
    drop((client.ref_arc(), client.skipped(), client.deref()));
    client.sync_ref_arc();
}
