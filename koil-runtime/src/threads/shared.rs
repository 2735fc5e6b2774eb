//! `Threaded`: a shared value with blocking methods, for async traits made of blocking traits.

use std::fmt;
use std::sync::Arc;

/// A value that async code shares; its methods block, so they run on workers.
///
/// `#[threaded] trait Storage` makes a trait `AsyncStorage`, with the same methods, async; a
/// `Threaded<T>` implements it for every `T: Storage` that is `Send + Sync + 'static`, also for
/// `dyn Storage + Send + Sync`. Clones are cheap and share the value.
///
/// The blocking methods can be reached only through [`get_ref`](Threaded::get_ref), so that no
/// caller blocks an executor by mistake.
///
/// ```
/// use std::collections::HashMap;
/// use std::sync::Mutex;
///
/// use koil::{Threaded, threaded};
///
/// /// Where values are kept.
/// #[threaded]
/// pub trait Storage {
///     fn get(&self, key: &str) -> Option<String>;
///     fn set(&self, key: &str, value: String);
/// }
///
/// #[derive(Default)]
/// struct InMemory(Mutex<HashMap<String, String>>);
///
/// impl Storage for InMemory {
///     fn get(&self, key: &str) -> Option<String> {
///         self.0.lock().unwrap().get(key).cloned()
///     }
///     fn set(&self, key: &str, value: String) {
///         self.0.lock().unwrap().insert(key.to_owned(), value);
///     }
/// }
///
/// async fn greeting(storage: &impl AsyncStorage) -> Option<String> {
///     storage.set("greeting", "hello".to_owned()).await;
///     storage.get("greeting").await
/// }
///
/// let storage = Threaded::new(InMemory::default());
/// assert_eq!(koil::unkoil(greeting(&storage)).as_deref(), Some("hello"));
/// ```
#[derive(Default)]
pub struct Threaded<T: ?Sized>(Arc<T>);

impl<T> Threaded<T> {
    /// Shares a value.
    pub fn new(value: T) -> Threaded<T> {
        Threaded(Arc::new(value))
    }
}

impl<T: ?Sized> Threaded<T> {
    /// The value, with its blocking methods.
    pub fn get_ref(&self) -> &T {
        &self.0
    }

    /// The value, in the `Arc` that shares it.
    pub fn into_arc(self) -> Arc<T> {
        self.0
    }
}

impl<T: ?Sized> Clone for Threaded<T> {
    fn clone(&self) -> Threaded<T> {
        Threaded(self.0.clone())
    }
}

impl<T: ?Sized> From<Arc<T>> for Threaded<T> {
    fn from(shared: Arc<T>) -> Threaded<T> {
        Threaded(shared)
    }
}

impl<T: fmt::Debug + ?Sized> fmt::Debug for Threaded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Threaded").field(&&self.0).finish()
    }
}

/// Names the type that a `Threaded` shares, for generated code.
pub trait Shares {
    /// The shared type.
    type Shared: ?Sized;
}

impl<T: ?Sized> Shares for Threaded<T> {
    type Shared = T;
}

/// The shared value, which moves to the job in place of `&self`.
pub fn shared<T: Send + Sync + ?Sized + 'static>(of: &Threaded<T>) -> Arc<T> {
    of.0.clone()
}
