//! The rows of aiothreads that have a meaning in Rust, and the test that answers each.
//!
//! | row | what it is about | test |
//! | --- | --- | --- |
//! | A1 | a decorated function is a future, and can be called inline | `threads_calls::a_call_can_be_awaited_on_any_executor`; the attribute's tests |
//! | A2 | a call where no loop runs | `a_call_is_lazy_and_needs_no_runtime_to_be_made`; one that nobody awaits: `threads_released::a_call_that_is_started_runs_although_nothing_polls_it` |
//! | A3 | cancelling the await tells the thread | `threads_calls::dropping_a_call_ends_the_sleep_of_its_job` |
//! | A4 | a thread of its own; the loop closed meanwhile | `threads_calls::a_separate_call_has_a_thread_of_its_own`, `threads_stop::a_job_outlives_its_loop_and_answers` |
//! | A5 | from a worker back to the loop | `threads_calls::everything_works_inside_a_job`, `threads_stop::a_job_that_blocks_is_released` |
//! | A6 | without a loop, or on the loop thread | `reentry::a_call_on_the_loop_thread_itself_is_refused`, `global`, `threads_channel::a_send_is_refused_inside_a_poll` |
//! | A7 | context goes in everywhere, and comes back nowhere | `threads_context` |
//! | A8 | bound methods of equal objects | none: nothing is cached, a method moves its receiver into the job |
//! | A9 | exceptions | `threads_calls::a_panic_goes_on_at_the_await` |
//! | A10 | `StopIteration` in a worker | none: no value of Rust ends an iteration by being thrown |
//! | A11 | a bounded channel from one thread | `threads_streams::items_arrive_in_order_and_all_of_them` |
//! | A12 | read-ahead | `threads_streams::the_read_ahead_is_what_is_documented`, `threads_producers::a_producer_that_pushes_is_one_item_further` |
//! | A13 | a full channel; `close` is seen at the `yield` | `threads_producers::a_producer_that_waits_is_told_of_the_end` |
//! | A14 | the last item before the end | `threads_channel::the_last_item_before_the_end_arrives`; loom |
//! | A15 | `close` wakes everybody | `threads_channel::a_receiver_that_goes_releases_every_sender` |
//! | A16 | bounded waits | `threads_channel::waits_can_be_bounded_at_both_ends`, `threads_channel::a_limit_that_an_end_was_given_holds_for_each_of_its_waits` |
//! | A17 | an error after the items before it | `threads_producers::an_error_is_the_last_item`, `threads_streams::a_panic_comes_after_the_items_before_it` |
//! | A18 | early break | `threads_streams::dropping_a_stream_stops_its_producer` |
//! | A19 | the exit waits for the generator; one that never started never runs | `threads_streams::close_waits_for_the_producer_and_its_drops`, `..::a_stream_that_is_never_polled_never_starts` |
//! | A20 | an error in the clean-up | `threads_producers::close_tells_what_the_clean_up_came_to` |
//! | A21 | the loop closed while producing | `threads_stop::a_producer_is_stopped_with_its_loop_and_its_stream_says_so` |
//! | A22 | `close` after the end | `threads_streams::close_after_the_end_is_nothing` |
//! | A23 | iterating twice | `threads_streams::a_stream_is_fused` |
//! | A24 | plain iterables | `threads_streams::anything_that_can_be_iterated_will_do` |
//! | A25 | free-threaded builds | loom: `queue::models`; `threads_channel::many_senders_lose_nothing` |

use koil::run_threaded;

use crate::support::watched;

#[test]
fn a_call_is_lazy_and_needs_no_runtime_to_be_made() {
    watched(|| {
        let call = run_threaded(|| 42);
        assert_eq!(format!("{call:?}").matches("not started").count(), 1);
        let elsewhere = std::thread::spawn(|| futures::executor::block_on(call));
        assert_eq!(elsewhere.join().unwrap(), 42);
    });
}
