//! Commands that only the running program can carry out: `dyntray open`, `logs`, `diagnostics` and `quit`.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use dyntray_control::{Client, ConnectError, Response, ShellRequest};

use super::print::{print_done, print_lines, print_text, written};
use crate::already_running;
use crate::app_error::AppError;
use crate::app_paths::AppPaths;
use crate::log;

/// A program that was asked to end has ended after so long: it gives what is under way a few seconds.
const ENDING: Duration = Duration::from_secs(10);

/// Opens the window.
pub(super) async fn open(paths: &AppPaths) -> Result<ExitCode, AppError> {
    let client = Client::connect(&paths.runtime_dir).await?;
    Ok(print_done(&already_running::ask_for_window(&paths.runtime_dir, client).await?))
}

/// Prints the newest lines of the log. Where no program runs, they come from the file.
pub(super) async fn logs(paths: &AppPaths, limit: u32) -> Result<ExitCode, AppError> {
    match ask(paths, ShellRequest::Log { limit }).await {
        Ok(Response::Log { lines }) => Ok(print_lines(&lines)),
        Ok(other) => Ok(print_done(&other)),
        Err(ConnectError::NotRunning) => Ok(print_lines(&log::newest_in(&paths.folders.data, limit))),
        Err(error) => Err(error.into()),
    }
}

/// Prints the diagnostics.
pub(super) async fn diagnostics(paths: &AppPaths) -> Result<ExitCode, AppError> {
    match ask(paths, ShellRequest::Diagnostics).await? {
        Response::Diagnostics { text } => Ok(written(print_text(&text))),
        other => Ok(print_done(&other)),
    }
}

/// Ends the running program. Returns once it has ended, so that it can be replaced or started again.
pub(super) async fn quit(paths: &AppPaths) -> Result<ExitCode, AppError> {
    let response = ask(paths, ShellRequest::Quit).await?;
    let began = Instant::now();
    while matches!(response, Response::Done) && paths.runtime_dir.is_taken()? {
        if began.elapsed() > ENDING {
            return Err(AppError::StillEnding);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(print_done(&response))
}

async fn ask(paths: &AppPaths, request: ShellRequest) -> Result<Response, ConnectError> {
    Client::connect(&paths.runtime_dir).await?.ask(request).await
}
