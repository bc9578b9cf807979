//! The signals by which a system ends a program, and SIGHUP, by which it has a service look again.

/// The meaning of SIGHUP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HangUp {
    /// The program ends, because its terminal does.
    Ends,
    /// The service reads its settings and looks again.
    Reloads,
}

impl HangUp {
    /// What it means to a service: one that a person has started at a terminal ends with that.
    pub fn of_service() -> Self {
        use std::io::IsTerminal as _;
        if std::io::stderr().is_terminal() { HangUp::Ends } else { HangUp::Reloads }
    }
}

/// The stream of SIGHUP, where it means a reload.
pub struct Reloads {
    #[cfg(unix)]
    signals: Option<tokio::signal::unix::Signal>,
}

impl Reloads {
    /// Listens from now on.
    pub fn heard(hang_up: HangUp) -> Self {
        #[cfg(unix)]
        {
            use tokio::signal::unix::{SignalKind, signal};
            let listens = hang_up == HangUp::Reloads;
            Reloads { signals: listens.then(|| signal(SignalKind::hangup()).ok()).flatten() }
        }
        #[cfg(not(unix))]
        {
            let _ = hang_up;
            Reloads {}
        }
    }

    /// Returns at the next one. Any number that came meanwhile are one.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signals) = &mut self.signals
            && signals.recv().await.is_some()
        {
            return;
        }
        std::future::pending::<()>().await;
    }
}

/// Returns when the system asks the program to end: SIGTERM, log-off, Ctrl-C and their like.
pub async fn shutdown_signal(hang_up: HangUp) {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hung_up)) =
            (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = hung_up.recv(), if hang_up == HangUp::Ends => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    #[cfg(windows)]
    {
        use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_shutdown};
        let _ = hang_up;
        if let (Ok(mut broken), Ok(mut closed), Ok(mut down)) = (ctrl_break(), ctrl_close(), ctrl_shutdown())
        {
            // Only programs with a console get these. The tray program has none: at log-off it is ended without
            // notice, which may happen at any moment, as whatever it does is on disk before.
            tokio::select! {
                _ = broken.recv() => {}
                _ = closed.recv() => {}
                _ = down.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    // Where no signal can be caught, only the menu ends the program.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
