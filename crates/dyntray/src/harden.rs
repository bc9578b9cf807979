//! What is in this program's memory stays there. A token is wiped after use, but while it is used it is somewhere.

/// No core file is written when the program crashes, whatever collects them, and no other program of the same user may
/// read its memory or trace it. What can't be had is left: then the system's own rules hold.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "the system is told in no other way")]
pub fn keep_memory() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls set a property of this process and take nothing but the values given here.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
        libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0);
    }
}

/// No core file is written when the program crashes.
#[cfg(all(unix, not(target_os = "linux")))]
#[allow(unsafe_code, reason = "the system is told in no other way")]
pub fn keep_memory() {
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: it sets a limit of this process and takes nothing but the value given here.
    unsafe {
        libc::setrlimit(libc::RLIMIT_CORE, &raw const none);
    }
}

/// Windows' error reporting leaves this program alone: it would write a part of its memory to disk when it crashes, and
/// offer to send it to others.
#[cfg(windows)]
#[allow(unsafe_code, reason = "the system is told in no other way")]
pub fn keep_memory() {
    use windows_sys::Win32::System::Diagnostics::Debug::{SEM_NOGPFAULTERRORBOX, SetErrorMode};
    use windows_sys::Win32::System::ErrorReporting::{WER_FAULT_REPORTING_FLAG_NOHEAP, WerSetFlags};
    // SAFETY: both calls set a property of this process and take nothing but the values given here.
    unsafe {
        SetErrorMode(SEM_NOGPFAULTERRORBOX);
        WerSetFlags(WER_FAULT_REPORTING_FLAG_NOHEAP);
    }
}
