//! `#[threaded]` and `#[threaded_iterable]` on real files and sockets, awaited from every executor.

use std::fs;
use std::future::Future;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use futures::{StreamExt, TryStreamExt};
use koil::{Koil, Threaded, ThreadedCall, Yielder, threaded, threaded_iterable};

use crate::support::{Count, watched};

/// The same on every executor that may await a twin.
fn everywhere<F, T>(make: impl Fn() -> F) -> Vec<T>
where
    F: Future<Output = T>,
{
    let multi = tokio::runtime::Builder::new_multi_thread();
    let current = tokio::runtime::Builder::new_current_thread();
    let mut all: Vec<T> = [multi, current]
        .into_iter()
        .map(|mut tokio| {
            let tokio = tokio.enable_all().build().expect("a runtime");
            tokio.block_on(make())
        })
        .collect();
    all.push(smol::block_on(make()));
    all.push(futures::executor::block_on(make()));
    all.push(koil::unkoil(make()));
    all
}

/// A file that is gone at the end of its test.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, content: &[u8]) -> TempFile {
        let name = format!("koil-threaded-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, content).expect("a file of the test");
        TempFile(path)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[threaded]
fn checksum(path: &Path, seed: u64) -> io::Result<u64> {
    let bytes = fs::read(path)?;
    Ok(bytes.iter().fold(seed, |sum, byte| sum + u64::from(*byte)))
}

#[threaded_iterable(capacity = 4)]
fn lines(path: &Path) -> io::Result<impl Iterator<Item = io::Result<String>>> {
    Ok(BufReader::new(fs::File::open(path)?).lines())
}

#[test]
fn a_file_is_read_from_every_executor() {
    watched(|| {
        let file = TempFile::new("read", &[1, 2, 3]);
        let sums = everywhere(|| checksum_async(&file.0, 4));
        for sum in sums {
            assert_eq!(sum.unwrap(), 10);
        }
        let missing = everywhere(|| checksum_async(Path::new("/no/such/file"), 0));
        for error in missing {
            assert_eq!(error.unwrap_err().kind(), io::ErrorKind::NotFound);
        }
    });
}

#[test]
fn lines_of_a_file_stream_to_every_executor() {
    watched(|| {
        let text = (0..1000).map(|n| format!("line {n}")).collect::<Vec<_>>();
        let file = TempFile::new("lines", text.join("\n").as_bytes());
        let all = everywhere(|| async {
            let lines = lines_async(&file.0).await?;
            lines.try_collect::<Vec<_>>().await
        });
        for lines in all {
            let lines: Vec<String> = lines.unwrap();
            assert_eq!(lines.len(), 1000);
            assert_eq!(lines[999], "line 999");
        }
        let missing = everywhere(|| lines_async(Path::new("/no/such/file")));
        for error in missing {
            assert_eq!(error.unwrap_err().kind(), io::ErrorKind::NotFound);
        }
    });
}

/// Serves each connection the pages that it asks for, one line each, and counts them.
fn pages(served: &Count) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("its address");
    let served = served.clone();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let served = served.clone();
            thread::spawn(move || {
                let mut reader = BufReader::new(connection.try_clone()?);
                let mut asked = String::new();
                while reader.read_line(&mut asked)? > 0 {
                    served.add();
                    writeln!(&connection, "page {}", asked.trim())?;
                    asked.clear();
                }
                io::Result::Ok(())
            });
        }
    });
    at
}

