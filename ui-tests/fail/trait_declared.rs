//! Traits that cannot have a twin as they are.

use koil::koiled;

macro_rules! methods {
    (more) => {};
}

#[koiled]
trait Store: Sized + Iterator {
    type Row;
    type Child: From<Self>;
    const ALL: [Self; 2];

    async fn misspelled(&self) -> Self::Rwo;
    async fn other_trait(&self) -> <Self as Iterator>::Item;
    async fn container(&self, others: Vec<Self>);
    async fn reference(&self, others: &[&Self]);
    async fn callback(&self, call: impl Fn(&Self));
    async fn bound<T: Into<Self>>(&self, t: T);
    async fn cloned(&self) -> u8
    where
        Self: Clone;
    async fn array(&self) -> [Self; 2];
    #[koil(raw)]
    async fn raw(&self) -> Option<Self>;
    async fn receiver(self: &std::sync::Arc<Self>);
    #[koil(bind(U = u8))]
    async fn nothing_to_bind(&self);
    #[koil(skp)]
    async fn misspelled_helper(&self);
    #[koiled]
    async fn twice(&self);
    methods! { more }
}

#[koiled(suffix = "_blocking", forward(Clone), twins(Bucket))]
trait Options {
    async fn get(&self);
}

#[koiled]
trait Impl {
    async fn get(&self);
}

#[koiled]
impl Impl for u8 {
    async fn get(&self) {}
}

fn main() {}
