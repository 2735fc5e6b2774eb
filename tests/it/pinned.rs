//! Pinned objects: where they live, the order of their jobs, what jobs see, which calls are refused.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures::future::join_all;
use futures::{StreamExt, executor};
use koil::{Handle, Koil, Pinned, Yielder, deadline, unkoil};

use crate::support::{Count, FOR_EVER, OnDrop, on_a_loop, refused};

/// An object that must not leave its thread, and says where it was dropped.
pub(crate) struct Local {
    pub(crate) made_on: ThreadId,
    used: Rc<Cell<u32>>,
    dropped_on: Option<mpsc::Sender<ThreadId>>,
}

impl Local {
    pub(crate) fn new() -> Local {
        Local {
            made_on: thread::current().id(),
            used: Rc::default(),
            dropped_on: None,
        }
    }

    pub(crate) fn telling(dropped_on: mpsc::Sender<ThreadId>) -> Local {
        let mut object = Local::new();
        object.dropped_on = Some(dropped_on);
        object
    }

    /// Counts a use.
    pub(crate) fn touch(&mut self) -> u32 {
        assert_eq!(self.made_on, thread::current().id());
        self.used.set(self.used.get() + 1);
        self.used.get()
    }
}

impl Drop for Local {
    fn drop(&mut self) {
        assert_eq!(self.made_on, thread::current().id());
        if let Some(dropped_on) = self.dropped_on.take() {
            let _ = dropped_on.send(thread::current().id());
        }
    }
}

pub(crate) fn local() -> Pinned<Local> {
    unkoil(Pinned::new(Local::new))
}

#[test]
fn an_object_is_made_used_and_dropped_on_its_own_thread() {
    on_a_loop(|_| {
        let (send, dropped_on) = mpsc::channel();
        let object = unkoil(Pinned::new(move || Local::telling(send)));
        let (id, name) = object.with_blocking(|object| {
            object.touch();
            (object.made_on, thread::current().name().map(str::to_owned))
        });
        assert_eq!(name.as_deref(), Some("koil-pinned"));
        assert_ne!(id, thread::current().id());
        unkoil(object.close());
        assert_eq!(
            dropped_on.try_recv(),
            Ok(id),
            "`close` has waited for the drop"
        );
    });
}

#[test]
fn an_object_can_be_used_on_any_executor() {
    on_a_loop(|_| {
        let object = local();
        let call = || object.with(Local::touch);
        assert_eq!(unkoil(call()), 1);
        assert_eq!(executor::block_on(call()), 2);
        assert_eq!(smol::block_on(call()), 3);
        let current = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        assert_eq!(current.block_on(call()), 4);
        assert_eq!(
            current.block_on(async { object.with_blocking(Local::touch) }),
            5
        );
        let multi = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(multi.block_on(multi.spawn(call())).unwrap(), 6);
    });
}

