//! Context goes into jobs and producers, and comes back on request.

use futures::StreamExt;
use koil::{iterate_threaded, run_separate, run_threaded, unkoil};

use crate::support::on_a_loop;

koil::context_var! { static USER: &'static str = "nobody" }

#[test]
fn jobs_and_producers_find_the_context_of_where_they_were_made() {
    on_a_loop(|_| {
        USER.set("ada");
        let (pool, own) = (run_threaded(|| USER.get()), run_separate(|| USER.get()));
        let items = iterate_threaded(1, || (0..9).map(|_| USER.get()));
        USER.set("grace");
        assert_eq!(unkoil(pool), "ada");
        assert_eq!(unkoil(own), "ada");
        // On whichever worker it is resumed.
        assert!(
            unkoil(items.collect::<Vec<_>>())
                .into_iter()
                .all(|user| user == "ada")
        );
        assert_eq!(
            unkoil(run_threaded(|| unkoil(async { USER.get() }))),
            "grace"
        );
    });
}

#[test]
fn what_a_job_sets_stays_with_it_unless_it_is_asked_for() {
    on_a_loop(|_| {
        unkoil(async {
            run_threaded(|| USER.set("ada")).await;
            assert_eq!(USER.get(), "nobody");
            // The worker has forgotten it, too.
            assert_eq!(run_threaded(|| USER.get()).await, "nobody");
            run_threaded(|| USER.set("ada")).bring_context().await;
            assert_eq!(USER.get(), "ada");
        });
    });
}

#[test]
fn a_producer_keeps_its_context_between_its_jobs() {
    on_a_loop(|_| {
        unkoil(async {
            let names = ["a", "b", "c", "d", "e"];
            let items = iterate_threaded(1, move || {
                names.into_iter().map(|name| {
                    let last = USER.get();
                    USER.set(name);
                    last
                })
            });
            let seen: Vec<_> = items.bring_context().collect().await;
            assert_eq!(seen, ["nobody", "a", "b", "c", "d"]);
            assert_eq!(USER.get(), "e", "asked for, it comes with the end");
        });
    });
}
