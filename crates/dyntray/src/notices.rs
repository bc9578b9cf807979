//! Turns notices into notifications, and presses on them into requests.

use std::time::Duration;

use dyntray_agent::Handle;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::notice::{Notice, Told, together};
use dyntray_texts::notice::NoticeText;
use dyntray_texts::{Language, Texts};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout, timeout_at};

use crate::notification::{self, FORGOTTEN, Pressed, ShownNotification};
use crate::requests::RequestSender;

/// Notices that follow each other within this time are gathered …
const QUIET: Duration = Duration::from_secs(1);
/// … and are shown after this time at the latest, even if more of them come.
const LONGEST_GATHERING: Duration = Duration::from_secs(30);

/// Shows every notice until the task is ended, which ends everything that waits for a press as well.
pub async fn run(mut notices: mpsc::UnboundedReceiver<Notice>, agent: Handle, requests: RequestSender) {
    let mut shown = JoinSet::new();
    while let Some(gathered) = gather(&mut notices).await {
        for told in together(gathered) {
            shown.spawn_local(show(told, agent.clone(), requests.clone()));
        }
        while shown.try_join_next().is_some() {}
    }
}

/// The next notice, and those that follow it closely; none when there will be no more.
async fn gather(notices: &mut mpsc::UnboundedReceiver<Notice>) -> Option<Vec<Notice>> {
    let mut gathered = vec![notices.recv().await?];
    let end = Instant::now() + LONGEST_GATHERING;
    loop {
        let quiet = end.min(Instant::now() + QUIET);
        match timeout_at(quiet, notices.recv()).await {
            Ok(Some(notice)) => gathered.push(notice),
            Ok(None) | Err(_) => return Some(gathered),
        }
    }
}

/// Shows a notification, and sends the request of what is pressed on it. A desktop that shows none is a health issue,
/// for the window to show.
async fn show(told: Told, agent: Handle, requests: RequestSender) {
    let language = Language::chosen(agent.snapshots.borrow().language);
    let text = Texts::of(language).told(&told);
    if let Ok(shown) = notification::show(&text).await {
        agent.clear_issue(HealthIssue::NoNotices).await;
        follow(shown, &text, &requests).await;
    } else {
        agent.raise_issue(HealthIssue::NoNotices).await;
        // Without a tray as well, only the window is left to say it.
        if text.button.is_some() && has_no_tray(&agent) {
            requests.press(text.press);
        }
    }
}

fn has_no_tray(agent: &Handle) -> bool {
    agent.snapshots.borrow().health_issues.contains(&HealthIssue::NoTray)
}

/// Sends the request of what is pressed on a notification, until it is forgotten.
async fn follow(shown: ShownNotification, text: &NoticeText, requests: &RequestSender) {
    match (timeout(FORGOTTEN, shown.pressed()).await, &text.button) {
        (Ok(Pressed::Itself), _) => requests.press(text.press),
        (Ok(Pressed::Button), Some(button)) => requests.press(button.press),
        (Ok(Pressed::Button | Pressed::Nothing) | Err(_), _) => {}
    }
}
