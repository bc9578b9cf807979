//! Orderly shutdown: at the end of the session or of the always-on program the window ends as if it were closed. Its
//! size is saved, and the web engine's processes end with it.

use std::io;

use tauri::AppHandle;

/// Exits once a signal asks for it.
pub async fn exit_on_signal(app: AppHandle) {
    if signal_received().await.is_ok() {
        app.exit(0);
    }
}

#[cfg(unix)]
async fn signal_received() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn signal_received() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
