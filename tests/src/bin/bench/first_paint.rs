//! The time from a click in the tray to the first paint of the window, beside an empty Tauri window.

use std::time::{Duration, SystemTime};

use dyntray_stories::app::{App, binary};
use dyntray_stories::home::{Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::{self, Window};
use dyntray_stories::{Error, PATIENCE, Story};

use super::figures::{Figures, Goal, Unit};
use super::process::median;

/// The number of windows of each kind, in turn.
const ROUNDS: usize = 7;

/// Measures medians.
pub async fn measure(home: &Home, app: &App, figures: &mut Figures) -> Story {
    let item = home.tray_item(app).await?;
    let (mut ours, mut empty) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let clicked = SystemTime::now();
        item.click("Open Dyntray").await?;
        let window = Window::attach(&home.desktop).await?;
        window.find(&field("overall")).await?;
        ours.push(painted(&window).await?.duration_since(clicked)?);
        window.close(&home.desktop).await?;
        window::all_ended(&home.desktop).await?;

        let started = SystemTime::now();
        let mut other = App::start(&home.desktop, &binary("examples/empty")?, &[], &[])?;
        let window = Window::attach(&home.desktop).await?;
        empty.push(painted(&window).await?.duration_since(started)?);
        window.close(&home.desktop).await?;
        other.wait_exit(PATIENCE).await?;
        window::all_ended(&home.desktop).await?;
    }
    let (ours, empty) = (median(ours).as_secs_f64() * 1000.0, median(empty).as_secs_f64() * 1000.0);
    figures.add("click to the first paint of the window", ours, Unit::Milliseconds, Goal::None);
    figures.beside("an empty Tauri window", empty);
    Ok(())
}

/// The moment of the page's first contentful paint.
async fn painted(window: &Window) -> Result<SystemTime, Error> {
    let look = "const [paint] = performance.getEntriesByName('first-contentful-paint'); \
                return paint ? performance.timeOrigin + paint.startTime : null";
    eventually("the first paint", PATIENCE, async || {
        let painted = window.eval(look, Vec::new()).await?;
        let milliseconds = painted.as_f64().ok_or_else(|| Error::NotThere(painted.to_string()))?;
        Ok::<_, Error>(SystemTime::UNIX_EPOCH + Duration::from_secs_f64(milliseconds / 1000.0))
    })
    .await
}
