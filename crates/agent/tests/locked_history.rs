//! A history that another process locks, and one that takes long to read: the loop goes on meanwhile.
#![cfg(unix)]

mod wire;

use std::path::Path;
use std::time::{Duration, Instant};

use dyntray_agent::history::{Durability, History};
use dyntray_agent::install_tls;
use dyntray_agent::keyring::{Keyring, SecretStore};
use dyntray_agent::run::{Agent, Folders, Handle, RunMode, Started};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::Status;
use dyntray_core::protocol::reply::Accepted;
use dyntray_core::record::{HistoryItem, UpdateResult};
use dyntray_core::state::State;
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use rusqlite::Connection;
use wire::{Act, HOST, IPV4, Server, TOKEN};

/// The time for any step: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// The settings and the secret of an entry with a fixed address at `server`, which `folder` then has.
async fn home(folder: &Path, server: &Server) -> Folders {
    let secrets = SecretStore::File(folder.join("secrets"));
    Keyring::start(secrets.clone()).write(EntryId(1), TOKEN.into()).await.expect("writes");
    let form = server.form();
    SettingsFile::in_folder(folder).save(&form).expect("saves");
    Folders { config: folder.to_owned(), data: folder.to_owned(), secrets }
}

fn start(folders: &Folders) -> Handle {
    install_tls();
    let Started { handle, agent, .. } = Agent::start(folders, RunMode::Daemon).expect("starts");
    tokio::spawn(agent.run());
    handle
}

/// Another process that is writing to the history.
fn lock(folder: &Path) -> Connection {
    let other = Connection::open(folder.join("history.db")).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("locks");
    other
}

/// The longest time that the loop took to answer within `span`.
async fn slowest_answer(handle: &Handle, span: Duration) -> Duration {
    let (began, mut slowest) = (Instant::now(), Duration::ZERO);
    while began.elapsed() < span {
        let asked = Instant::now();
        assert!(matches!(handle.ask(AgentRequest::Status).await, Response::Snapshot { .. }));
        slowest = slowest.max(asked.elapsed());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    slowest
}

async fn becomes(handle: &mut Handle, is_wanted: impl Fn(&Status) -> bool) {
    let wanted = handle.snapshots.wait_for(|seen| is_wanted(&seen.entries[0].status));
    tokio::time::timeout(PATIENCE, wanted).await.expect("in time").expect("the agent runs");
}

async fn history(handle: &Handle) -> Vec<HistoryItem> {
    match handle.ask(AgentRequest::History { limit: u32::MAX }).await {
        Response::History { items } => items,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_another_process_writes_the_loop_goes_on_and_sends_as_soon_as_it_can_write() {
    let server = Server::start(Act::status(200, format!("good {IPV4}"))).await;
    let folder = tempfile::tempdir().expect("a folder");
    let folders = home(folder.path(), &server).await;
    // The file is there, so that it can be locked.
    drop(History::load(folder.path(), Timestamp::now()).expect("opens"));
    install_tls();
    let Started { mut handle, agent, .. } = Agent::start(&folders, RunMode::Daemon).expect("starts");
    let other = lock(folder.path());
    tokio::spawn(agent.run());
    let slowest = slowest_answer(&handle, Duration::from_secs(2)).await;
    assert!(slowest < Duration::from_millis(1_500), "the loop stood still for {slowest:?}");
    assert_eq!(server.requests().len(), 0, "nothing is sent that isn't on disk");
    let seen = handle.snapshots.borrow().health_issues.clone();
    assert_eq!(seen, [], "that passes");
    other.execute_batch("ROLLBACK").expect("unlocks");
    becomes(&mut handle, |status| *status == Status::Fine).await;
    assert_eq!((server.requests().len(), history(&handle).await.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_comes_while_another_process_writes_is_written_as_soon_as_that_can_be() {
    let server = Server::start(Act::Hang).await;
    let folder = tempfile::tempdir().expect("a folder");
    let handle = start(&home(folder.path(), &server).await);
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let other = lock(folder.path());
    // Its connection breaks, so the request ends with an unknown result.
    drop(server);
    let slowest = slowest_answer(&handle, Duration::from_secs(2)).await;
    assert!(slowest < Duration::from_millis(1_500), "the loop stood still for {slowest:?}");
    assert_eq!(history(&handle).await, [], "it can't be written");
    other.execute_batch("ROLLBACK").expect("unlocks");
    let began = Instant::now();
    let items = loop {
        let items = history(&handle).await;
        if !items.is_empty() || began.elapsed() > PATIENCE {
            break items;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(matches!(items[..], [HistoryItem { result: UpdateResult::Failed { .. }, .. }]), "{items:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_a_long_history_is_read_other_requests_are_answered() {
    let folder = tempfile::tempdir().expect("a folder");
    let line = HistoryItem {
        at: Timestamp::now(),
        entry: EntryId(1),
        hostname: HOST.into(),
        addresses: IPV4.into(),
        result: UpdateResult::Accepted { how: Accepted::Good },
        why: Vec::new(),
        repeated: None,
    };
    let mut loaded = History::load(folder.path(), Timestamp::now()).expect("opens");
    loaded.history.save(&State::default(), &vec![line; 10_000], Durability::Sync).expect("saves");
    drop(loaded);
    let server = Server::start(Act::status(200, format!("good {IPV4}"))).await;
    let mut handle = start(&home(folder.path(), &server).await);
    becomes(&mut handle, |status| *status == Status::Fine).await;
    // Asked one after the other; the first takes longer.
    let (all, status) = tokio::join!(
        biased;
        async { (history(&handle).await.len(), Instant::now()) },
        async {
            let answer = handle.ask(AgentRequest::Status).await;
            assert!(matches!(answer, Response::Snapshot { .. }));
            Instant::now()
        }
    );
    assert_eq!(all.0, 10_000);
    assert!(status < all.1, "the loop was held up");
}
