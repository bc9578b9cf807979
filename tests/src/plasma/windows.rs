//! The windows as KWin knows them, from what it writes on them for everybody.

use super::Plasma;
use crate::{
    PATIENCE, Result,
    bus::Place,
    desktop::{Desktop, DesktopWindow},
    wait::eventually,
};

/// A window that KWin shows, or has minimised.
#[derive(Debug, Clone, PartialEq)]
pub struct PlasmaWindow {
    /// Its number, process, class and title.
    pub window: DesktopWindow,
    /// The desktop entry that the program names itself (`_KDE_NET_WM_DESKTOP_FILE`).
    pub desktop_file: Option<String>,
    /// It has the keyboard.
    pub focused: bool,
    /// It is minimised.
    pub minimized: bool,
    /// It fills the screen, in at least one direction.
    pub maximized: bool,
    /// It wants the person's attention: its entry in the panel is marked instead of coming to front.
    pub demands_attention: bool,
    /// What the person sees as the window, with its title bar.
    pub frame: Place,
}

impl Plasma<'_> {
    /// All windows of programs, the panel and the desktop left out.
    pub async fn windows(&self) -> Result<Vec<PlasmaWindow>> {
        let all = self.desktop.windows().await?;
        let mut windows = Vec::new();
        for window in all.into_iter().filter(|window| !window.class.starts_with(super::SHELL)) {
            // A window that closes meanwhile is none.
            if let Ok(window) = look(self.desktop, window).await {
                windows.push(window);
            }
        }
        Ok(windows)
    }

    /// Waits for a window; `what` describes it in the error.
    pub async fn wait_for_window(
        &self,
        what: &str,
        is_it: impl Fn(&PlasmaWindow) -> bool,
    ) -> Result<PlasmaWindow> {
        eventually(what, PATIENCE, async || {
            let windows = self.windows().await.map_err(|error| error.to_string())?;
            let seen = format!("{windows:?}");
            windows.into_iter().find(&is_it).ok_or(seen)
        })
        .await
    }

    /// Minimises a window, as the button in its title bar does.
    pub async fn minimize(&self, id: u64) -> Result<()> {
        self.desktop.tool("xdotool", &["windowminimize", &id.to_string()]).await.map(drop)
    }
}

/// Reads what KWin and the program have written on the window.
async fn look(desktop: &Desktop, window: DesktopWindow) -> Result<PlasmaWindow> {
    let id = window.id.to_string();
    let properties = ["_NET_WM_STATE", "_NET_FRAME_EXTENTS", "_KDE_NET_WM_DESKTOP_FILE"];
    let mut arguments = vec!["-notype", "-id", &id];
    arguments.extend(properties);
    let written = desktop.tool("xprop", &arguments).await?;
    let active = desktop.tool("xdotool", &["getactivewindow"]).await.unwrap_or_default();
    let geometry = desktop.tool("xwininfo", &["-id", &id]).await?;
    let value = |name: &str| written.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
    let states = value("_NET_WM_STATE").unwrap_or_default();
    let number = |name: &str| -> f64 {
        let line = geometry.lines().find_map(|line| line.trim().strip_prefix(name));
        line.and_then(|rest| rest.trim().parse().ok()).unwrap_or_default()
    };
    let extents: Vec<f64> = value("_NET_FRAME_EXTENTS")
        .map(|four| four.split(',').filter_map(|one| one.trim().parse().ok()).collect())
        .unwrap_or_default();
    let [left, right, top, bottom] = <[f64; 4]>::try_from(extents).unwrap_or_default();
    Ok(PlasmaWindow {
        desktop_file: value("_KDE_NET_WM_DESKTOP_FILE").map(|quoted| quoted.trim_matches('"').to_owned()),
        focused: active.trim() == id,
        minimized: states.contains("_NET_WM_STATE_HIDDEN"),
        maximized: states.contains("_NET_WM_STATE_MAXIMIZED"),
        demands_attention: states.contains("_NET_WM_STATE_DEMANDS_ATTENTION"),
        frame: Place {
            x: number("Absolute upper-left X:") - left,
            y: number("Absolute upper-left Y:") - top,
            width: number("Width:") + left + right,
            height: number("Height:") + top + bottom,
        },
        window,
    })
}
