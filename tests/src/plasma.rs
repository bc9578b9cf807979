//! KDE Plasma as a person sees and operates it: windows, the toast, and whatever Plasma's own programs show.

mod windows;

pub use windows::PlasmaWindow;

use crate::{
    Error, PATIENCE, Result,
    accessibility::{Accessibility, Element},
    bus::Place,
    desktop::Desktop,
    wait::eventually,
};

/// The program that shows the panel, the tray and the notifications.
const SHELL: &str = "plasmashell";

/// The shell of a desktop with [`Shell::Plasma`](crate::desktop::Shell::Plasma).
#[derive(Debug)]
pub struct Plasma<'a> {
    desktop: &'a Desktop,
    screen: Accessibility,
}

/// A notification on the screen.
#[derive(Debug, Clone, PartialEq)]
pub struct PlasmaToast {
    /// The bold line.
    pub title: String,
    /// What a screen reader adds: the body and the program's name.
    pub description: String,
    /// The texts that aren't buttons, the program's name above the title among them.
    pub texts: Vec<String>,
    /// The labels of its buttons, "Close" and "Configure" included where the toast shows them.
    pub buttons: Vec<String>,
    /// The place of the title and the body.
    pub place: Place,
}

impl<'a> Plasma<'a> {
    /// The shell of a desktop.
    pub async fn of(desktop: &'a Desktop) -> Result<Self> {
        Ok(Self { desktop, screen: Accessibility::of(desktop).await? })
    }

    /// What the programs on the screen show.
    pub fn screen(&self) -> &Accessibility {
        &self.screen
    }

    /// Everything that the panel, the tray and the notifications show.
    pub async fn elements(&self) -> Result<Vec<Element>> {
        self.screen.elements(SHELL).await
    }

    /// The toast on the screen with this title.
    pub async fn toast(&self, title: &str) -> Result<Option<PlasmaToast>> {
        let all = self.elements().await?;
        let Some(body) = all.iter().find(|one| one.role == "notification" && one.name == title) else {
            return Ok(None);
        };
        // The toast's window: the innermost frame around its body.
        let around = |one: &&Element| one.place.contains(&body.place) && one.role.contains("frame");
        let window = all.iter().rfind(around).map_or(body.place, |frame| frame.place);
        let inside = || all.iter().filter(|one| window.contains(&one.place) && !one.name.is_empty());
        let named = |wanted: fn(&Element) -> bool| {
            inside().filter(|one| wanted(one)).map(|one| one.name.clone()).collect::<Vec<String>>()
        };
        Ok(Some(PlasmaToast {
            title: title.to_owned(),
            description: body.description.clone(),
            texts: named(|one| one.role == "label"),
            buttons: named(|one| one.role.ends_with("button")),
            place: body.place,
        }))
    }

    /// Waits for the toast with this title, until it has come to rest.
    pub async fn wait_for_toast(&self, title: &str) -> Result<PlasmaToast> {
        let mut before = None;
        eventually(&format!("the toast {title:?}"), PATIENCE, async || {
            let now = self.toast(title).await?;
            let rests = now.is_some() && now == before;
            before = now.clone();
            match now {
                Some(toast) if rests => Ok(toast),
                other => Err(Error::NotThere(format!("{other:?}"))),
            }
        })
        .await
    }

    /// Waits until there is no toast with this title.
    pub async fn wait_for_no_toast(&self, title: &str) -> Result<()> {
        eventually(&format!("the toast {title:?} to go"), PATIENCE, async || {
            self.toast(title).await.is_ok_and(|toast| toast.is_none())
        })
        .await
    }

    /// Clicks the text of the toast with this title.
    pub async fn click_toast(&self, title: &str) -> Result<()> {
        let (x, y) = self.wait_for_toast(title).await?.place.middle();
        self.desktop.click(x, y).await
    }

    /// Presses a button that the panel, the tray or a toast shows.
    pub async fn press(&self, button: &str) -> Result<()> {
        self.screen.press(self.desktop, SHELL, button).await
    }

    /// Runs a script of Plasma's desktop scripting in the shell, and gives what it prints.
    pub async fn eval(&self, script: &str) -> Result<String> {
        let shell = self.desktop.proxy("org.kde.plasmashell", "/PlasmaShell", "org.kde.PlasmaShell").await?;
        Ok(shell.call("evaluateScript", &(script,)).await?)
    }
}
