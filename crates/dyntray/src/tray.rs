//! The tray: icon, tooltip and menu, drawn from one comparable value. [`Presenter`] makes the values; how they are drawn
//! differs: on Linux on the agent's thread, elsewhere on the main thread, as Windows and macOS require.

#[cfg(target_os = "macos")]
mod app_nap;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod others;

use std::time::Duration;

use dyntray_core::Snapshot;
use dyntray_core::present::Mood;
use dyntray_icons::Shape;
use dyntray_texts::tray::TrayView;
use dyntray_texts::{Language, Texts};
use jiff::Timestamp;
use tokio::sync::watch;

#[cfg(target_os = "linux")]
pub use self::linux::Tray;
#[cfg(not(target_os = "linux"))]
pub use self::others::{Tray, draw};

/// The shortest time between two changes, for the panel's sake.
const SHORTEST_GAP: Duration = Duration::from_secs(1);
/// The longest time between two looks at texts that name a time: at midnight, "today" is over.
const LONGEST_GAP: Duration = Duration::from_mins(10);

/// Turns snapshots into views of the tray.
struct Presenter {
    snapshots: watch::Receiver<Snapshot>,
    texts: Texts,
    shown: Option<TrayView>,
}

impl Presenter {
    /// A presenter of `snapshots`.
    fn new(snapshots: watch::Receiver<Snapshot>) -> Self {
        let texts = Texts::of(Language::chosen(snapshots.borrow().language));
        Presenter { snapshots, texts, shown: None }
    }

    /// The next view that differs from the last; none when the agent has ended.
    async fn next(&mut self) -> Option<TrayView> {
        loop {
            if self.shown.is_some() {
                tokio::time::sleep(SHORTEST_GAP).await;
                // After a time-out only the texts are made anew.
                if let Ok(Err(_)) = tokio::time::timeout(LONGEST_GAP, self.snapshots.changed()).await {
                    return None;
                }
            }
            let view = self.view();
            if self.shown.as_ref() != Some(&view) {
                self.shown = Some(view.clone());
                return Some(view);
            }
        }
    }

    fn view(&mut self) -> TrayView {
        let snapshot = self.snapshots.borrow_and_update();
        let language = Language::chosen(snapshot.language);
        if self.texts.language() != language {
            self.texts = Texts::of(language);
        }
        self.texts.tray(&snapshot, Timestamp::now())
    }
}

/// The icon's shape for a mood.
fn shape(mood: Mood) -> Shape {
    match mood {
        Mood::Empty => Shape::Empty,
        Mood::Fine => Shape::Fine,
        Mood::Working => Shape::Working,
        Mood::Waiting => Shape::Waiting,
        Mood::Paused => Shape::Paused,
        Mood::NeedsYou => Shape::NeedsYou,
    }
}
