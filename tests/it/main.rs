//! Does it behave, and does it survive bad moments? One module per danger.

mod support;

mod adopted;
mod adopted_ends;
mod lookup;
mod on_loop;
mod plain_threads;
mod sharing;
mod within;
mod workers;

mod compositions;
mod guards;
mod guards_local;
mod guards_moments;
mod handed_over;
mod handed_over_bounds;
mod handed_over_places;
mod handed_over_writers;
mod held;

mod callbacks;
mod callbacks_limits;
mod drain;
mod eager;
mod eager_parts;
mod gather;
mod inline;
mod io;
mod std_arguments;
mod std_arguments_kinds;
mod streams;
mod streams_ahead;
mod streams_counted;
mod streams_dropped;
mod streams_prefetched;
mod task_deadlines;
mod tasks;
mod threaded_io;
mod timeouts;

mod cancel_deadlines;
mod cancel_rule;
mod cancel_scopes;
mod cancel_stop;
mod cancel_tasks;
mod cancel_tree;
mod cancel_unwinding;
mod context;
mod context_tasks;
mod ctrl_c;
mod tracing;

mod foreign;
mod foreign_moments;
mod forks;
mod forks_jobs;
mod forks_moments;
mod gates;
mod notices;
mod panics;
mod ready;
mod reentry;
mod refusals;
mod relay;
mod relay_cuts;
mod remedies;
mod stop;
mod stop_anywhere;
mod stop_leftovers;

mod pinned;
mod pinned_cursors;
mod pinned_ends;

mod threads_attributes;
mod threads_by_nature;
mod threads_calls;
mod threads_channel;
mod threads_context;
mod threads_executor;
mod threads_opened;
mod threads_placed;
mod threads_producers;
mod threads_released;
mod threads_stop;
mod threads_streams;

mod auto_traits;
mod blocked;
mod errors;
mod global;
mod pages;
mod start;
mod stuck;
