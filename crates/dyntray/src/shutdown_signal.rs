//! The signals by which a system ends a program.

/// Returns when the system asks the program to end: SIGTERM, log-off, Ctrl-C and their like.
pub async fn shutdown_signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut terminate), Ok(mut hang_up)) =
            (signal(SignalKind::terminate()), signal(SignalKind::hangup()))
        {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = hang_up.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    #[cfg(windows)]
    {
        use tokio::signal::windows::{ctrl_break, ctrl_close, ctrl_shutdown};
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
