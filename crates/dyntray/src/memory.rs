//! Gives memory back to the system. A request or a look at the network takes room for a moment, and this program waits
//! for minutes between two moments.

/// Large pieces are given back as soon as they are free, and all threads share one heap: nothing here is fast enough
/// to need more. To be called once, first thing in `main`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "the allocator's parameters can be set in no other way")]
pub fn give_back() {
    /// In bytes: pieces from this size on are mapped alone.
    const ALONE: libc::c_int = 64 * 1024;
    /// In bytes: so much may lie free at the heap's end.
    const FREE: libc::c_int = 128 * 1024;
    let parameters =
        [(libc::M_MMAP_THRESHOLD, ALONE), (libc::M_TRIM_THRESHOLD, FREE), (libc::M_ARENA_MAX, 1)];
    for (parameter, value) in parameters {
        // SAFETY: it sets one number of the allocator, and no other thread runs yet. What it refuses stays as it was.
        unsafe { libc::mallopt(parameter, value) };
    }
}

/// Other systems' allocators do so by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
