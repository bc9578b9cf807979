//! The system's report that the wall clock may have jumped, so that the clocks needn't be compared all the time. It isn't
//! relied on alone: the clocks are still compared at intervals.

#[cfg(target_os = "linux")]
pub(super) use linux::ClockChange;
#[cfg(not(target_os = "linux"))]
pub(super) use silent::ClockChange;

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::OwnedFd;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::unix::AsyncFd;
    use tokio::signal::unix::{Signal, SignalKind, signal};

    /// A time far in the future, in seconds of Unix time: the timer is there to be cancelled, not to expire.
    const NEVER: i64 = 1 << 36;
    /// The signal to a stopped process that it continues.
    const SIGCONT: i32 = 18;

    /// Two reports: the kernel cancels a timer of the wall clock when that is set, as it is after sleep
    /// (`TFD_TIMER_CANCEL_ON_SET`, timerfd_create(2)); and a stopped process gets a signal when it continues.
    #[derive(Default)]
    pub(in super::super) struct ClockChange {
        set: Option<AsyncFd<OwnedFd>>,
        continued: Option<Signal>,
    }

    impl ClockChange {
        /// Starts listening. What fails is logged.
        pub(in super::super) fn start() -> Self {
            let failed =
                |what: &str, error: &io::Error| tracing::warn!(%error, what, "the system doesn't tell");
            ClockChange {
                set: timer().inspect_err(|error| failed("clock set", error)).ok(),
                continued: signal(SignalKind::from_raw(SIGCONT))
                    .inspect_err(|error| failed("continued", error))
                    .ok(),
            }
        }

        /// Returns at the next report. May be dropped and called again at any time.
        pub(in super::super) async fn changed(&mut self) {
            let ClockChange { set, continued } = self;
            tokio::select! {
                () = was_set(set) => {}
                () = was_continued(continued) => {}
            }
        }
    }

    #[expect(unsafe_code, reason = "tokio can't know that a descriptor stays open; an owned one does")]
    fn timer() -> io::Result<AsyncFd<OwnedFd>> {
        let timer = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        arm(&timer)?;
        // SAFETY: an `OwnedFd` names the same open descriptor for as long as it lives.
        unsafe { AsyncFd::register(timer) }.map_err(io::Error::from)
    }

    fn arm(timer: &OwnedFd) -> io::Result<()> {
        let once = Timespec { tv_sec: 0, tv_nsec: 0 };
        let never = Itimerspec { it_interval: once, it_value: Timespec { tv_sec: NEVER, tv_nsec: 0 } };
        let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
        timerfd_settime(timer, flags, &never)?;
        Ok(())
    }

    async fn was_set(timer: &mut Option<AsyncFd<OwnedFd>>) {
        if let Some(armed) = timer {
            match armed.readable_mut().await {
                Ok(mut ready) => {
                    // The result only says that the timer was cancelled, but the timer can't be set again before it is read.
                    let _ = rustix::io::read(ready.get_inner(), &mut [0; 8]);
                    let armed_again = arm(ready.get_inner());
                    ready.clear_ready();
                    match armed_again {
                        Ok(()) => return,
                        Err(error) => tracing::warn!(%error, "the clock's timer can't be set again"),
                    }
                }
                Err(error) => tracing::warn!(%error, "the clock's timer failed"),
            }
            *timer = None;
        }
        std::future::pending::<()>().await;
    }

    async fn was_continued(continued: &mut Option<Signal>) {
        if let Some(signal) = continued
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }

    #[cfg(test)]
    mod tests {
        use super::*;
        use std::time::Duration;
        use tokio::time::timeout;

        #[tokio::test]
        async fn a_process_that_continues_is_reported_once_and_nothing_else_is() {
            let mut clock_change = ClockChange::start();
            assert!(clock_change.set.is_some() && clock_change.continued.is_some());
            let moment = Duration::from_millis(300);
            assert!(timeout(moment, clock_change.changed()).await.is_err(), "nothing happened");
            let pid = std::process::id().to_string();
            let sent = std::process::Command::new("kill").args(["-CONT", &pid]).status().expect("kill");
            assert!(sent.success());
            assert!(timeout(Duration::from_secs(5), clock_change.changed()).await.is_ok(), "it went on");
            assert!(timeout(moment, clock_change.changed()).await.is_err(), "once is enough");
        }

        #[tokio::test]
        #[ignore = "it sets the machine's clock, though to what it is, which needs root"]
        async fn a_clock_that_is_set_is_reported_at_once() {
            let mut clock_change = ClockChange::start();
            for round in 1..=2 {
                let set = std::process::Command::new("sh").args(["-c", "date -s @$(date +%s.%N)"]).output();
                assert!(set.expect("date").status.success(), "this user may not set the clock");
                assert!(
                    timeout(Duration::from_secs(1), clock_change.changed()).await.is_ok(),
                    "round {round}"
                );
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod silent {
    /// A report that never comes.
    #[derive(Default)]
    pub(in super::super) struct ClockChange(());

    impl ClockChange {
        pub(in super::super) fn start() -> Self {
            ClockChange(())
        }

        pub(in super::super) async fn changed(&mut self) {
            std::future::pending::<()>().await;
        }
    }
}
