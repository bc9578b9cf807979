//! A notification for everything that the router pushes, which arrives at most every two seconds.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// The shortest time between two notifications. It limits the look-ups if a router pushes all the time.
const MIN_INTERVAL: Duration = Duration::from_secs(2);

/// A [`Notify`] with a rate limit, for one waiter.
#[derive(Debug, Default)]
pub(super) struct RateLimitedNotify {
    is_pending: AtomicBool,
    wake: Notify,
    last: Mutex<Option<Instant>>,
}

impl RateLimitedNotify {
    /// Notifies the waiter.
    pub(super) fn notify(&self) {
        self.is_pending.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Waits for a notification. It is taken only when this returns, so this may be dropped at any time.
    pub(super) async fn notified(&self) {
        loop {
            if self.is_pending.load(Ordering::Acquire) {
                let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(last) = last {
                    tokio::time::sleep_until(last + MIN_INTERVAL).await;
                }
                self.is_pending.store(false, Ordering::Release);
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
                return;
            }
            self.wake.notified().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn many_notifications_arrive_as_one_and_the_next_one_two_seconds_later() {
        let changes = RateLimitedNotify::default();
        let start = Instant::now();
        for _ in 0..100 {
            changes.notify();
        }
        changes.notified().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        changes.notify();
        changes.notified().await;
        assert_eq!(start.elapsed(), MIN_INTERVAL);
        tokio::time::timeout(Duration::from_mins(1), changes.notified()).await.expect_err("no notification");
    }

    #[tokio::test(start_paused = true)]
    async fn a_notification_is_not_lost_when_nobody_waits_to_the_end() {
        let changes = RateLimitedNotify::default();
        changes.notify();
        changes.notified().await;
        changes.notify();
        tokio::time::timeout(Duration::from_secs(1), changes.notified()).await.expect_err("too soon");
        changes.notified().await;
    }
}
