//! `dyntray update`, `retry` and `check`: look up now, and wait for the outcome.

use std::process::ExitCode;
use std::time::Duration;

use dyntray_control::AgentRequest;
use dyntray_core::Snapshot;
use dyntray_core::observe::finding::HoldReason;
use dyntray_core::present::{EntryStatus, Status};
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::source::Origin;
use dyntray_texts::Texts;
use jiff::{SignedDuration, Timestamp};

use super::backend::Backend;
use super::entries;
use super::print::print_report;
use crate::app_error::AppError;
use crate::app_paths::AppPaths;

/// The longest wait for the outcome.
const LIMIT: Duration = Duration::from_mins(1);
/// The longest wait for the answer to what began within that time.
const ANSWER: Duration = Duration::from_secs(20);
/// A look-up that was made so shortly before isn't repeated.
const JUST_LOOKED: SignedDuration = SignedDuration::from_secs(6);

/// Looks up now and updates what differs, for a person or, `once`, for cron. Returns the outcome, or the state after a
/// minute in which nothing was settled.
pub(super) async fn update(
    backend: &mut Backend,
    paths: &AppPaths,
    once: bool,
) -> Result<Snapshot, AppError> {
    let asked = Timestamp::now();
    backend.ask(if once { AgentRequest::UpdateWhenDue } else { AgentRequest::UpdateNow }).await?;
    wait(backend, paths, |seen, entry| is_settled(seen, entry, asked)).await
}

/// Looks up now, and sends nothing. Only an agent in this process can do that; the running program shows what it knows.
pub(super) async fn check(backend: &mut Backend, paths: &AppPaths) -> Result<Snapshot, AppError> {
    let asked = Timestamp::now();
    if matches!(backend, Backend::Alone(_)) {
        // Makes all look-ups due.
        backend.ask(AgentRequest::UpdateNow).await?;
        return wait(backend, paths, |_, entry| has_looked(entry, asked)).await;
    }
    wait(backend, paths, |_, _| true).await
}

/// Ends the halt of a host name, or of all, updates, and prints the outcome.
pub(super) async fn retry(
    backend: &mut Backend,
    paths: &AppPaths,
    hostname: Option<&str>,
) -> Result<ExitCode, AppError> {
    let asked = Timestamp::now();
    let stopped: Vec<EntryId> = if let Some(hostname) = hostname {
        let form = entries::form(backend).await?;
        match entries::id_of(&form, hostname) {
            Some(id) => vec![id],
            None => return Ok(entries::no_such_host(hostname)),
        }
    } else {
        let is_halted = |entry: &&EntryStatus| matches!(entry.status, Status::Halted { .. });
        backend.snapshot().await?.entries.iter().filter(is_halted).map(|entry| entry.id).collect()
    };
    for entry in stopped {
        backend.ask(AgentRequest::TryAgain { entry }).await?;
    }
    // What only failed is tried again as well.
    backend.ask(AgentRequest::UpdateNow).await?;
    let seen = wait(backend, paths, |seen, entry| is_settled(seen, entry, asked)).await?;
    Ok(print_report(&seen, paths, Texts::report))
}

async fn wait(
    backend: &Backend,
    paths: &AppPaths,
    is_done: impl Fn(&Snapshot, &EntryStatus) -> bool,
) -> Result<Snapshot, AppError> {
    let mut snapshots = backend.snapshots(paths).await?;
    let mut deadline = tokio::time::Instant::now() + LIMIT;
    let mut is_over = false;
    let mut last: Option<Snapshot> = None;
    loop {
        match tokio::time::timeout_at(deadline, snapshots.next()).await {
            Ok(snapshot) => {
                let snapshot = snapshot?;
                if snapshot.pause.is_some() || snapshot.entries.iter().all(|entry| is_done(&snapshot, entry))
                {
                    return Ok(snapshot);
                }
                last = Some(snapshot);
            }
            // A retry after a minute begins now, and its answer is what the person waits for.
            Err(_) if !is_over && last.as_ref().is_some_and(is_under_way) => {
                is_over = true;
                deadline += ANSWER;
            }
            Err(_) => return last.ok_or(AppError::NotRunning),
        }
    }
}

/// True while an answer is awaited, or a retry is due.
fn is_under_way(seen: &Snapshot) -> bool {
    seen.entries.iter().any(|entry| match entry.status {
        Status::LookingUp | Status::Sending => true,
        Status::Failed { retry_at, .. } => retry_at <= Timestamp::now(),
        _ => false,
    })
}

fn is_settled(seen: &Snapshot, entry: &EntryStatus, asked: Timestamp) -> bool {
    match entry.status {
        // It failed just now, or nothing will be sent within the wait.
        Status::Failed { retry_at, failed_at, .. } => {
            failed_at.is_some_and(|at| at >= asked) || retry_at > asked + LIMIT
        }
        Status::LookingUp | Status::Sending => false,
        // What can't be remembered isn't sent, and no wait changes that.
        Status::Queued if seen.health_issues.iter().any(HealthIssue::holds_requests) => true,
        // It may have to wait: for the address of the other family, or because the service wants more time.
        Status::Queued => entry.next.is_some_and(|next| next.at > asked + LIMIT),
        Status::Halted { .. } if entry.secret.looked_for => false,
        _ => has_looked(entry, asked),
    }
}

/// True once every source that is asked has answered since `asked`.
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
