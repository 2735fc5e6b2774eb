//! Streams of items from pinned objects, and all kinds of calls on one object at once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use futures::StreamExt;
use koil::{Koil, Pinned, Yielder, unkoil};

use crate::pinned::{Local, local};
use crate::support::{Count, on_a_loop, until, watched};

#[test]
fn a_cursor_is_a_stream_with_back_pressure() {
    on_a_loop(|_| {
        let object = local();
        let ahead = Count::default();
        let made = ahead.clone();
        let rows = object.iterate(2, move |object, out| {
            while out.push(object.touch()).is_ok() {
                made.add();
            }
        });
        let mut rows = Box::pin(rows);
        unkoil(async {
            for n in 1..=10 {
                assert_eq!(rows.next().await, Some(n));
            }
        });
        until(|| ahead.get() == 12);
        // The producer waits, and is listed.
        until(|| {
            let blocked = koil::blocked();
            let mut waiting = blocked.iter().map(koil::Blocked::twin);
            waiting.any(|twin| twin == Some("koil::Pinned::iterate"))
        });
        drop(rows);
        assert_eq!(
            object.with_blocking(Local::touch),
            14,
            "the cursor has ended"
        );
    });
}

#[test]
fn errors_and_panics_of_a_cursor_come_after_its_items() {
    on_a_loop(|_| {
        let object = local();
        let rows = object.iterate(8, |object, out| {
            out.push(object.touch()).map_err(|_| "closed")?;
            Err("no more")
        });
        assert_eq!(unkoil(rows.collect::<Vec<_>>()), [Ok(1), Err("no more")]);
        let mut rows = object.iterate(8, |object, out: &mut Yielder<u32>| {
            let _ = out.push(object.touch());
            if object.made_on == thread::current().id() {
                std::panic::panic_any(42_u8);
            }
        });
        assert_eq!(unkoil(rows.next()), Some(2));
        let payload = catch_unwind(AssertUnwindSafe(|| unkoil(rows.next()))).unwrap_err();
        assert_eq!(*payload.downcast::<u8>().unwrap(), 42);
        assert_eq!(object.with_blocking(Local::touch), 3);
    });
}

#[test]
fn many_threads_may_use_and_close_one_object_at_once() {
    watched(|| {
        let koil = Koil::builder().max_blocking_threads(1).build().unwrap();
        let _entered = koil.enter();
        let (send, dropped_on) = mpsc::channel();
        let object = unkoil(Pinned::new(move || Local::telling(send)));
        let done = Count::default();
        let threads: Vec<_> = (0..6)
            .map(|_| {
                let (object, done) = (object.clone(), done.clone());
                thread::spawn(move || {
                    let mut refused = 0;
                    for round in 0..50 {
                        match round % 3 {
                            0 => match object.try_with_blocking(Local::touch) {
                                Ok(_) => done.add(),
                                Err(error) => refused += u32::from(error.is_closed()),
                            },
                            1 => drop(unkoil(async {
                                let mut call = object.with(Local::touch);
                                futures::poll!(&mut call).is_pending()
                            })),
                            _ => {
                                let rows = object.clone().iterate(1, |object, out| {
                                    while out.push(object.touch()).is_ok() {}
                                });
                                let mut rows = Box::pin(rows);
                                assert!(unkoil(rows.next()).is_some());
                            }
                        }
                    }
                    refused
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 0);
        }
        assert_eq!(done.get(), 6 * 17);
        let closers: Vec<_> = (0..4)
            .map(|_| {
                let object = object.clone();
                thread::spawn(move || unkoil(object.close()))
            })
            .collect();
        for closer in closers {
            closer.join().unwrap();
        }
        assert!(dropped_on.try_recv().is_ok(), "each close has waited");
        assert!(koil.shutdown().is_clean());
    });
}
