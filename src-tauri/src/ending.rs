//! The end of the session, or of the always-on program, ends the window as closing it does: its size is saved and
//! the web engine's processes go with it.

use std::io;

use tauri::AppHandle;

/// Ends the program as soon as the system asks for it.
pub async fn end_when_asked(app: AppHandle) {
    if asked_to_end().await.is_ok() {
        app.exit(0);
    }
}

#[cfg(unix)]
async fn asked_to_end() -> io::Result<()> {
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
async fn asked_to_end() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
