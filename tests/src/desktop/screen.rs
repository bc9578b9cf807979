//! The screen: pictures of it, the keyboard, and the list of windows.

use std::path::Path;

use tokio::time::timeout;

use super::{parts::START, running::Desktop};
use crate::{Error, PATIENCE, Result, wait::eventually};

/// A window that the window manager knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopWindow {
    /// The X server's number for it, like `0x01200007`.
    pub id: u64,
    /// The process that owns it, by its own word (0: unknown).
    pub pid: u32,
    /// Instance and class, like `gcr-prompter.Gcr-prompter`.
    pub class: String,
    /// The text of its title bar.
    pub title: String,
}

impl DesktopWindow {
    /// Tells whether it is the keyring's question for its password.
    pub fn is_unlock_dialog(&self) -> bool {
        self.class.to_lowercase().contains("gcr-prompter")
    }
}

impl Desktop {
    /// A picture of the whole screen as PNG; the folder is made when needed.
    pub async fn screenshot(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|source| Error::File { path: folder.to_owned(), source })?;
        }
        let absolute =
            std::path::absolute(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
        self.tool("import", &["-window", "root", &absolute.to_string_lossy()]).await.map(drop)
    }

    /// Presses a key or a combination by its X name, like `Return` or `ctrl+a`.
    pub async fn key(&self, name: &str) -> Result<()> {
        self.tool("xdotool", &["key", name]).await.map(drop)
    }

    /// Types a text into the window that has the keyboard.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.tool("xdotool", &["type", "--delay", "15", "--", text]).await.map(drop)
    }

    /// The windows on the screen, in the order in which they were opened.
    pub async fn windows(&self) -> Result<Vec<DesktopWindow>> {
        Ok(self.tool("wmctrl", &["-l", "-p", "-x"]).await?.lines().filter_map(window).collect())
    }

    /// Waits for a window; `what` describes it in the error.
    pub async fn wait_for_window(
        &self,
        what: &str,
        is_it: impl Fn(&DesktopWindow) -> bool,
    ) -> Result<DesktopWindow> {
        eventually(what, PATIENCE, async || {
            let windows = self.windows().await.map_err(|error| error.to_string())?;
            let seen = format!("{windows:?}");
            windows.into_iter().find(&is_it).ok_or(seen)
        })
        .await
    }

    /// Brings a window to the front and gives it the keyboard.
    pub async fn activate_window(&self, id: u64) -> Result<()> {
        self.tool("wmctrl", &["-i", "-a", &format!("{id:#010x}")]).await.map(drop)
    }

    /// Closes a window as the cross in its title bar does.
    pub async fn close_window(&self, id: u64) -> Result<()> {
        self.tool("wmctrl", &["-i", "-c", &format!("{id:#010x}")]).await.map(drop)
    }

    pub(super) async fn wait_for_window_manager(&self) -> Result<()> {
        eventually("the window manager", START, async || self.tool("wmctrl", &["-m"]).await).await.map(drop)
    }

    /// Runs a tool on the desktop and returns its output.
    pub async fn tool(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let command = || format!("{program} {}", arguments.join(" "));
        // Text with umlauts goes through the C library here, which knows no German locale on most test machines.
        let running = self.command(program).args(arguments).env("LC_ALL", "C.UTF-8").output();
        let output = timeout(PATIENCE, running)
            .await
            .map_err(|_| Error::TimedOut { what: command(), after: PATIENCE, last: None })?
            .map_err(|source| Error::NotStarted { program: program.to_owned(), source })?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let words = String::from_utf8_lossy(&output.stderr);
        Err(Error::Tool { command: command(), answer: format!("{} {}", output.status, words.trim()) })
    }
}

/// Reads one line of `wmctrl -lpx`: id, desktop, pid, class, machine, title. The class has no
/// spaces: none of our programs has one in its name.
fn window(line: &str) -> Option<DesktopWindow> {
    let mut rest = line;
    let mut word = || {
        let (first, others) = rest.trim_start().split_once(' ')?;
        rest = others;
        Some(first)
    };
    let id = u64::from_str_radix(word()?.strip_prefix("0x")?, 16).ok()?;
    let _workspace = word()?;
    let pid = word()?.parse().ok()?;
    let class = word()?.to_owned();
    let _machine = word()?;
    Some(DesktopWindow { id, pid, class, title: rest.trim().to_owned() })
}
