//! Calls to the operating system: core affinity, file limit, resource usage.

use std::collections::BTreeMap;
use std::io;
use std::mem;
use std::time::Duration;

/// The resources that the whole process has used so far.
#[derive(Clone, Copy)]
pub struct Usage {
    pub cpu: Duration,
    /// Voluntary context switches: how often a thread of this process went to sleep.
    pub switches: u64,
}

/// Reads the usage of all threads of this process.
#[cfg(unix)]
pub fn usage() -> Usage {
    // SAFETY: `rusage` is plain integers, for which zero is a value.
    let mut raw: libc::rusage = unsafe { mem::zeroed() };
    // SAFETY: the pointer is to a live `rusage`; the call fails only for another selector.
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut raw) };
    Usage {
        cpu: duration(raw.ru_utime) + duration(raw.ru_stime),
        switches: raw.ru_nvcsw.try_into().unwrap_or_default(),
    }
}

#[cfg(unix)]
fn duration(time: libc::timeval) -> Duration {
    let seconds = time.tv_sec.try_into().unwrap_or_default();
    let micros = time.tv_usec.try_into().unwrap_or_default();
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}

/// There is no such count here; the columns stay at zero.
#[cfg(not(unix))]
pub fn usage() -> Usage {
    Usage {
        cpu: Duration::ZERO,
        switches: 0,
    }
}

/// The CPU time that this thread has used so far.
#[cfg(target_os = "linux")]
pub fn thread_cpu() -> Duration {
    // SAFETY: `rusage` is plain integers, for which zero is a value.
    let mut raw: libc::rusage = unsafe { mem::zeroed() };
    // SAFETY: the pointer is to a live `rusage`; the call fails only for another selector.
    unsafe { libc::getrusage(libc::RUSAGE_THREAD, &raw mut raw) };
    duration(raw.ru_utime) + duration(raw.ru_stime)
}

/// Unknown here; the case that asks is left out.
#[cfg(not(target_os = "linux"))]
pub fn thread_cpu() -> Duration {
    Duration::ZERO
}

/// Keeps this thread, and all that it starts from now on, on core 0.
#[cfg(target_os = "linux")]
pub fn pin_to_core_0() -> io::Result<()> {
    // SAFETY: `cpu_set_t` is an array of bits, for which zero is a value.
    let mut set: libc::cpu_set_t = unsafe { mem::zeroed() };
    // SAFETY: bit 0 lies within every `cpu_set_t`.
    unsafe { libc::CPU_SET(0, &mut set) };
    // SAFETY: the pointer is to a live set of the size that is passed along.
    let outcome = unsafe { libc::sched_setaffinity(0, size_of_val(&set), &raw const set) };
    if outcome == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(not(target_os = "linux"))]
pub fn pin_to_core_0() -> io::Result<()> {
    Err(io::Error::new(
        io::ErrorKind::Unsupported,
        "`--pin` works on Linux only",
    ))
}

/// Lifts the soft limit of open files: 64 callers of each rival hold a connection with two ends.
#[cfg(unix)]
pub fn raise_file_limit() {
    // SAFETY: `rlimit` is two integers, for which zero is a value.
    let mut limit: libc::rlimit = unsafe { mem::zeroed() };
    // SAFETY: the pointer is to a live `rlimit`.
    if unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) } != 0 {
        return;
    }
    limit.rlim_cur = limit.rlim_max.min(8192);
    // SAFETY: as above. A refusal shows later, as a connection that cannot be opened.
    unsafe { libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit) };
}

#[cfg(not(unix))]
pub fn raise_file_limit() {}

/// The resident memory of this process in bytes, and the number of its threads.
#[cfg(target_os = "linux")]
pub fn footprint() -> io::Result<(f64, f64)> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let field = |name: &str| -> io::Result<f64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        number.ok_or_else(|| io::Error::other(format!("no `{name}` in /proc/self/status")))
    };
    Ok((field("VmRSS:")? * 1024.0, field("Threads:")?))
}

/// Unknown here; the group that asks is left out.
#[cfg(not(target_os = "linux"))]
pub fn footprint() -> io::Result<(f64, f64)> {
    Ok((0.0, 0.0))
}

/// The number of sleeps, and so of wakes, of each thread of this process except the first.
#[cfg(target_os = "linux")]
pub fn sleeps_of_others() -> io::Result<BTreeMap<u32, u64>> {
    let first = std::process::id();
    let mut all = BTreeMap::new();
    for thread in std::fs::read_dir("/proc/self/task")? {
        let thread = thread?;
        let id = thread.file_name().to_str().and_then(|id| id.parse().ok());
        let id = id.ok_or_else(|| io::Error::other("a thread whose number is none"))?;
        if id == first {
            continue;
        }
        // One that has just ended sleeps no more.
        let Ok(status) = std::fs::read_to_string(thread.path().join("status")) else {
            continue;
        };
        let mut lines = status.lines();
        let sleeps = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        let sleeps = sleeps.and_then(|sleeps| sleeps.trim().parse().ok());
        all.insert(
            id,
            sleeps.ok_or_else(|| io::Error::other("the count of switches is missing"))?,
        );
    }
    Ok(all)
}

/// Unknown here, as above.
#[cfg(not(target_os = "linux"))]
pub fn sleeps_of_others() -> io::Result<BTreeMap<u32, u64>> {
    Ok(BTreeMap::new())
}
