//! Running programs to their end.

use std::{process::Stdio, time::Duration};

use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::{Error, Result, needs::SEARCH_PATH};

/// A part of the networks starts within this time.
pub(super) const START: Duration = Duration::from_secs(10);

/// A program with nothing of our environment. Killed when dropped.
pub(super) fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", SEARCH_PATH)
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Changes interfaces, addresses and routes, one change in a line, from outside of all namespaces.
pub(super) async fn ip(batch: &str) -> Result<()> {
    let mut command = command("ip");
    command.args(["-batch", "-"]);
    feed(command, batch).await.map(drop)
}

/// Runs a program with `input` to its end and returns its output.
pub(super) async fn feed(mut command: Command, input: &str) -> Result<String> {
    let words = words(&command);
    let not_started = |source| Error::NotStarted { program: words.clone(), source };
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(not_started)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that ends without reading says why in its output.
        let _unread = stdin.write_all(input.as_bytes()).await;
    }
    let output = child.wait_with_output().await.map_err(not_started)?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let answer = format!("{}: {printed}{}", output.status, String::from_utf8_lossy(&output.stderr));
    Err(Error::Tool { command: format!("{words} <<< {input:?}"), answer })
}

fn words(command: &Command) -> String {
    let command = command.as_std();
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
