//! Protects this program's memory from being read by others. A token is wiped after use, but until then it is in memory.

/// Forbids core files, and keeps other programs of the same user from reading or tracing this one. Where a call fails,
/// the system's own rules apply.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "there is no safe interface")]
pub fn protect_memory() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls set a property of this process and take nothing but the values given here.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}

/// Forbids core files.
#[cfg(all(unix, not(target_os = "linux")))]
#[allow(unsafe_code, reason = "there is no safe interface")]
pub fn protect_memory() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: it sets a limit of this process and takes nothing but the value given here.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
    }
}

/// Keeps Windows' error reporting from writing a part of this program's memory to disk when it crashes, and from offering
/// to send it to others.
#[cfg(windows)]
#[allow(unsafe_code, reason = "there is no safe interface")]
pub fn protect_memory() {
    use windows_sys::Win32::System::Diagnostics::Debug::{SEM_NOGPFAULTERRORBOX, SetErrorMode};
    use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};
    // SAFETY: both calls set a property of this process and take nothing but the values given here.
    unsafe {
        SetErrorMode(SEM_NOGPFAULTERRORBOX);
        WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP);
    }
}
