//! A second start: the program runs already, and shows its window.

use std::io;
use std::time::{Duration, Instant};

use dyntray_control::{Client, ConnectError, Page, RuntimeDir, ShellRequest};
use dyntray_texts::Texts;

use crate::app_error::AppError;

/// A program that is just starting may take so long until it listens.
const SOCKET_PATIENCE: Duration = Duration::from_secs(5);

/// Has the running program open its window, and says so.
pub fn open_its_window(runtime_dir: &RuntimeDir) -> Result<(), AppError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime
        .block_on(ask_for_window(runtime_dir))
        .map_err(|error| AppError::System(io::Error::other(error)))?;
    println!("{}", Texts::of_system().say("report-already-running"));
    Ok(())
}

async fn ask_for_window(runtime_dir: &RuntimeDir) -> Result<(), ConnectError> {
    let began = Instant::now();
    let mut client = loop {
        match Client::connect(runtime_dir).await {
            // It has the lock, and will listen in a moment.
            Err(ConnectError::NotRunning) if began.elapsed() < SOCKET_PATIENCE => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            connected => break connected?,
        }
    };
    client.ask(ShellRequest::OpenWindow { page: Page::Status }).await.map(|_| ())
}
