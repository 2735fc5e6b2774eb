//! How many threads and how much memory this process has.

use std::fmt;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

pub(crate) struct Usage {
    pub(crate) threads: usize,
    pub(crate) resident_kib: usize,
}

impl Usage {
    /// Zero on systems without `/proc`, where the calls alone are tested.
    fn now() -> Usage {
        if !cfg!(target_os = "linux") {
            return Usage {
                threads: 0,
                resident_kib: 0,
            };
        }
        let status = fs::read_to_string("/proc/self/status").expect("this is Linux");
        let field = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let number = line.and_then(|line| line.split_whitespace().nth(1));
            number
                .and_then(|number| number.parse().ok())
                .expect("the field is there")
        };
        Usage {
            threads: field("Threads:"),
            resident_kib: field("VmRSS:"),
        }
    }

    /// Waits until the threads that are to end have ended: as many are left as there were.
    pub(crate) fn settled(expected: Option<&Usage>) -> Usage {
        let begun = Instant::now();
        let mut usage = Usage::now();
        while begun.elapsed() < Duration::from_secs(20)
            && expected.is_none_or(|expected| usage.threads != expected.threads)
        {
            thread::sleep(Duration::from_millis(50));
            let next = Usage::now();
            if expected.is_none() && next.threads == usage.threads && begun.elapsed().as_secs() > 0
            {
                return next;
            }
            usage = next;
        }
        usage
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} threads and {} KiB", self.threads, self.resident_kib)
    }
}
