# A crate on the scale of a published client, for `benches/compile/run`, which has the functions that
# are not here.
# shellcheck shell=bash

# Of the variants of `run`.
client_variants=(async tokio koil)

# One crate: types of three documented methods, whose futures hold requests of reqwest, and what they
# send and get, as serde derives it.
generate_client() {
    local variant=$1 types=$2 dir=$3 type
    manifest "client-$variant-$types" "$variant" "$dir" \
        'reqwest = { version = "0.13", default-features = false, features = ["json"] }' \
        'serde = { version = "1", features = ["derive"] }' 'serde_json = "1"'
    {
        cat <<'RUST'
//! Generated; see `benches/compile/run`.
use std::collections::BTreeMap;

use reqwest::{Client as Http, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, Serialize};

/// The failure of a call.
#[derive(Debug)]
pub enum Error {
    /// The server did not answer.
    Http(reqwest::Error),
    /// The server answered something else.
    Status(u16, String),
    /// The answer of the server could not be read.
    Json(serde_json::Error),
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Error {
        Error::Http(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Error {
        Error::Json(error)
    }
}

async fn answer(request: RequestBuilder) -> Result<Response, Error> {
    let response = request.send().await?;
    match response.status() {
        status if status.is_success() => Ok(response),
        status => Err(Error::Status(status.as_u16(), response.text().await?)),
    }
}
RUST
        if [[ $variant == tokio ]]; then runtime; fi
        for ((type = 0; type < types; type++)); do
            models "$type"
            if [[ $variant == koil ]]; then echo '#[koil::koiled]'; fi
            echo "/// Requests about things of kind $type.
///
/// It is a handle: clones share their connections.
#[derive(Clone, Debug)]
pub struct Things$type { http: Http, base: String }"
            if [[ $variant == koil ]]; then echo '#[koil::koiled]'; fi
            echo "impl Things$type {"
            client_methods "$type" 'pub async fn' client_original
            echo '}'
            if [[ $variant == tokio ]]; then
                echo "/// Requests about things of kind $type, blocking.
#[derive(Clone, Debug)]
pub struct BlockingThings$type(Things$type);
impl BlockingThings$type {"
                client_methods "$type" 'pub fn' client_twin
                echo '}'
            fi
        done
        revision 0
    } >"$dir/src/lib.rs"
}

# The types of requests and responses.
models() {
    echo "/// The record of a thing of kind $1.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record$1 {
    /// Its key.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// The number of changes.
    pub revision: u64,
    /// The things that it belongs to.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Notes about it.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Its state.
    pub state: State$1,
    /// Its author.
    #[serde(rename = \"createdBy\")]
    pub created_by: Option<String>,
    /// Its size in bytes.
    pub size: Option<u64>,
}
/// The state of a thing of kind $1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = \"camelCase\")]
pub enum State$1 {
    /// Not yet there.
    Pending,
    /// There.
    Ready,
    /// No longer there.
    Deleted,
}
/// A selection of things of kind $1.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filter$1 {
    /// The first page.
    pub page: u32,
    /// The largest number of things.
    pub limit: usize,
    /// Only those of a parent.
    #[serde(skip_serializing_if = \"Option::is_none\")]
    pub parent: Option<String>,
}"
}

# The signatures, each with the body that `$3` has for it.
client_methods() {
    local fn=$2 body=$3 record=Record$1 filter=Filter$1
    echo "    /// Gets a thing by its id.
    ///
    /// Deleted things are found as long as another thing refers to them.
    ///
    /// # Errors
    ///
    /// Where the server cannot be reached, or knows no such thing.
    $fn get(&self, id: &str) -> Result<$record, Error> {
$("$body" get)
    }
    /// Lists the things that \`filter\` asks for, page after page.
    ///
    /// # Errors
    ///
    /// Where the server cannot be reached.
    $fn list(&self, filter: $filter) -> Result<Vec<$record>, Error> {
$("$body" list)
    }
    /// Replaces a thing, and gets it as it is then.
    ///
    /// # Errors
    ///
    /// Where the server cannot be reached, or refuses it.
    $fn replace(&mut self, id: &str, record: $record) -> Result<$record, Error> {
$("$body" replace)
    }"
}

client_original() {
    case $1 in
    get) echo '        let request = self.http.get(format!("{}/things/{id}", self.base));
        let response = answer(request.header("accept", "application/json")).await?;
        if response.status() == StatusCode::NO_CONTENT {
            return Err(Error::Status(204, id.to_owned()));
        }
        let text = response.text().await?;
        Ok(serde_json::from_str(&text)?)' ;;
    list) echo '        let mut found = Vec::new();
        for page in filter.page.. {
            let mut request = self.http.get(format!("{}/things?page={page}", self.base));
            if let Some(parent) = &filter.parent {
                request = request.header("x-parent", parent);
            }
            let mut response = answer(request.json(&filter)).await?;
            let mut lines = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                lines.extend_from_slice(&chunk);
            }
            for line in lines.split(|byte| *byte == 10) {
                found.push(serde_json::from_slice(line)?);
            }
            if lines.is_empty() || found.len() >= filter.limit {
                break;
            }
        }
        Ok(found)' ;;
    replace) echo '        let request = self.http.put(format!("{}/things/{id}", self.base));
        let request = request.header("if-match", record.revision);
        let response = answer(request.json(&record)).await?;
        if let Some(moved) = response.headers().get("location") {
            self.base = moved.to_str().unwrap_or_default().to_owned();
        }
        let replaced: '"$record"' = response.json().await?;
        if record.state == replaced.state {
            return Ok(replaced);
        }
        self.get(id).await' ;;
    esac
}

