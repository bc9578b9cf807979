//! Shows notifications, and does what their button says. How a desktop is told is in one file for each system, all of
//! one shape.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(windows)]
mod windows;

use std::time::Duration;

use dyntray_agent::Handle;
use dyntray_control::Page;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::notice::{Cause, Notice, ProgramNotice, Told, together};
use dyntray_texts::notice::NoticeText;
use dyntray_texts::tray::Press;
use dyntray_texts::{Language, Texts};
use tokio::sync::mpsc;

#[cfg(target_os = "linux")]
use self::linux::Shown;
#[cfg(target_os = "macos")]
use self::macos::Shown;
#[cfg(windows)]
use self::windows::Shown;
use crate::app::Wish;

/// The button's key in the desktop's protocol.
const ACTION: &str = "go";
/// Notices that follow each other more closely belong to one moment …
const QUIET: Duration = Duration::from_secs(1);
/// … which is told of in the end, even while more of them come.
const LONGEST_MOMENT: Duration = Duration::from_secs(30);
/// A desktop that takes longer isn't waited for by a program that ends.
const LONGEST_END: Duration = Duration::from_secs(5);
/// A notification that nobody touched for so long is forgotten.
const FORGOTTEN: Duration = Duration::from_hours(1);

/// Shows every notice until the task is ended, and all that it waits for with it.
pub async fn run(
    mut notices: mpsc::UnboundedReceiver<Notice>,
    handle: Handle,
    wish: mpsc::UnboundedSender<Wish>,
) {
    let mut shown = tokio::task::JoinSet::new();
    while let Some(of_one_moment) = gather(&mut notices).await {
        for told in together(of_one_moment) {
            shown.spawn_local(show(told, handle.clone(), wish.clone()));
        }
        while shown.try_join_next().is_some() {}
    }
}

/// The next notice, and those that follow it closely; none when there will be no more.
async fn gather(notices: &mut mpsc::UnboundedReceiver<Notice>) -> Option<Vec<Notice>> {
    let mut gathered = vec![notices.recv().await?];
    let end = tokio::time::Instant::now() + LONGEST_MOMENT;
    loop {
        let quiet = end.min(tokio::time::Instant::now() + QUIET);
        match tokio::time::timeout_at(quiet, notices.recv()).await {
            Ok(Some(notice)) => gathered.push(notice),
            Ok(None) | Err(_) => return Some(gathered),
        }
    }
}

/// Shows what is told, and does what is pressed on it. A desktop that shows none is an health_issue, to be read in the window.
async fn show(told: Told, handle: Handle, wish: mpsc::UnboundedSender<Wish>) {
    let language = Language::chosen(handle.snapshots.borrow().language);
    let text = Texts::of(language).told(&told);
    let shown = put_up(&text).await;
    match shown {
        Ok(_) => handle.clear_issue(HealthIssue::NoNotices).await,
        Err(()) => handle.raise_issue(HealthIssue::NoNotices).await,
    }
    let [on_itself, on_button] = wishes_for(&told);
    match shown {
        Ok(shown) => follow(shown, [on_itself, on_button], &wish).await,
        // Without a tray either, the window is the only one left to say it.
        Err(()) if text.action.is_some() && has_no_tray(&handle) => {
            // It can only fail when the program is ending.
            let _ = wish.send(on_itself);
        }
        Err(()) => {}
    }
}

fn has_no_tray(handle: &Handle) -> bool {
    handle.snapshots.borrow().health_issues.contains(&HealthIssue::NoTray)
}

/// Tells something about the program itself.
pub fn tell(body: String) {
    let text = of_itself(body);
    tokio::task::spawn_local(async move {
        // The log says why it couldn't be shown.
        let _ = put_up(&text).await;
    });
}

/// The same where nothing else runs any more.
pub fn tell_at_the_end(body: String) {
    let told = async { tokio::time::timeout(LONGEST_END, put_up(&of_itself(body))).await };
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            // The log says why it couldn't be shown, and has what it says.
            let _ = runtime.block_on(told);
        }
        Err(error) => tracing::warn!(%error, "no notification could be shown"),
    }
}

fn of_itself(body: String) -> NoticeText {
    NoticeText { summary: "Dyntray".to_owned(), body, action: None }
}

/// What a press on the notification does, and what its button does. A refused secret leads to its field, everything
/// else to what the entry is at; only the button makes a network home.
fn wishes_for(told: &Told) -> [Wish; 2] {
    let notice = match told {
        Told::One(Notice::Host(notice)) => notice,
        Told::One(Notice::Program(ProgramNotice::NewVersion { .. })) => {
            return [Wish::Open(Page::About), Wish::Open(Page::About)];
        }
        Told::One(Notice::Program(ProgramNotice::StillRunning)) | Told::Together(_) => {
            return [Wish::Open(Page::Status), Wish::Open(Page::Status)];
        }
    };
    let token = || Wish::Open(Page::NewToken { entry: notice.entry });
    match &notice.cause {
        Cause::Halted { reason } if reason.is_about_secret() => [token(), token()],
        Cause::Elsewhere => [Wish::Open(Page::Status), Wish::Pressed(Press::ThisIsHome)],
        _ => [Wish::Open(Page::Status), Wish::Open(Page::Status)],
    }
}

/// Puts a notification up. The error is in the log.
async fn put_up(text: &NoticeText) -> Result<Shown, ()> {
    let shown = Shown::put_up(text).await;
    shown.map_err(|error| tracing::warn!(%error, summary = text.summary, "no notification could be shown"))
}

/// Does what is pressed on a notification, until it is forgotten.
async fn follow(shown: Shown, [on_itself, on_button]: [Wish; 2], wish: &mpsc::UnboundedSender<Wish>) {
    let wished = match tokio::time::timeout(FORGOTTEN, shown.pressed()).await {
        Ok(Pressed::Itself) => on_itself,
        Ok(Pressed::Button) => on_button,
        Ok(Pressed::Nothing) | Err(_) => return,
    };
    // It can only fail when the program is ending.
    let _ = wish.send(wished);
}

/// What of a notification was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pressed {
    Nothing,
    Itself,
    Button,
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::protocol::reply::HaltReason;
    use dyntray_core::settings::LoginKind;
    use dyntray_core::state::notice::HostNotice;
    use dyntray_core::types::entry_id::EntryId;

    fn wishes(cause: Cause) -> [Wish; 2] {
        let hostname = "home.spdns.de".to_owned();
        let login = LoginKind::Token;
        wishes_for(&Told::One(Notice::Host(HostNotice { entry: EntryId(7), hostname, login, cause })))
    }

    #[test]
    fn only_the_button_makes_a_network_home() {
        let [on_itself, on_button] = wishes(Cause::Elsewhere);
        assert!(matches!(on_itself, Wish::Open(Page::Status)));
        assert!(matches!(on_button, Wish::Pressed(Press::ThisIsHome)));
    }

    #[test]
    fn a_refused_token_leads_to_its_field_wherever_it_is_pressed() {
        for wish in wishes(Cause::Halted { reason: HaltReason::BadAuth }) {
            assert!(matches!(wish, Wish::Open(Page::NewToken { entry: EntryId(7) })));
        }
        for wish in wishes(Cause::AnotherUpdater) {
            assert!(matches!(wish, Wish::Open(Page::Status)));
        }
    }
}