#[test]
fn jobs_run_one_at_a_time_in_the_order_of_their_calls() {
    on_a_loop(|_| {
        let object = local();
        let calls = (0..100).map(|_| object.with(Local::touch));
        assert!(unkoil(join_all(calls)).into_iter().eq(1..=100));
        let threads: Vec<_> = (0..8)
            .map(|_| {
                let object = object.clone();
                thread::spawn(move || {
                    let mut last = 0;
                    for _ in 0..50 {
                        let now = object.with_blocking(Local::touch);
                        assert!(now > last);
                        last = now;
                    }
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert_eq!(object.with_blocking(Local::touch), 501);
    });
}

#[test]
fn a_panic_of_a_job_resumes_at_its_call_and_the_object_stays_usable() {
    on_a_loop(|_| {
        let object = local();
        let call = object.with(|_| std::panic::panic_any(42_u8));
        let payload = catch_unwind(AssertUnwindSafe(|| unkoil(call))).unwrap_err();
        assert_eq!(*payload.downcast::<u8>().unwrap(), 42);
        let payload = catch_unwind(|| object.with_blocking(|_| std::panic::panic_any(43_u8)));
        assert_eq!(*payload.unwrap_err().downcast::<u8>().unwrap(), 43);
        assert_eq!(object.with_blocking(Local::touch), 1);
    });
}

#[test]
fn a_panic_or_an_error_of_the_making_goes_to_its_caller() {
    on_a_loop(|_| {
        let made = catch_unwind(AssertUnwindSafe(|| {
            unkoil(Pinned::<Local>::new(|| std::panic::panic_any(42_u8)))
        }));
        assert_eq!(*made.unwrap_err().downcast::<u8>().unwrap(), 42);
        let made = unkoil(Pinned::<Local>::try_new(|| Err("no such file")));
        assert_eq!(made.unwrap_err(), "no such file");
        let made = unkoil(Pinned::try_new(|| Ok::<_, ()>(Local::new())));
        assert_eq!(made.unwrap().with_blocking(Local::touch), 1);
    });
}

#[test]
fn nothing_is_made_before_the_first_poll_and_an_unwanted_object_is_dropped_on_its_thread() {
    on_a_loop(|_| {
        let made = Count::default();
        let counted = made.clone();
        drop(Pinned::new(move || counted.add()));
        assert_eq!(made.get(), 0);

        let (send, dropped_on) = mpsc::channel();
        let (begun, begins) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let mut call = Pinned::new(move || {
            begun.send(thread::current().id()).unwrap();
            let _ = held.recv();
            Local::telling(send)
        });
        unkoil(async { assert!(futures::poll!(&mut call).is_pending()) });
        let id = begins.recv().unwrap();
        drop(call);
        release.send(()).unwrap();
        assert_eq!(dropped_on.recv(), Ok(id));
    });
}

#[test]
fn a_job_whose_call_is_dropped_is_told_and_one_that_has_not_begun_does_not_run() {
    on_a_loop(|_| {
        let object = local();
        let (begun, begins) = mpsc::channel();
        let (send, slept) = mpsc::channel();
        let mut running = object.with(move |_| {
            begun.send(()).unwrap();
            send.send(koil::sleep(FOR_EVER)).unwrap();
        });
        let mut queued = object.with(Local::touch);
        unkoil(async {
            assert!(futures::poll!(&mut running).is_pending());
            assert!(futures::poll!(&mut queued).is_pending());
        });
        begins.recv().unwrap();
        drop(queued);
        drop(running);
        assert!(slept.recv().unwrap().unwrap_err().is_cancelled());
        assert_eq!(
            object.with_blocking(Local::touch),
            1,
            "the queued job has not run"
        );
    });
}

#[test]
fn a_blocking_call_obeys_the_deadline_around_it_and_its_job_is_told() {
    on_a_loop(|_| {
        let object = local();
        let (send, told) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let late = deadline(Duration::from_millis(5), || {
            object.try_with_blocking(move |_| {
                let _ = held.recv();
                send.send(koil::check_cancelled().is_err()).unwrap();
            })
        });
        assert!(late.unwrap().unwrap_err().is_timeout());
        drop(release);
        // An error if the job had not begun in time, and so did not run.
        assert!(told.recv().unwrap_or(true));
        assert_eq!(object.with_blocking(Local::touch), 1);
    });
}

#[test]
fn a_call_in_a_job_of_the_same_object_is_refused() {
    on_a_loop(|_| {
        let object = local();
        let again = object.clone();
        let error = object.with_blocking(move |_| {
            let error = refused(again.try_with_blocking(Local::touch));
            assert_eq!(error.call_site().file(), file!());
            refused(unkoil(again.with(Local::touch).fallible()));
            let payload = catch_unwind(|| unkoil(again.with(Local::touch))).unwrap_err();
            assert!(
                payload
                    .downcast::<String>()
                    .unwrap()
                    .contains("`koil::Pinned::with` at")
            );
            let rows = again.iterate(1, |_, out: &mut Yielder<u8>| {
                let _ = out.push(1);
            });
            assert!(catch_unwind(AssertUnwindSafe(|| unkoil(rows.collect::<Vec<_>>()))).is_err());
            assert!(catch_unwind(AssertUnwindSafe(|| unkoil(again.close()))).is_err());
            error
        });
        let text = error.to_string();
        assert!(
            text.contains("use the reference that the job has got"),
            "{text}"
        );
        assert_eq!(object.with_blocking(Local::touch), 1);
    });
}

#[test]
fn jobs_of_two_objects_may_call_each_other_and_other_tasks_queue() {
    on_a_loop(|_| {
        let (one, other) = (local(), local());
        let inner = other.clone();
        assert_eq!(
            one.with_blocking(move |_| inner.with_blocking(Local::touch)),
            1
        );
        // A task that may run on the thread of the object, where a call of the job drives the loop.
        let again = one.clone();
        let late = one.with_blocking(move |object| {
            object.touch();
            unkoil(async move {
                let (begun, begins) = tokio::sync::oneshot::channel();
                let late = tokio::spawn(async move {
                    let mut call = again.with(Local::touch);
                    assert!(futures::poll!(&mut call).is_pending());
                    begun.send(()).unwrap();
                    call.await
                });
                begins.await.unwrap();
                Some(late)
            })
        });
        assert_eq!(unkoil(late.unwrap()).unwrap(), 2);
    });
}

#[test]
fn a_blocking_call_is_refused_where_no_call_may_block() {
    on_a_loop(|_| {
        let object = local();
        let error = refused(unkoil(async { object.try_with_blocking(Local::touch) }));
        assert!(
            error.to_string().contains("await `koil::Pinned::with`"),
            "{error}"
        );
    });
}

#[test]
fn blocking_calls_in_a_job_use_the_loop_of_the_object() {
    on_a_loop(|koil| {
        let object = local();
        let other = Koil::new().unwrap();
        let _entered = other.enter();
        let found = object.with_blocking(|_| {
            unkoil(async { tokio::time::sleep(Duration::from_millis(1)).await });
            Handle::current()
        });
        assert_eq!(found, koil.handle());
    });
}

#[test]
fn the_context_goes_into_jobs_and_comes_back_where_asked() {
    koil::context_var! { static USER: &'static str = "nobody" }
    on_a_loop(|_| {
        let object = local();
        USER.set("ada");
        assert_eq!(object.with_blocking(|_| USER.get()), "ada");
        object.with_blocking(|_| USER.set("bob"));
        assert_eq!(
            (USER.get(), object.with_blocking(|_| USER.get())),
            ("ada", "ada")
        );
        unkoil(object.with(|_| USER.set("bob")).bring_context());
        assert_eq!(USER.get(), "bob");
    });
}

#[test]
fn a_closed_object_refuses_later_calls_and_a_panic_of_its_drop_goes_to_the_close() {
    on_a_loop(|_| {
        let object = local();
        let (clone, late) = (object.clone(), object.clone());
        let queued = object.with(Local::touch);
        unkoil(async {
            // Both have been called before the close.
            let (touched, ()) = futures::join!(queued, object.close());
            assert_eq!(touched, 1);
        });
        let error = clone.try_with_blocking(Local::touch).unwrap_err();
        assert!(error.is_closed() && !error.is_shutdown(), "{error}");
        assert!(error.to_string().contains("has been closed"), "{error}");
        assert!(
            unkoil(late.with(Local::touch).fallible())
                .unwrap_err()
                .is_closed()
        );
        unkoil(clone.close());

        let object = unkoil(Pinned::new(|| OnDrop::new(|| std::panic::panic_any(42_u8))));
        let closed = catch_unwind(AssertUnwindSafe(|| unkoil(object.close())));
        assert_eq!(*closed.unwrap_err().downcast::<u8>().unwrap(), 42);
    });
}

#[test]
fn an_object_can_be_taken_by_the_function_that_ends_it() {
    on_a_loop(|_| {
        let object = local();
        let clone = object.clone();
        object.with_blocking(Local::touch);
        assert_eq!(unkoil(object.close_with(|mut object| object.touch())), 2);
        assert!(
            clone
                .try_with_blocking(Local::touch)
                .unwrap_err()
                .is_closed()
        );
    });
}

#[test]
fn calls_that_were_made_run_before_a_dropped_object_goes() {
    on_a_loop(|_| {
        let (send, dropped_on) = mpsc::channel();
        let object = unkoil(Pinned::new(move || Local::telling(send)));
        let (release, held) = mpsc::channel::<()>();
        let mut busy = object.with(move |_| held.recv().is_ok());
        let mut queued = object.with(Local::touch);
        let unpolled = object.with(Local::touch);
        unkoil(async {
            assert!(futures::poll!(&mut busy).is_pending());
            assert!(futures::poll!(&mut queued).is_pending());
        });
        drop(object);
        release.send(()).unwrap();
        assert!(unkoil(busy));
        assert_eq!(unkoil(queued), 1);
        assert_eq!(unkoil(unpolled), 2);
        dropped_on.recv().unwrap();
    });
}
