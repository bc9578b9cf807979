//! The screen: pictures of it, the keyboard, and the list of windows.

use std::path::Path;

use tokio::time::timeout;

use super::{parts::START, running::Desktop, shell::Shell};
use crate::{
    Error, PATIENCE, Result,
    gnome::{Gnome, GnomeWindow},
    wait::eventually,
};

/// A window that the window manager knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesktopWindow {
    /// The X server's number for it, like `0x01200007`, or GNOME Shell's.
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

impl From<GnomeWindow> for DesktopWindow {
    fn from(window: GnomeWindow) -> Self {
        let class = format!("{}.{}", window.wm_class_instance, window.wm_class);
        Self { id: window.id, pid: window.pid, class, title: window.title }
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
        match self.shell() {
            Shell::Gnome(_) => Gnome::of(self).screenshot(&absolute).await,
            _ => self.tool("import", &["-window", "root", &absolute.to_string_lossy()]).await.map(drop),
        }
    }

    /// Presses a key or a combination by its X name, like `Return` or `ctrl+a`.
    pub async fn key(&self, name: &str) -> Result<()> {
        match self.shell() {
            Shell::Gnome(_) => Gnome::of(self).key(name).await,
            _ => self.tool("xdotool", &["key", name]).await.map(drop),
        }
    }

    /// Types a text into the window that has the keyboard.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        match self.shell() {
            Shell::Gnome(_) => Gnome::of(self).type_text(text).await,
            _ => self.tool("xdotool", &["type", "--delay", "15", "--", text]).await.map(drop),
        }
    }

    /// Clicks a point of the screen with the left button.
    pub async fn click(&self, x: f64, y: f64) -> Result<()> {
        self.click_with(1, x, y).await
    }

    /// Clicks a point of the screen with another button: 2 is the middle one, 3 the right one.
    pub async fn click_with(&self, button: u8, x: f64, y: f64) -> Result<()> {
        if matches!(self.shell(), Shell::Gnome(_)) {
            return Gnome::of(self).click_with(button, x, y).await;
        }
        let (x, y, button) = (format!("{x:.0}"), format!("{y:.0}"), button.to_string());
        self.tool("xdotool", &["mousemove", "--sync", &x, &y, "click", &button]).await.map(drop)
    }

    /// The windows on the screen, in the order in which they were opened.
    pub async fn windows(&self) -> Result<Vec<DesktopWindow>> {
        if matches!(self.shell(), Shell::Gnome(_)) {
            let windows = Gnome::of(self).windows().await?;
            return Ok(windows.into_iter().map(DesktopWindow::from).collect());
        }
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
        if matches!(self.shell(), Shell::Gnome(_)) {
            return Gnome::of(self).activate(id).await;
        }
        self.tool("wmctrl", &["-i", "-a", &format!("{id:#010x}")]).await.map(drop)
    }

    /// Closes a window as the cross in its title bar does.
    pub async fn close_window(&self, id: u64) -> Result<()> {
        if matches!(self.shell(), Shell::Gnome(_)) {
            return Gnome::of(self).close(id).await;
        }
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
