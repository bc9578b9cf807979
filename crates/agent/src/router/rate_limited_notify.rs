//! One bell for whatever the router pushes. However often it is rung, it is heard at most every two seconds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// A router that can't stop telling makes no more look-ups than this.
const SPACING: Duration = Duration::from_secs(2);

/// Rung by what listens, heard by the loop.
#[derive(Debug, Default)]
pub(super) struct RateLimitedNotify {
    rung: AtomicBool,
    rings: Notify,
    last_heard: Mutex<Option<Instant>>,
}

impl RateLimitedNotify {
    /// Says that it is worth looking again.
    pub(super) fn ring(&self) {
        self.rung.store(true, Ordering::Release);
        self.rings.notify_one();
    }

    /// Waits for a ring. A ring counts as heard only when this returns, so it may be dropped at any time.
    pub(super) async fn heard(&self) {
        loop {
            if self.rung.load(Ordering::Acquire) {
                let last = *self.last_heard.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(last) = last {
                    tokio::time::sleep_until(last + SPACING).await;
                }
                self.rung.store(false, Ordering::Release);
                *self.last_heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                return;
            }
            self.rings.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_rings_are_heard_once_and_the_next_one_two_seconds_later() {
        let bell = RateLimitedNotify::default();
        let start = Instant::now();
        for _ in 0..100 {
            bell.ring();
        }
        bell.heard().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        bell.ring();
        bell.heard().await;
        assert_eq!(start.elapsed(), SPACING);
        tokio::time::timeout(Duration::from_mins(1), bell.heard()).await.expect_err("nobody rang");
    }

    #[tokio::test(start_paused = true)]
    async fn a_ring_is_not_lost_when_nobody_waits_to_the_end() {
        let bell = RateLimitedNotify::default();
        bell.ring();
        bell.heard().await;
        bell.ring();
        tokio::time::timeout(Duration::from_secs(1), bell.heard()).await.expect_err("too soon");
        bell.heard().await;
    }
}
