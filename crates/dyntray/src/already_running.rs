//! A second start: the program runs already, and shows its window in the session of this start.

use std::io;
use std::time::{Duration, Instant};

use dyntray_control::{
    ActivationToken, Client, ConnectError, DesktopSession, Page, Response, RuntimeDir, ShellRequest,
};
use dyntray_texts::Texts;

use crate::app_error::AppError;

/// A program that is just starting, or starting again, may take so long until it listens.
const SOCKET_PATIENCE: Duration = Duration::from_secs(5);
/// The wait between two tries to connect.
const RETRY: Duration = Duration::from_millis(50);

/// Has the running program open its window, and says so.
pub fn open_its_window(runtime_dir: &RuntimeDir) -> Result<(), AppError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let asked = runtime.block_on(async {
        // It has the lock, and will listen in a moment.
        let client = connect_patiently(runtime_dir).await?;
        ask_for_window(runtime_dir, client).await
    });
    asked.map_err(|error| match error {
        ConnectError::Elsewhere { machine } => AppError::Elsewhere(machine),
        error => AppError::System(io::Error::other(error)),
    })?;
    println!("{}", Texts::of_system().say("report-already-running"));
    Ok(())
}

/// Asks for the window, with the session and the activation token of this program. Where the running program starts again
/// in this session first, it is asked once more.
pub async fn ask_for_window(runtime_dir: &RuntimeDir, mut client: Client) -> Result<Response, ConnectError> {
    let request = || ShellRequest::OpenWindow {
        page: Page::Status,
        activation: ActivationToken::from_environment(),
        session: DesktopSession::from_environment(),
    };
    match client.ask(request()).await? {
        Response::Restarting => {
            client.closed().await;
            connect_patiently(runtime_dir).await?.ask(request()).await
        }
        response => Ok(response),
    }
}

async fn connect_patiently(runtime_dir: &RuntimeDir) -> Result<Client, ConnectError> {
    let began = Instant::now();
    loop {
        match Client::connect(runtime_dir).await {
            Err(ConnectError::NotRunning) if began.elapsed() < SOCKET_PATIENCE => {
                tokio::time::sleep(RETRY).await;
            }
            connected => return connected,
        }
    }
}
