//! Returns free memory to the system. An update needs memory for a moment, and then the program waits for minutes.

/// Has large blocks returned as soon as they are free, and all threads share one heap: the program needs no faster
/// allocation. To be called once, at the very start of `main`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "there is no safe interface")]
pub fn limit_free_memory() {
    /// Blocks of at least this size in bytes get a mapping of their own.
    const ALONE: libc::c_int = 64 * 1024;
    /// The greatest number of free bytes at the heap's end.
    const FREE: libc::c_int = 128 * 1024;
    let parameters =
        [(libc::M_MMAP_THRESHOLD, ALONE), (libc::M_TRIM_THRESHOLD, FREE), (libc::M_ARENA_MAX, 1)];
    for (parameter, value) in parameters {
        // SAFETY: it sets one number of the allocator, and no other thread runs yet. What it refuses stays as it was.
        unsafe { libc::mallopt(parameter, value) };
    }
}

/// Other systems' allocators do this by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn limit_free_memory() {}
