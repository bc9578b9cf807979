//! A machine without a desktop: commands on it, and the service.

use std::process::{Output, Stdio};

use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::{Result, Story};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// A machine without a desktop.
pub struct Machine {
    pub home: Home,
    /// The file of secrets; not there at first.
    pub secrets: String,
}

impl Machine {
    /// A machine for a story; none where the story has to be skipped.
    pub async fn for_story(story: &str) -> Story<Option<Self>> {
        let home = Home::for_story(DesktopOptions::without_a_desktop(), story, &[]).await?;
        let with_secrets = |home: Home| Self { secrets: home.secrets_file().display().to_string(), home };
        Ok(home.map(with_secrets))
    }

    /// Runs a command that works without a service: its arguments name the file of secrets.
    pub async fn alone(&self, arguments: &[&str]) -> Story<Output> {
        Ok(self.home.command(&self.with_file(arguments)).await?)
    }

    /// The same with `input` on standard input.
    pub async fn alone_with_input(&self, arguments: &[&str], input: &str) -> Story<Output> {
        self.with_input(&self.with_file(arguments), input).await
    }

    /// Runs `dyntray` with `input` on standard input.
    pub async fn with_input(&self, arguments: &[&str], input: &str) -> Story<Output> {
        let mut command = self.home.desktop.command(binary("dyntray")?);
        command.args(arguments);
        feed(command, input).await
    }

    /// Starts the service.
    pub fn start_service(&self, environment: &[(&str, &str)]) -> Result<App> {
        self.home.start_app_with(&["run"], environment)
    }

    fn with_file<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        [&["--secrets-file", self.secrets.as_str()], arguments].concat()
    }
}

/// Runs a command with `input` on standard input.
pub async fn feed(mut command: Command, input: &str) -> Story<Output> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let mut stdin = child.stdin.take().ok_or("standard input")?;
    // A command that refuses at once doesn't read.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    Ok(child.wait_with_output().await?)
}

/// Everything that a command printed.
pub fn text(output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    format!("{out}{err}")
}