#[threaded]
fn ask(server: SocketAddr, page: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(server)?;
    writeln!(stream, "{page}")?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// Asks for page after page until the stream is closed.
#[threaded_iterable(capacity = 2)]
fn crawl(server: SocketAddr, out: &mut Yielder<String>) -> io::Result<()> {
    let stream = TcpStream::connect(server)?;
    let mut answers = BufReader::new(stream.try_clone()?).lines();
    for page in 0.. {
        writeln!(&stream, "{page}")?;
        let answer = answers.next().ok_or(io::ErrorKind::UnexpectedEof)??;
        if out.push(answer).is_err() {
            break;
        }
    }
    Ok(())
}

#[test]
fn a_server_is_asked_from_every_executor() {
    watched(|| {
        let server = pages(&Count::default());
        for answers in everywhere(|| async {
            futures::future::try_join(ask_async(server, "a"), ask_async(server, "b")).await
        }) {
            assert_eq!(answers.unwrap(), ("page a".to_owned(), "page b".to_owned()));
        }
    });
}

#[test]
fn a_consumer_that_stops_stops_the_producer() {
    watched(|| {
        for wanted in [0, 1, 5] {
            let count = Count::default();
            let server = pages(&count);
            let taken: Vec<_> = koil::unkoil(async {
                let mut pages = crawl_async(server);
                let taken = pages.by_ref().take(wanted).try_collect().await.unwrap();
                assert!(pages.close().await.is_none());
                taken
            });
            assert_eq!(taken.len(), wanted);
            // The pages taken, two ahead, one in hand; and none more after the close.
            let asked = count.get();
            assert!(asked >= wanted && asked <= wanted + 3, "{asked}");
            if wanted == 0 {
                assert_eq!(asked, 0, "nobody has polled");
            }
        }
    });
}

#[test]
fn arguments_are_cloned_at_the_call_and_the_job_starts_at_the_first_poll() {
    static STARTED: Mutex<Vec<String>> = Mutex::new(Vec::new());

    #[threaded]
    fn start(name: &str) -> usize {
        STARTED.lock().unwrap().push(name.to_owned());
        name.len()
    }

    watched(|| {
        let mut name = "first".to_owned();
        let call: ThreadedCall<usize> = start_async(&name);
        name.clear();
        drop(name);
        assert!(STARTED.lock().unwrap().is_empty());
        drop(start_async("never"));
        assert_eq!(koil::unkoil(call), 5);
        assert_eq!(*STARTED.lock().unwrap(), ["first"]);
    });
}

#[derive(Clone, Default)]
struct Shelf {
    items: Arc<Mutex<Vec<String>>>,
}

#[threaded(clone)]
impl Shelf {
    fn put(&self, item: &str) -> usize {
        let mut items = self.items.lock().unwrap();
        items.push(item.to_owned());
        items.len()
    }

    fn all(&self) -> impl Iterator<Item = String> + '_ {
        (0..).map_while(|at| self.items.lock().unwrap().get(at).cloned())
    }
}

#[test]
fn methods_act_on_what_they_are_called_on() {
    watched(|| {
        let shelf = Shelf::default();
        assert_eq!(everywhere(|| shelf.put_async("a")), [1, 2, 3, 4, 5]);
        assert_eq!(shelf.put("b"), 6);
        let all = koil::unkoil(shelf.all_async().collect::<Vec<_>>());
        assert_eq!(all, ["a", "a", "a", "a", "a", "b"]);
    });
}

#[test]
fn separate_is_a_thread_of_its_own() {
    fn here() -> Option<String> {
        thread::current().name().map(str::to_owned)
    }

    #[threaded(separate)]
    fn apart() -> Option<String> {
        here()
    }

    #[threaded]
    fn together() -> Option<String> {
        here()
    }

    watched(|| {
        assert_eq!(
            koil::unkoil(apart_async()).as_deref(),
            Some("koil-separate")
        );
        assert_ne!(
            koil::unkoil(together_async()).as_deref(),
            Some("koil-separate")
        );
    });
}

#[test]
fn a_job_may_block_on_async_code_again() {
    #[threaded]
    fn deep(left: u32) -> u32 {
        if left == 0 {
            return 0;
        }
        koil::unkoil(deep_async(left - 1)) + 1
    }

    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        assert_eq!(koil::unkoil(deep_async(20)), 20);
    });
}

#[test]
fn an_error_names_the_twin_and_its_caller() {
    watched(|| {
        let koil = Koil::new().unwrap();
        let call = {
            let _entered = koil.enter();
            checksum_async(Path::new("/"), 0)
        };
        koil.shutdown();
        let error = koil::unkoil(call.fallible()).unwrap_err();
        assert!(error.is_shutdown());
        assert!(error.to_string().contains("`checksum_async`"), "{error}");
        assert_eq!(error.call_site().file(), file!());
        assert_eq!(error.call_site().line(), line!() - 7);
    });
}

#[threaded]
trait Storage: Send + Sync {
    fn get(&self, key: &str) -> io::Result<Vec<u8>>;
    fn put(&self, key: &str, value: &[u8]) -> io::Result<()>;
}

/// Each value in a file of its own.
struct Files(PathBuf);

impl Storage for Files {
    fn get(&self, key: &str) -> io::Result<Vec<u8>> {
        fs::read(self.0.with_extension(key))
    }

    fn put(&self, key: &str, value: &[u8]) -> io::Result<()> {
        fs::write(self.0.with_extension(key), value)
    }
}

#[test]
fn a_blocking_trait_is_async_for_what_is_shared() {
    watched(|| {
        let file = TempFile::new("trait", &[]);
        let storage: Arc<dyn Storage> = Arc::new(Files(file.0.clone()));
        let storage: Threaded<dyn Storage> = Threaded::from(storage);
        let values = everywhere(|| async {
            storage.put("value", &[1, 2]).await?;
            storage.get("value").await
        });
        let _value = TempFile(file.0.with_extension("value"));
        for value in values {
            assert_eq!(value.unwrap(), [1, 2]);
        }
        assert!(koil::unkoil(storage.get("nothing")).is_err());
    });
}
