//! Driving a WebKitGTK window that another program opened.
//!
//! The desktop's environment makes every web view listen for WebKitWebDriver (see
//! [`Desktop::inspector_port`]); [`Window::attach`] starts a driver for the window that is open now. After the
//! window has been closed and opened again, attach again.
//!
//! Elements are named by CSS selectors. Every step waits until its element is there and, where a person would have to,
//! until it is usable. The error of a step that fails has the page's text.

mod attach;

use std::time::Duration;

use fantoccini::{
    Client, Locator,
    elements::Element,
    error::{CmdError, ErrorStatus},
};
use serde_json::Value;
use tokio::{process::Child, time::timeout};

use crate::{Error, PATIENCE, Result, desktop::Desktop, processes, wait::eventually};

/// An open window of a web view, attached to. Detached when dropped; the window stays.
#[derive(Debug)]
pub struct Window {
    client: Client,
    pid: u32,
    _driver: Child,
}

/// The result of one look at the page: done, not yet (and why), or an error that waiting won't cure.
type Step<T> = Result<Result<T>, String>;

/// Waits until nothing is left of any window: neither its program nor a web process.
pub async fn all_ended(desktop: &Desktop) -> Result<()> {
    eventually("the web processes to end", PATIENCE, async || {
        let mut names = desktop.processes().into_iter().filter_map(processes::name);
        !names.any(|name| name.contains("WebKit") || name == "dyntray-window")
    })
    .await
}

impl Window {
    /// Waits until a web view is open on the desktop, and attaches.
    pub async fn attach(desktop: &Desktop) -> Result<Self> {
        Self::attach_within(desktop, PATIENCE).await
    }

    /// The same with another patience.
    pub async fn attach_within(desktop: &Desktop, patience: Duration) -> Result<Self> {
        let attached =
            eventually("a window with a web view", patience, async || attach::attach(desktop).await);
        let attach::Session { client, pid, driver } = attached.await?;
        Ok(Self { client, pid, _driver: driver })
    }

    /// The process that shows the window (its web processes are below it).
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The page's title.
    pub async fn title(&self) -> Result<String> {
        prompt("the title", self.client.title()).await
    }

    /// Waits for an element.
    pub async fn find(&self, css: &str) -> Result<Element> {
        self.on(css, &format!("{css} on the page"), async |element| Ok(Ok(element))).await
    }

    /// The number of such elements now.
    pub async fn count(&self, css: &str) -> Result<usize> {
        Ok(prompt(css, self.client.find_all(Locator::Css(css))).await?.len())
    }

    /// Waits until there is no such element.
    pub async fn wait_for_none(&self, css: &str) -> Result<()> {
        let what = format!("{css} to go from the page");
        self.described(eventually(&what, PATIENCE, async || {
            self.count(css).await.is_ok_and(|count| count == 0)
        }))
        .await
    }

