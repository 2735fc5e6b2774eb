//! Supertraits that mean the same for both sides stay, ones with twins become the twin, others are
//! left out; and the effect of the options on a trait.

use koil::koiled;

use traits::{BlockingBase, BlockingDerived, BlockingPlain, BlockingThing, Thing};

mod traits {
    use koil::koiled;

    mod sealed {
        pub(crate) trait Sealed {}
    }

    #[koiled]
    pub(super) trait Base {
        type Key: PartialEq;
        async fn key(&self) -> Self::Key;
    }

    #[koiled(twins(Base))]
    pub(super) trait Derived: Base + sealed::Sealed + Send + Sync + 'static {
        async fn is(&self, key: Self::Key) -> bool {
            self.key().await == key
        }
    }

    #[koiled(twins(Base))]
    pub(super) trait Plain: Base<Key = u8> + Clone {
        async fn twice(&self) -> u8 {
            self.key().await * 2
        }
    }

    #[koiled]
    #[derive(Clone)]
    pub(super) struct Thing(pub(super) u8);

    impl sealed::Sealed for Thing {}
    impl Derived for Thing {}
    impl Plain for Thing {}
    impl Base for Thing {
        type Key = u8;
        async fn key(&self) -> u8 {
            self.0
        }
    }
}

fn shared<T: Send + Sync + 'static>(_: &T) {}

fn derived<T: BlockingDerived + BlockingBase<Key = u8>>(thing: &T) -> bool {
    shared(thing);
    thing.is(3) && thing.key() == 3
}

#[test]
fn supertraits_go_by_the_rule() {
    let thing = BlockingThing::from(Thing(3));
    assert!(derived(&thing));
    assert_eq!(thing.twice(), 6);
}

/// A trait with options.
///
/// # Safety
///
/// Nothing.
#[koiled(name = "SyncLamp", docs = "all")]
#[must_use]
unsafe trait Lamp {
    /// Is it on?
    #[must_use]
    async fn lit(&self) -> bool;
}

#[koiled]
struct Bulb;

// SAFETY: nothing about it is unsafe.
unsafe impl Lamp for Bulb {
    async fn lit(&self) -> bool {
        true
    }
}

#[test]
fn options_apply_to_traits() {
    assert!(SyncLamp::lit(&BlockingBulb::from(Bulb)));
}
