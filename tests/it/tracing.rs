//! With feature `tracing`: the current span and dispatcher go where the context goes.

#![cfg(feature = "tracing")]

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use futures::stream;
use koil::{ContextSnapshot, unkoil, unkoil_iter, unkoil_task};
use tracing::dispatcher::{self, Dispatch};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber, info, info_span, span};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;

use crate::support::{on_a_loop, until};

/// The record of a subscriber: events as `outer:inner: text`, and the ends of spans.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    fn push(&self, text: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(text);
    }

    fn has(&self, text: &str) -> bool {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().any(|line| line == text)
    }

    #[track_caller]
    fn assert_has(&self, text: &str) {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        assert!(
            seen.iter().any(|line| line == text),
            "{text} is not in {seen:#?}"
        );
    }

    /// A subscriber for this thread only, so that tests do not see each other.
    fn subscriber(&self) -> Dispatch {
        Dispatch::new(tracing_subscriber::registry().with(self.clone()))
    }
}

struct Message(String);

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Seen {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut message = Message(String::new());
        event.record(&mut message);
        let spans = context.event_scope(event).into_iter();
        let names = spans.flat_map(|scope| scope.from_root().map(|span| span.name()));
        let path: Vec<_> = names.collect();
        self.push(format!("{}: {}", path.join(":"), message.0));
    }

    fn on_close(&self, id: span::Id, context: Context<'_, S>) {
        let name = context.span(&id).map_or("?", |span| span.name());
        self.push(format!("{name} is closed"));
    }
}

/// Runs `f` with a watchdog, a loop, and a subscriber for its thread.
#[track_caller]
fn traced(f: impl FnOnce(&Seen) + Send + 'static) {
    on_a_loop(|_| {
        let seen = Seen::default();
        dispatcher::with_default(&seen.subscriber(), || f(&seen));
    });
}

#[test]
fn a_task_logs_under_the_span_in_which_it_was_started() {
    traced(|seen| {
        let task = info_span!("request").in_scope(|| {
            unkoil_task(async {
                info!("first poll");
                tokio::time::sleep(Duration::from_millis(1)).await;
                info_span!("inner").in_scope(|| info!("later poll"));
            })
        });
        task.result().unwrap();
        seen.assert_has("request: first poll");
        seen.assert_has("request:inner: later poll");
    });
}

#[test]
fn a_span_ends_with_its_task_and_not_with_the_handle() {
    traced(|seen| {
        let (go_on, may_go_on) = tokio::sync::oneshot::channel::<()>();
        let task = info_span!("short").in_scope(|| {
            unkoil_task(async move {
                may_go_on.await.unwrap();
            })
        });
        assert!(!seen.has("short is closed"));
        go_on.send(()).unwrap();
        until(|| seen.has("short is closed"));
        task.result().unwrap();
    });
}

#[test]
fn a_call_and_a_lent_wait_log_under_the_span_of_the_caller() {
    traced(|seen| {
        let _span = info_span!("caller").entered();
        unkoil(async { info!("on the caller") });
        let handle = koil::Handle::current();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let local = tokio::task::LocalSet::new();
            local
                .run_until(async {
                    let _entered = handle.enter();
                    koil::unkoil_lend(async {
                        tokio::time::sleep(Duration::from_millis(1)).await;
                        info!("on the loop");
                    });
                })
                .await;
        });
        seen.assert_has("caller: on the caller");
        seen.assert_has("caller: on the loop");
    });
}

#[test]
fn prefetched_streams_wrapped_closures_and_snapshots_take_the_span_along() {
    traced(|seen| {
        let span = info_span!("work").entered();
        let stream = stream::repeat_with(|| info!("an item"));
        let mut iter = unkoil_iter(stream).prefetch(1);
        let wrapped = koil::Handle::current().wrap(|| info!("wrapped"));
        let snapshot = ContextSnapshot::capture();
        let scoped = snapshot.scope(async { info!("scoped") });
        drop(span);
        iter.next().unwrap();
        iter.close().unwrap();
        thread::spawn(wrapped).join().unwrap();
        unkoil(scoped);
        thread::spawn(move || snapshot.run(|| info!("from a snapshot")))
            .join()
            .unwrap();
        for text in ["an item", "wrapped", "scoped", "from a snapshot"] {
            seen.assert_has(&format!("work: {text}"));
        }
    });
}

#[test]
fn tasks_of_tokio_do_not_log_under_the_spans_of_callers() {
    traced(|seen| {
        let handle = koil::Handle::current();
        let (stop, stopped) = mpsc::channel::<()>();
        // It carries the dispatcher along, and no span.
        let watching = ContextSnapshot::capture().scope(async move {
            while matches!(stopped.try_recv(), Err(mpsc::TryRecvError::Empty)) {
                info!("on my own");
                tokio::task::yield_now().await;
            }
        });
        let watching = handle.tokio().spawn(watching);
        for _ in 0..20 {
            let _span = info_span!("caller").entered();
            unkoil(async { tokio::time::sleep(Duration::from_micros(100)).await });
        }
        drop(stop);
        unkoil(watching).unwrap();
        seen.assert_has(": on my own");
        assert!(!seen.has("caller: on my own"));
    });
}
