//! `dyntray update` and `dyntray check`: look now, wait until that has come to something, and say what.

use std::time::Duration;

use dyntray_control::Request;
use dyntray_core::Snapshot;
use dyntray_core::observe::finding::HoldReason;
use dyntray_core::present::{EntryStatus, Status};
use dyntray_core::types::source::Origin;
use jiff::{SignedDuration, Timestamp};

use super::backend::Backend;
use crate::app_paths::AppPaths;
use crate::start_error::StartError;

/// How long the outcome is waited for.
const LIMIT: Duration = Duration::from_mins(1);
/// The program doesn't look again so shortly after a look-up.
const JUST_LOOKED: SignedDuration = SignedDuration::from_secs(6);

/// Looks now and updates what differs; gives what came of it, or what it was at after a minute.
pub(super) async fn update(peer: &mut Backend, places: &AppPaths) -> Result<Snapshot, StartError> {
    let asked = Timestamp::now();
    peer.ask(&Request::UpdateNow).await?;
    wait(peer, places, |entry| is_settled(entry, asked)).await
}

/// Looks now, and nothing more. Only an agent of our own can do that: the running program shows what it knows.
pub(super) async fn look(peer: &mut Backend, places: &AppPaths) -> Result<Snapshot, StartError> {
    let asked = Timestamp::now();
    if matches!(peer, Backend::Alone(_)) {
        // Makes all look-ups due.
        peer.ask(&Request::UpdateNow).await?;
        return wait(peer, places, |entry| has_looked(entry, asked)).await;
    }
    wait(peer, places, |_| true).await
}

async fn wait(
    peer: &Backend,
    places: &AppPaths,
    is_done: impl Fn(&EntryStatus) -> bool,
) -> Result<Snapshot, StartError> {
    let mut snapshots = peer.snapshots(places).await?;
    let deadline = tokio::time::Instant::now() + LIMIT;
    let mut last = None;
    loop {
        match tokio::time::timeout_at(deadline, snapshots.next()).await {
            Ok(snapshot) => {
                let snapshot = snapshot?;
                if snapshot.pause.is_some() || snapshot.entries.iter().all(&is_done) {
                    return Ok(snapshot);
                }
                last = Some(snapshot);
            }
            Err(_) => return last.ok_or(StartError::NotRunning),
        }
    }
}

fn is_settled(entry: &EntryStatus, asked: Timestamp) -> bool {
    match entry.status {
        // What is tried again at once, because a person asked, hasn't come to anything yet.
        Status::Failed { retry_at, .. } => retry_at > Timestamp::now(),
        Status::LookingUp | Status::Sending | Status::Queued => false,
        _ => has_looked(entry, asked),
    }
}

/// Whether every source that is asked has answered since `asked`.
fn has_looked(entry: &EntryStatus, asked: Timestamp) -> bool {
    // This machine's own addresses are known without asking.
    let is_known = |origin| matches!(origin, Origin::Interface | Origin::Fixed);
    let said = || entry.families.iter().flat_map(|family| &family.why.said);
    let looked = said().all(|said| is_known(said.origin) || said.at >= asked - JUST_LOOKED);
    match entry.status {
        Status::Disabled | Status::Paused | Status::Halted { .. } => true,
        Status::LookingUp => false,
        Status::Held { hold } => {
            looked && !matches!(hold, HoldReason::Unconfirmed | HoldReason::WhichNetwork)
        }
        _ => looked,
    }
}
