use koil::koiled;

struct Forgotten;

#[koiled]
impl Forgotten {
    async fn get(&self) -> u32 {
        1
    }

    async fn make() -> Self {
        Forgotten
    }
}

mod types {
    #[koil::koiled]
    pub struct Imported;
}

use types::Imported;

#[koiled]
impl Imported {
    async fn get(&self) -> u32 {
        1
    }
}

#[koiled(twins(Forgotten, Imported = types::Missing))]
async fn listed() -> (Forgotten, Imported) {
    (Forgotten, Imported)
}

#[koiled(name = "SyncDevice")]
struct Device;

#[koiled]
impl Device {
    async fn get(&self) -> u32 {
        1
    }
}

// A list that blocks share may have names that one of them does not use, but no wrong ones.
#[koiled(name = "SyncDevice", twins(Misspelled))]
impl Device {
    async fn shared_list(&self) {}
}

fn makes<T: koil::HasTwin>(_: T) {}

fn main() {
    drop((Forgotten.get(), Imported.get(), listed(), Device.get()));
    makes(Forgotten);
}