    /// Clicks an element once it is visible and enabled, scrolled to the middle as a person would scroll it.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.on(css, &format!("{css} to be clickable"), async |element| {
            if !usable(&element).await? {
                return Ok(Err("it is there, but hidden or disabled".to_owned()));
            }
            let to_the_middle = "document.querySelector(arguments[0]).scrollIntoView({ block: 'center' })";
            self.client.execute(to_the_middle, vec![css.into()]).await?;
            element.click().await.map(Ok)
        })
        .await
    }

    /// Empties a field and types a text into it.
    pub async fn fill(&self, css: &str, text: &str) -> Result<()> {
        self.on(css, &format!("the field {css} to take a text"), async |element| {
            if !usable(&element).await? {
                return Ok(Err("it is there, but hidden or disabled".to_owned()));
            }
            element.clear().await?;
            element.send_keys(text).await.map(Ok)
        })
        .await
    }

    /// Picks the option with this value in a `<select>`.
    pub async fn choose(&self, css: &str, value: &str) -> Result<()> {
        self.on(css, &format!("{value:?} to be picked in {css}"), async |element| {
            element.select_by_value(value).await.map(Ok)
        })
        .await
    }

    /// The text of an element, as shown.
    pub async fn text(&self, css: &str) -> Result<String> {
        self.on(css, &format!("the text of {css}"), async |element| element.text().await.map(Ok)).await
    }

    /// An attribute as written in the page; `None` when the element has no such attribute.
    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        self.on(css, &format!("{name} of {css}"), async |element| element.attr(name).await.map(Ok)).await
    }

    /// A field's text, or another property of the element as the page has it now.
    pub async fn property(&self, css: &str, name: &str) -> Result<Option<String>> {
        self.on(css, &format!("{name} of {css}"), async |element| element.prop(name).await.map(Ok)).await
    }

    /// Waits until an element's text contains another.
    pub async fn wait_for_text(&self, css: &str, text: &str) -> Result<()> {
        self.wait_for_text_within(css, text, PATIENCE).await
    }

    /// The same with another patience.
    pub async fn wait_for_text_within(&self, css: &str, text: &str, patience: Duration) -> Result<()> {
        let what = format!("{text:?} in {css}");
        let look = async |element: Element| {
            let shown = element.text().await?;
            Ok(if shown.contains(text) { Ok(()) } else { Err(format!("{shown:?}")) })
        };
        self.within(patience, css, &what, look).await
    }

    /// Runs a script as the body of a function and gives what it returns; `arguments` is an array for it.
    pub async fn eval(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        prompt("a script", self.client.execute(script, arguments)).await
    }

    /// Closes the window as the cross in its title bar does, and waits until it is gone from the screen.
    pub async fn close(self, desktop: &Desktop) -> Result<()> {
        let ours = self.click_close(desktop).await?;
        eventually("the window to close", PATIENCE, async || {
            desktop.windows().await.is_ok_and(|windows| windows.iter().all(|window| window.id != ours))
        })
        .await
    }

    /// Clicks the button that closes the window, which may ask first. Gives the window's number.
    pub async fn click_close(&self, desktop: &Desktop) -> Result<u64> {
        let pid = self.pid;
        let ours = desktop.wait_for_window("the attached window", |window| window.pid == pid).await?;
        desktop.close_window(ours.id).await?;
        Ok(ours.id)
    }

    /// Lets go of the window, which stays open.
    pub async fn detach(self) -> Result<()> {
        let client = self.client.clone();
        prompt("detaching", client.close()).await
    }

    async fn on<T>(
        &self,
        css: &str,
        what: &str,
        step: impl AsyncFn(Element) -> Result<Result<T, String>, CmdError>,
    ) -> Result<T> {
        self.within(PATIENCE, css, what, step).await
    }

    /// Finds the element and does the step with it; repeats both until the page is ready.
    async fn within<T>(
        &self,
        patience: Duration,
        css: &str,
        what: &str,
        step: impl AsyncFn(Element) -> Result<Result<T, String>, CmdError>,
    ) -> Result<T> {
        let look = async || -> Step<T> {
            let done = async { step(self.client.find(Locator::Css(css)).await?).await };
            match done.await {
                Ok(Ok(done)) => Ok(Ok(done)),
                Ok(Err(not_yet)) => Err(not_yet),
                Err(error) if passes_by_itself(&error) => Err(error.to_string()),
                Err(source) => Ok(Err(Error::Window { step: what.to_owned(), source: Box::new(source) })),
            }
        };
        self.described(eventually(what, patience, look)).await?
    }

    /// Adds the page's text to an error.
    async fn described<T>(&self, waiting: impl Future<Output = Result<T>>) -> Result<T> {
        match waiting.await {
            Err(Error::TimedOut { what, after, last }) => {
                let page = self.eval("return document.body ? document.body.innerText : ''", Vec::new()).await;
                let page: String = page
                    .ok()
                    .and_then(|text| Some(text.as_str()?.chars().take(600).collect()))
                    .unwrap_or_default();
                let last = format!("{}; the page shows {page:?}", last.unwrap_or_default());
                Err(Error::TimedOut { what, after, last: Some(last) })
            }
            other => other,
        }
    }
}

async fn usable(element: &Element) -> Result<bool, CmdError> {
    Ok(element.is_displayed().await? && element.is_enabled().await?)
}

/// A page that is being built or rebuilt.
fn passes_by_itself(error: &CmdError) -> bool {
    let CmdError::Standard(answer) = error else {
        return false;
    };
    matches!(
        answer.error,
        ErrorStatus::NoSuchElement
            | ErrorStatus::StaleElementReference
            | ErrorStatus::ElementNotInteractable
            | ErrorStatus::ElementClickIntercepted
    )
}

/// One command to the driver, within a time limit.
async fn prompt<T>(step: &str, command: impl Future<Output = Result<T, CmdError>>) -> Result<T> {
    match timeout(PATIENCE, command).await {
        Ok(answer) => {
            answer.map_err(|source| Error::Window { step: step.to_owned(), source: Box::new(source) })
        }
        Err(_) => Err(Error::TimedOut {
            what: format!("the driver's answer to {step}"),
            after: PATIENCE,
            last: None,
        }),
    }
}
