//! What programs show on the screen, as a screen reader is told: buttons, texts and their places. It is how a story
//! finds a button that a foreign program drew, like a toast of Plasma or the wizard of KWallet.
//!
//! Qt and GTK programs on X11 tell true places; on Wayland they only know their own window.

use zbus::zvariant::OwnedObjectPath;

use crate::{
    Error, PATIENCE, Result,
    bus::{self, Place},
    desktop::Desktop,
    wait::eventually,
};

const ACCESSIBLE: &str = "org.a11y.atspi.Accessible";
const ACTION: &str = "org.a11y.atspi.Action";
const COMPONENT: &str = "org.a11y.atspi.Component";
const REGISTRY: &str = "org.a11y.atspi.Registry";
const ROOT: &str = "/org/a11y/atspi/accessible/root";

/// The number of a button's role (`ATSPI_ROLE_PUSH_BUTTON`).
const BUTTON: u32 = 43;

/// The bit of a state that says that something is on the screen (`ATSPI_STATE_SHOWING`).
const SHOWING: u32 = 25;

/// Programs nest deeper than this only by mistake.
const DEEPEST: usize = 40;

/// Something that a program shows.
#[derive(Debug, Clone, PartialEq)]
pub struct Element {
    /// Its kind, like `push button`, `label` or `notification`.
    pub role: String,
    /// Its text.
    pub name: String,
    /// More about it, for people who can't see it; empty for most things.
    pub description: String,
    /// Its place on the screen.
    pub place: Place,
    /// Its program's name on the bus, and its path there.
    object: (String, String),
}

impl Element {
    /// Tells whether it is a button with this text.
    pub fn is_button(&self, name: &str) -> bool {
        self.role.ends_with("button") && self.name.replace('&', "") == name
    }
}

/// The programs of a desktop, as a screen reader is told of them.
#[derive(Debug, Clone)]
pub struct Accessibility {
    bus: zbus::Connection,
}

impl Accessibility {
    /// Joins the bus of screen readers.
    pub async fn of(desktop: &Desktop) -> Result<Self> {
        let session = bus::proxy(desktop.bus(), "org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus").await?;
        let address: String = session.call("GetAddress", &()).await?;
        Ok(Self { bus: zbus::connection::Builder::address(address.as_str())?.build().await? })
    }

    /// What a program shows now, outer things before inner ones; nothing when it isn't known.
    pub async fn elements(&self, program: &str) -> Result<Vec<Element>> {
        let mut found = Vec::new();
        for (owner, path) in self.children(REGISTRY, ROOT).await? {
            // A program that ends meanwhile shows nothing.
            let name = self.name(&owner, &path).await.unwrap_or_default();
            if name == program {
                self.collect(&owner, &path, &mut found).await?;
            }
        }
        Ok(found)
    }

    /// Waits until a program shows something; `what` describes it in the error.
    pub async fn wait_for(
        &self,
        program: &str,
        what: &str,
        is_it: impl Fn(&Element) -> bool,
    ) -> Result<Element> {
        eventually(&format!("{what} of {program}"), PATIENCE, async || {
            let all = self.elements(program).await.map_err(|error| error.to_string())?;
            let seen: Vec<String> = all.iter().map(|one| format!("{} {:?}", one.role, one.name)).collect();
            all.into_iter().find(&is_it).ok_or_else(|| seen.join(", "))
        })
        .await
    }

    /// Waits for a button with this text, until it has come to rest, and clicks it.
    pub async fn press(&self, desktop: &Desktop, program: &str, button: &str) -> Result<()> {
        let what = format!("the button {button:?}");
        let mut before = self.wait_for(program, &what, |one| one.is_button(button)).await?;
        let still = eventually(&format!("{what} to rest"), PATIENCE, async || {
            let now = self.wait_for(program, &what, |one| one.is_button(button)).await?;
            let rests = now == before;
            before = now.clone();
            if rests { Ok(now) } else { Err(Error::NotThere(format!("{now:?}"))) }
        })
        .await?;
        let (x, y) = still.place.middle();
        desktop.click(x, y).await
    }

    /// Waits for a button with this text and activates it, as a screen reader does for a person: without a mouse.
    pub async fn activate(&self, program: &str, button: &str) -> Result<()> {
        const FIRST: i32 = 0;
        let what = format!("the button {button:?}");
        let found = self.wait_for(program, &what, |one| one.is_button(button)).await?;
        let (owner, path) = &found.object;
        let action = bus::proxy(&self.bus, owner, path, ACTION).await?;
        if action.call("DoAction", &(FIRST,)).await? {
            return Ok(());
        }
        Err(Error::NotThere(format!("an action of {what}")))
    }

    /// Collects what is on the screen below an object; what vanishes meanwhile is left out.
    async fn collect(&self, owner: &str, path: &str, found: &mut Vec<Element>) -> Result<()> {
        let mut waiting = vec![(owner.to_owned(), path.to_owned(), 0)];
        while let Some((owner, path, depth)) = waiting.pop() {
            if let Ok(Some(element)) = self.look(&owner, &path).await {
                found.push(element);
            }
            if depth < DEEPEST {
                let below = self.children(&owner, &path).await.unwrap_or_default();
                waiting.extend(below.into_iter().rev().map(|(owner, path)| (owner, path, depth + 1)));
            }
        }
        Ok(())
    }

    /// Looks at one object; nothing when it isn't on the screen.
    async fn look(&self, owner: &str, path: &str) -> Result<Option<Element>> {
        let object = bus::proxy(&self.bus, owner, path, ACCESSIBLE).await?;
        let states: Vec<u32> = object.call("GetState", &()).await?;
        if states.first().is_none_or(|first| first & (1 << SHOWING) == 0) {
            return Ok(None);
        }
        let component = bus::proxy(&self.bus, owner, path, COMPONENT).await?;
        let (x, y, width, height): (i32, i32, i32, i32) = component.call("GetExtents", &(0_u32,)).await?;
        let place = Place { x: x.into(), y: y.into(), width: width.into(), height: height.into() };
        Ok(Some(Element {
            role: role(&object).await?,
            name: object.get_property("Name").await?,
            description: object.get_property("Description").await.unwrap_or_default(),
            place,
            object: (owner.to_owned(), path.to_owned()),
        }))
    }

    async fn children(&self, owner: &str, path: &str) -> Result<Vec<(String, String)>> {
        let object = bus::proxy(&self.bus, owner, path, ACCESSIBLE).await?;
        let mut children: Vec<(String, OwnedObjectPath)> = object.call("GetChildren", &()).await?;
        if children.is_empty() && object.get_property::<i32>("ChildCount").await.is_ok_and(|count| count > 0)
        {
            // A part of the window that another process draws, like a web page.
            children.push(object.call("GetChildAtIndex", &(0_i32,)).await?);
        }
        Ok(children.into_iter().map(|(owner, path)| (owner, path.to_string())).collect())
    }

    async fn name(&self, owner: &str, path: &str) -> Result<String> {
        Ok(bus::proxy(&self.bus, owner, path, ACCESSIBLE).await?.get_property("Name").await?)
    }
}

/// An object's kind in words. The web engine has only numbers.
async fn role(object: &zbus::Proxy<'_>) -> Result<String> {
    let role: String = object.call("GetRoleName", &()).await?;
    if role.is_empty() && object.call::<_, _, u32>("GetRole", &()).await? == BUTTON {
        return Ok("push button".to_owned());
    }
    Ok(role)
}