client_twin() {
    case $1 in
    get) echo '        runtime().block_on(self.0.get(id))' ;;
    list) echo '        runtime().block_on(self.0.list(filter))' ;;
    replace) echo '        runtime().block_on(self.0.replace(id, record))' ;;
    esac
}

# The change between two incremental builds.
revision() {
    echo "/// The revision of this crate.
pub fn revision() -> u32 { $1 }"
}

client() {
    local types=$1 variant round dir
    for variant in "${client_variants[@]}"; do
        dir="$work/client-$variant-$types"
        generate_client "$variant" "$types" "$dir"
        for CARGO_INCREMENTAL in 0 1; do
            cargo check --quiet --offline --manifest-path "$dir/Cargo.toml"
        done
        rm -f "$dir".{0,1}
    done
    for ((round = 1; round <= rounds; round++)); do
        for variant in "${client_variants[@]}"; do
            dir="$work/client-$variant-$types"
            for CARGO_INCREMENTAL in 0 1; do
                sed -i '/revision() -> u32/s/{.*/{ '"$round$CARGO_INCREMENTAL"' }/' "$dir/src/lib.rs"
                seconds "$dir" check >>"$dir.$CARGO_INCREMENTAL"
            done
        done
    done
    echo "A client of $types types, $((types * 3)) methods, \`check\`:"
    echo
    echo '| | from scratch, cpu | wall | incremental, cpu | wall |'
    echo '|---|---:|---:|---:|---:|'
    for variant in "${client_variants[@]}"; do
        dir="$work/client-$variant-$types"
        printf '| %s | %.2f s | %.2f s | %.2f s | %.2f s |\n' "${titles[$variant]}" \
            "$(median 2 "$dir.0")" "$(median 1 "$dir.0")" \
            "$(median 2 "$dir.1")" "$(median 1 "$dir.1")"
    done
    # Against the first.
    for variant in "${client_variants[@]:1}"; do
        printf '| **%s / %s**' "${titles[$variant]}" "${titles[async]}"
        for what in 0:2 0:1 1:2 1:1; do
            ratio "$(median "${what#*:}" "$work/client-$variant-$types.${what%:*}")" \
                "$(median "${what#*:}" "$work/client-async-$types.${what%:*}")"
        done
        echo ' |'
    done
    echo
}
