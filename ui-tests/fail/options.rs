use koil::koiled;

#[koiled(sufix = "_sync")]
async fn misspelt() {}

#[koiled(blocking)]
async fn unheard_of() {}

#[koiled(forward(Clone))]
async fn of_types() {}

#[koiled(accessors = "pub", docs = "link")]
async fn of_types_beside_a_good_one() {}

#[koiled(name = "a", name = "b")]
async fn twice() {}

#[koiled(name)]
async fn without_a_value() {}

#[koiled(name("a"))]
async fn list_for_a_value() {}

#[koiled(name = blocking)]
async fn without_quotes() {}

#[koiled(name = 5)]
async fn number_for_a_name() {}

#[koiled(name = "get-all")]
async fn no_identifier() {}

#[koiled(name = "")]
async fn empty_name() {}

#[koiled(name = "fn")]
async fn keyword_name() {}

#[koiled(docs = "verbose")]
async fn unknown_docs() {}

#[koiled(crate = "not a path")]
async fn no_path() {}

#[koiled(name = "a" docs = "all")]
async fn without_a_comma() {}

#[koiled("name")]
async fn literal() {}

#[koiled(koil::name = "a")]
async fn path_for_a_word() {}

#[koiled(twins)]
async fn no_list() {}

#[koiled(twins = "Client")]
async fn no_list_either() {}

#[koiled(twins(Client, Client))]
async fn listed_twice() -> Client {
    Client
}

#[koiled(twins(Client, Bucket, Row = RowIter))]
async fn never_occur() -> Client {
    Client
}

#[koiled(timeout = "5s")]
async fn not_there_yet() {}

#[koiled(accessors = "private")]
struct UnknownAccessors;

#[koiled(forward(Serialize, Clone))]
#[derive(Clone)]
struct UnknownTrait;

#[koiled(forward(-Clone, Debug))]
#[derive(Clone, Debug)]
struct MixedForward;

#[koiled(forward)]
struct NoList;

#[koiled(twins(Client))]
struct OfCalls;

#[koiled(name = "get")]
impl Client {
    async fn get(&self) {}
}

#[koiled]
struct Client;

#[koil::koiled(nam = "SyncOther", dox = "all", pinned)]
struct Several;

#[koiled(send)]
async fn once_sent() {}

#[koiled(local)]
async fn once_kept_here() {}

fn main() {
    let futures = (
        misspelt(), unheard_of(), of_types(), of_types_beside_a_good_one(), twice(),
        without_a_value(), list_for_a_value(), without_quotes(), number_for_a_name(),
    );
    drop(futures);
    drop((no_identifier(), empty_name(), keyword_name(), unknown_docs(), no_path()));
    drop((without_a_comma(), literal(), path_for_a_word(), no_list(), no_list_either()));
    drop((listed_twice(), never_occur(), not_there_yet(), Client.get()));
    drop((once_sent(), once_kept_here()));
    drop((UnknownAccessors, UnknownTrait.clone(), MixedForward.clone(), NoList, OfCalls, Several));
}
