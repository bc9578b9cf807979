//! Returns free memory to the system. An update needs memory for a moment, and then the program waits for minutes.

use dyntray_agent::Round;
use tokio::sync::watch;

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

/// Returns the free memory between blocks, too. The parameters above concern only its end.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[allow(unsafe_code, reason = "there is no safe interface")]
fn return_free_memory() {
    // SAFETY: it may be called at any time; blocks in use aren't touched.
    unsafe { libc::malloc_trim(0) };
}

/// Other systems' allocators do this by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn limit_free_memory() {}

/// Other systems' allocators do this by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn return_free_memory() {}

/// Returns free memory each time the loop has ended what was under way, until the loop ends.
pub async fn return_when_idle(mut rounds: watch::Receiver<Round>) {
    let mut was_idle = true;
    while rounds.changed().await.is_ok() {
        let is_idle = rounds.borrow_and_update().is_idle;
        if is_idle && !was_idle {
            return_free_memory();
        }
        was_idle = is_idle;
    }
}
