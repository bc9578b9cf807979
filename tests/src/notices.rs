//! A notification daemon that records every notice and can press its buttons.
//!
//! It is for stories that read notices; for pictures of them a real daemon runs instead.

mod daemon;
mod notice;

use std::time::Duration;

use daemon::{Board, Daemon};
pub use notice::Notice;
use zbus::object_server::SignalEmitter;

use crate::{Error, Result, wait::eventually};

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The daemon. Keeps all notices until [`forget`](Self::forget).
#[derive(Debug)]
pub struct Recorder {
    bus: zbus::Connection,
    board: Board,
}

impl Recorder {
    /// Takes the name on a session bus.
    pub async fn start(bus_address: &str) -> Result<Self> {
        let board = Board::default();
        let bus = zbus::connection::Builder::address(bus_address)?
            .serve_at(PATH, Daemon { board: board.clone() })?
            .name(NAME)?
            .build()
            .await?;
        Ok(Self { bus, board })
    }

    /// Releases the name and leaves the bus.
    pub async fn stop(self) -> Result<()> {
        self.bus.release_name(NAME).await?;
        Ok(self.bus.close().await?)
    }

    /// Everything announced since the start (or the last [`forget`](Self::forget)), oldest first.
    pub fn all(&self) -> Vec<Notice> {
        self.board.notices().clone()
    }

    /// Forgets all notices, so that the next wait sees only later ones.
    pub fn forget(&self) {
        self.board.notices().clear();
    }

    /// Waits for a notice; `what` describes it in the error, which also lists the notices that came.
    pub async fn wait_for(
        &self,
        what: &str,
        patience: Duration,
        is_it: impl Fn(&Notice) -> bool,
    ) -> Result<Notice> {
        eventually(&format!("the notice {what}"), patience, async || {
            let all = self.all();
            let seen: Vec<String> = all.iter().map(|one| format!("{} / {}", one.summary, one.body)).collect();
            all.into_iter().find(&is_it).ok_or_else(|| format!("{seen:?}"))
        })
        .await
    }

    /// Presses a button, as a click on it does: tells the program, then closes the notice. A person is slower than the
    /// program, which listens for a press once the notice is there.
    pub async fn press(&self, id: u32, action_key: &str) -> Result<()> {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let notice = self.open(id)?;
        if !notice.actions.iter().any(|(key, _)| key == action_key) {
            return Err(Error::NotThere(format!("no button {action_key:?} on {notice:?}")));
        }
        let emitter = SignalEmitter::new(&self.bus, PATH)?;
        Daemon::action_invoked(&emitter, id, action_key).await?;
        self.close(id, 2).await
    }

    fn open(&self, id: u32) -> Result<Notice> {
        let all = self.all();
        let open = all.iter().rev().find(|notice| notice.id == id && !notice.closed);
        open.cloned().ok_or_else(|| Error::NotThere(format!("no open notice {id} among {all:?}")))
    }

    async fn close(&self, id: u32, reason: u32) -> Result<()> {
        self.board.close(id);
        let emitter = SignalEmitter::new(&self.bus, PATH)?;
        Ok(Daemon::notification_closed(&emitter, id, reason).await?)
    }
}
