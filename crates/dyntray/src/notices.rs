//! Turns notices into notifications, and presses on them into requests. A notification is closed when its cause is
//! over, and its button lives as long as it does.

mod board;
mod kept;

use std::rc::Rc;
use std::time::Duration;

use dyntray_agent::Handle;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::state::notice::{Notice, NoticeGroup, coalesce};
use dyntray_texts::notice::NoticeText;
use dyntray_texts::{Language, Press, Texts};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

pub use self::board::Board;
use self::board::{GRACE, UnderWay};
pub use self::kept::FILE;
use self::kept::KeptNotification;
use crate::notification::{self, Notifier, Part, ShownNotification};
use crate::requests::RequestSender;

/// Notices that follow each other within this time are gathered …
const QUIET: Duration = Duration::from_secs(1);
/// … and are shown after this time at the latest, even if more of them come.
const LONGEST_GATHERING: Duration = Duration::from_secs(30);

/// Everything that showing notifications needs.
pub struct Notices {
    /// Shows them.
    pub notifier: Notifier,
    /// Those that are open.
    pub board: Rc<Board>,
    /// The agent.
    pub agent: Handle,
    /// The way of what is pressed on them.
    pub requests: RequestSender,
}

/// Shows all notices, and the answers to presses that couldn't be carried out, until the task is ended.
pub async fn run(
    this: Notices,
    mut notices: mpsc::UnboundedReceiver<Notice>,
    mut rejections: mpsc::UnboundedReceiver<String>,
) {
    let mut snapshots = this.agent.snapshots.clone();
    let this = Rc::new(this);
    let mut shown = JoinSet::new();
    let mut next_look: Option<Instant> = None;
    for kept in this.board.left_open() {
        shown.spawn_local(this.clone().take_up(kept));
    }
    loop {
        tokio::select! {
            notice = notices.recv() => {
                let Some(notice) = notice else { return };
                for group in coalesce(gather(notice, &mut notices).await) {
                    shown.spawn_local(this.clone().show(group));
                }
            }
            Some(text) = rejections.recv() => {
                shown.spawn_local(this.clone().show_rejection(text));
            }
            changed = snapshots.changed() => {
                if changed.is_err() {
                    return;
                }
                next_look = Some(Instant::now());
            }
            () = sleep_until(next_look.unwrap_or_else(Instant::now)), if next_look.is_some() => {
                let is_over = |group: &_| !this.agent.snapshots.borrow().still_holds(group);
                next_look = this.board.close_over(is_over, Instant::now()).await;
            }
            Some(_) = shown.join_next() => {}
        }
    }
}

/// A notice, and those that follow it closely.
async fn gather(first: Notice, notices: &mut mpsc::UnboundedReceiver<Notice>) -> Vec<Notice> {
    let mut gathered = vec![first];
    let end = Instant::now() + LONGEST_GATHERING;
    loop {
        let quiet = end.min(Instant::now() + QUIET);
        match timeout_at(quiet, notices.recv()).await {
            Ok(Some(notice)) => gathered.push(notice),
            Ok(None) | Err(_) => return gathered,
        }
    }
}

impl Notices {
    /// Shows a notification, and sends the request of what is pressed on it. A desktop that shows none is a health
    /// issue, for the window to show.
    async fn show(self: Rc<Self>, group: NoticeGroup) {
        let Some(under_way) = self.board.begin() else { return };
        let text = self.texts().notification(&group);
        let replaced = self.board.take_replaced(&group);
        if let Ok(shown) = notification::show(&self.notifier, &text, replaced.as_deref()).await {
            self.agent.clear_issue(HealthIssue::NoNotices).await;
            self.follow(shown, Some(group), &text, under_way).await;
        } else {
            drop(under_way);
            self.agent.raise_issue(HealthIssue::NoNotices).await;
            // Without a tray as well, only the window is left to say it.
            if text.button.is_some() && self.has_no_tray() {
                // Nobody has pressed anything, so the keyring asks for no password.
                let press = if text.press == Press::UnlockKeyring { Press::Open } else { text.press };
                self.requests.press(press, None);
            }
        }
    }

    /// Takes up a notification that the program's last run left open, because it was killed. What still waits for a person is
    /// shown in its own place, so that its buttons work again. Anything else is closed: nothing would answer a press on it.
    async fn take_up(self: Rc<Self>, kept: KeptNotification) {
        let still_holds = || self.agent.snapshots.borrow().still_holds(&kept.told);
        if !still_holds() {
            // The first look-up may be under way.
            sleep(GRACE).await;
        }
        let Some(under_way) = self.board.begin() else { return };
        let text = self.texts().notification(&kept.told);
        let is_wanted = still_holds() && text.button.is_some() && !self.board.has_newer(&kept.told);
        if !is_wanted {
            self.notifier.close_left(&kept.at).await;
            return self.board.take_up(&kept, None);
        }
        let shown = self.notifier.show_again(&kept.at, &text).await.map(Rc::new);
        self.board.take_up(&kept, shown.clone());
        drop(under_way);
        if let Some(shown) = shown {
            self.answer_press(&shown, &text).await;
        }
    }

    /// Shows the answer to a press, since whoever pressed something on the desktop sees no response.
    async fn show_rejection(self: Rc<Self>, answer: String) {
        let Some(under_way) = self.board.begin() else { return };
        let text = NoticeText::of_program(&self.texts(), answer);
        // If it fails, the log has the reason.
        if let Ok(shown) = notification::show(&self.notifier, &text, None).await {
            self.follow(shown, None, &text, under_way).await;
        }
    }

    /// Posts a notification, and sends the request of what is pressed on it, until it is gone.
    async fn follow(
        &self,
        shown: ShownNotification,
        group: Option<NoticeGroup>,
        text: &NoticeText,
        under_way: UnderWay,
    ) {
        let shown = Rc::new(shown);
        self.board.post(group, shown.clone());
        drop(under_way);
        self.answer_press(&shown, text).await;
    }

    async fn answer_press(&self, shown: &Rc<ShownNotification>, text: &NoticeText) {
        let pressed = shown.pressed().await;
        if !self.board.remove(shown) {
            return;
        }
        match (pressed.part, &text.button) {
            (Part::Itself, _) => self.requests.press(text.press, pressed.activation),
            (Part::Button, Some(button)) => self.requests.press(button.press, pressed.activation),
            (Part::Button | Part::Nothing, _) => {}
        }
    }

    fn texts(&self) -> Texts {
        Texts::of(Language::chosen(self.agent.snapshots.borrow().language))
    }

    fn has_no_tray(&self) -> bool {
        self.agent.snapshots.borrow().health_issues.contains(&HealthIssue::NoTray)
    }
}
