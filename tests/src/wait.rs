//! Waiting until something is true, never just for a time.

use std::{fmt::Display, time::Duration};

use tokio::time::{Instant, sleep, timeout_at};

use crate::{Error, Result};

/// Pause between two looks.
const STEP: Duration = Duration::from_millis(25);

/// The result of one look: a `bool`, an `Option` or a `Result`.
pub trait Look {
    /// The thing that the waiting ends with.
    type Found;
    /// The thing itself, or the thing seen instead, in words where known.
    fn found(self) -> Result<Self::Found, Option<String>>;
}

impl Look for bool {
    type Found = ();
    fn found(self) -> Result<(), Option<String>> {
        if self { Ok(()) } else { Err(None) }
    }
}

impl<T> Look for Option<T> {
    type Found = T;
    fn found(self) -> Result<T, Option<String>> {
        self.ok_or(None)
    }
}

impl<T, E: Display> Look for Result<T, E> {
    type Found = T;
    fn found(self) -> Result<T, Option<String>> {
        self.map_err(|seen| Some(seen.to_string()))
    }
}

/// Repeats `look` until it finds something, for at most `patience`.
///
/// A look is a `bool`, an `Option` or a `Result`; the last `Err` becomes part of the error. A look that hangs is
/// cut off at the end of that time.
///
/// ```no_run
/// # async fn story(page: dyntray_stories::window::Window) -> dyntray_stories::Result<()> {
/// use dyntray_stories::{PATIENCE, wait::eventually};
/// eventually("the title", PATIENCE, async || page.title().await.is_ok_and(|title| title == "Dyntray")).await?;
/// # Ok(()) }
/// ```
pub async fn eventually<L: Look>(
    what: &str,
    patience: Duration,
    mut look: impl AsyncFnMut() -> L,
) -> Result<L::Found> {
    let end = Instant::now() + patience;
    let mut last = None;
    loop {
        match timeout_at(end, look()).await.map(Look::found) {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(seen)) => last = seen.or(last),
            Err(_) => last = last.or_else(|| Some("no answer at all".to_owned())),
        }
        if Instant::now() + STEP >= end {
            return Err(Error::TimedOut { what: what.to_owned(), after: patience, last });
        }
        sleep(STEP).await;
    }
}
