//! Panics. In work that is contained, a panic fails that work only, and whoever began it sees to that. Any other leaves a
//! part of the program dead, in whatever thread or task and by whatever library, so the program must begin anew.

// On Windows the lint doesn't see that the initializer is const already.
#![allow(clippy::missing_const_for_thread_local)]

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

use tokio::sync::Notify;

thread_local! {
    /// True while this thread does work that is contained.
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Notified of the first panic that isn't contained.
static FAULT: Notify = Notify::const_new();

/// Contained work, for as long as it is there.
struct Contained {
    before: bool,
}

impl Contained {
    fn begin() -> Self {
        Contained { before: CONTAINED.replace(true) }
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        CONTAINED.set(self.before);
    }
}

/// Contains a panic in `work`. The task around it still ends with it, and whoever awaits that task must go on.
pub async fn contain<T>(work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    poll_fn(|context| {
        let _contained = Contained::begin();
        work.as_mut().poll(context)
    })
    .await
}

/// Contains a panic in `work`, which whoever calls it must go on after.
pub fn contain_call<T>(work: impl FnOnce() -> T) -> T {
    let _contained = Contained::begin();
    work()
}

/// Notes a panic of this thread, as its hook does. Unless it is contained, [`fault`] returns.
pub fn panicked() {
    if !CONTAINED.get() {
        FAULT.notify_one();
    }
}

/// Returns after a panic that isn't contained.
pub async fn fault() {
    FAULT.notified().await;
}

/// Panics once, in a development build, if `DYNTRAY_FAULT_IN` names this part. Release builds don't.
pub fn fail_on_purpose(part: &str) {
    #[cfg(debug_assertions)]
    {
        use std::sync::atomic::{AtomicBool, Ordering};
        static DONE: AtomicBool = AtomicBool::new(false);
        let is_meant = std::env::var_os("DYNTRAY_FAULT_IN").is_some_and(|named| named == *part);
        let fails = is_meant && !DONE.swap(true, Ordering::SeqCst);
        assert!(!fails, "a fault on purpose in {part}, with a secret in its words: abcd-efgh-ijkl");
    }
    #[cfg(not(debug_assertions))]
    let _ = part;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    #[tokio::test]
    async fn only_while_it_works_contained_work_is_contained() {
        let seen = contain(async {
            tokio::task::yield_now().await;
            let beside = tokio::spawn(async { CONTAINED.get() }).await.expect("it ends");
            (CONTAINED.get(), beside, contain_call(|| CONTAINED.get()), CONTAINED.get())
        });
        assert_eq!(seen.await, (true, false, true, true), "what it spawns is on its own");
        let panicked = tokio::spawn(contain(async { panic!("on purpose") })).await;
        assert!(panicked.is_err());
        assert!(catch_unwind(AssertUnwindSafe(|| contain_call(|| panic!("on purpose")))).is_err());
        assert!(!CONTAINED.get(), "nor after a panic");
    }

    #[tokio::test(start_paused = true)]
    async fn a_panic_is_a_fault_unless_it_is_contained_and_is_kept_for_whoever_asks_later() {
        contain_call(panicked);
        let nothing = tokio::time::timeout(Duration::from_secs(1), fault()).await;
        assert!(nothing.is_err());
        std::thread::spawn(panicked).join().expect("it ends");
        fault().await;
    }
}
