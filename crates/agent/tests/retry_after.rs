//! Stories of servers that say when to come again, as real answers on the wire.
#![cfg(unix)]

mod wire;

use std::path::Path;
use std::time::Duration;

use dyntray_agent::keyring::{Keyring, SecretStore};
use dyntray_agent::run::{Agent, Folders, Handle, RunMode, Started};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_agent::{install_tls, sender, web_resolver};
use dyntray_control::AgentRequest;
use dyntray_core::Snapshot;
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::present::{EntryStatus, NextWhy, Status};
use dyntray_core::protocol::reply::Verdict;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::settings::form::{AddressChoice, EntryForm, Form};
use dyntray_core::settings::{Proxy, Records};
use dyntray_core::types::address::Family;
use dyntray_core::types::entry_id::EntryId;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinHandle;
use wire::{Act, IPV4, Server, TOKEN};

/// The answer of a service that people reported, byte by byte.
const REPORTED: &str = "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nRetry-After: 3600\r\n\
    Content-Length: 58\r\nConnection: close\r\n\r\n\
    Request was throttled. Expected available in 3600 seconds.";

/// The seconds that the server of this answer asks to wait, when it is sent an update and when it is asked for an address.
async fn asked_for(act: Act) -> Option<i64> {
    install_tls();
    let server = Server::start(act).await;
    let sent = sender::send(&wire::request(server.update()), &TOKEN.into(), &Proxy::System).await;
    let looked = web_resolver::look_up(&server.page("/"), Family::Ipv4).await;
    assert_eq!(sent.retry_after.is_some(), looked.retry_after.is_some(), "one meaning for both");
    let (wish, other) = (sent.retry_after?, looked.retry_after?);
    assert_eq!((&wish.server, wish.status), (&other.server, other.status));
    assert!((wish.wait - other.wait).abs() < SignedDuration::from_secs(5), "{wish:?} and {other:?}");
    assert_eq!(wish.server, format!("127.0.0.1:{}", server.port()));
    let code = wish.status.to_string();
    assert_eq!(sent.end, SendEnd::Answered(Verdict::Retry(RetryableError::Server { code })));
    let why = LookUpProblem::Status { status: wish.status };
    assert_eq!(looked.observation, Observation::Unavailable { why });
    Some(wish.wait.as_secs())
}

#[tokio::test]
async fn a_server_says_when_to_come_again_in_seconds_or_by_a_date_of_its_own_clock() {
    assert_eq!(asked_for(Act::Answer(REPORTED.into())).await, Some(3600));
    // However its answer ends.
    let too_long = REPORTED.replace("Content-Length: 58", "Content-Length: 580");
    let cut_chunk = REPORTED.replace("Content-Length: 58", "Transfer-Encoding: chunked");
    for act in [
        Act::Answer(too_long.clone().into()),
        Act::ResetAfter(too_long.into()),
        Act::Answer(cut_chunk.into()),
    ] {
        assert_eq!(asked_for(act).await, Some(3600));
    }
    for (headers, seconds) in [
        ("Retry-After: 120\r\n", Some(120)),
        ("retry-after:  120  \r\n", Some(120)),
        ("Retry-After: 9999999\r\n", Some(86_400)),
        ("Retry-After: 60\r\nRetry-After: 120\r\n", Some(120)),
        // Whatever this machine's clock says.
        ("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun, 06 Nov 1994 08:51:37 GMT\r\n", Some(120)),
        ("Retry-After: Sunday, 06-Nov-94 08:51:37 GMT\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n", Some(120)),
        ("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\nRetry-After: Sun Nov  6 08:51:37 1994\r\n", Some(120)),
        ("Date: Fri, 01 Jan 2100 00:00:00 GMT\r\nRetry-After: Fri, 01 Jan 2100 00:02:00 GMT\r\n", Some(120)),
        ("", None),
        ("Retry-After: 0\r\n", None),
        ("Retry-After: soon\r\n", None),
        ("Retry-After: \u{fc}\r\n", None),
        ("Retry-After: Sun, 06 Nov 1994 08:51:37 GMT\r\n", None),
    ] {
        for status in [429, 503] {
            assert_eq!(asked_for(Act::with(status, headers, "Later.")).await, seconds, "{status} {headers}");
        }
    }
    for status in [200, 302, 401, 404, 500] {
        assert_eq!(asked_for(Act::with(status, "Retry-After: 120\r\n", "Later.")).await, None, "{status}");
    }
}

#[tokio::test]
async fn a_date_without_the_answers_own_is_read_by_this_machines_clock() {
    let in_an_hour = Timestamp::now() + SignedDuration::from_hours(1);
    let date = in_an_hour.strftime("%a, %d %b %Y %H:%M:%S GMT");
    let act = Act::with(503, &format!("Retry-After: {date}\r\n"), "Later.");
    let seconds = asked_for(act).await.expect("a wish");
    assert!((3580..=3600).contains(&seconds), "{seconds}");
}

/// The settings and secrets of entries with a fixed address at these servers, in a folder of their own.
async fn home(folder: &Path, servers: &[&Server]) -> Folders {
    let secrets = SecretStore::File(folder.join("secrets"));
    let keyring = Keyring::start(secrets.clone());
    let mut entries = Vec::new();
    for (number, server) in (1u32..).zip(servers) {
        keyring.write(EntryId(number), TOKEN.into()).await.expect("writes");
        entries.push(EntryForm {
            id: Some(EntryId(number)),
            hostname: format!("home{number}.spdns.de"),
            server: format!("127.0.0.1:{}", server.port()),
            protocol: Records::Ipv4,
            address_from: AddressChoice::Fixed,
            fixed_ipv4: IPV4.to_owned(),
            ..EntryForm::default()
        });
    }
    let form = Form { entries, home_lock: false, ..Form::default() };
    SettingsFile::in_folder(folder).save(&form).expect("saves");
    Folders { config: folder.to_owned(), data: folder.to_owned(), secrets }
}

fn start(folders: &Folders) -> (Handle, JoinHandle<()>) {
    start_as(RunMode::Daemon, folders)
}

fn start_as(mode: RunMode, folders: &Folders) -> (Handle, JoinHandle<()>) {
    install_tls();
    let Started { handle, agent, .. } = Agent::start(folders, mode).expect("starts");
    (handle, tokio::spawn(agent.run()))
}

/// The first snapshot in which every entry is as wanted.
async fn seen(handle: &mut Handle, is_wanted: impl Fn(&EntryStatus) -> bool) -> Snapshot {
    let wanted = handle.snapshots.wait_for(|seen| seen.entries.iter().all(&is_wanted));
    let seen = tokio::time::timeout(Duration::from_secs(20), wanted).await.expect("in time");
    seen.expect("the agent runs").clone()
}

fn waits_as_asked(entry: &EntryStatus) -> bool {
    entry.next.is_some_and(|next| next.why == NextWhy::RetryAfter)
}

#[tokio::test]
async fn the_program_leaves_a_server_alone_that_asked_for_it_and_shows_until_when() {
    let server = Server::start(Act::Answer(REPORTED.into())).await;
    let other = Server::start(Act::status(200, format!("good {IPV4}"))).await;
    let folder = tempfile::tempdir().expect("a folder");
    let folders = home(folder.path(), &[&server, &server, &other]).await;
    let before = Timestamp::now();
    let (mut handle, agent) = start(&folders);
    let is_settled = |entry: &EntryStatus| {
        waits_as_asked(entry) || (entry.id == EntryId(3) && entry.status == Status::Fine)
    };
    let shown = seen(&mut handle, is_settled).await;
    let until = shown.entries[0].next.expect("a next step").at;
    let asked = until.duration_since(before);
    assert!(asked >= SignedDuration::from_secs(3600) && asked < SignedDuration::from_secs(3620), "{asked}");
    assert_eq!(shown.entries[1].next, shown.entries[0].next, "both wait");
    for request in [
        AgentRequest::UpdateNow,
        AgentRequest::TryAgain { entry: EntryId(1) },
        AgentRequest::TryAgain { entry: EntryId(2) },
    ] {
        handle.ask(request).await;
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(server.requests().len(), 1, "no person hurries it");
    assert_eq!(other.requests().len(), 1);
    drop(handle);
    agent.await.expect("it ends");

    let (mut handle, _agent) = start(&folders);
    let shown = seen(&mut handle, is_settled).await;
    handle.ask(AgentRequest::UpdateNow).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert_eq!(shown.entries[0].next.map(|next| next.at), Some(until), "kept over a restart");
    assert_eq!((server.requests().len(), other.requests().len()), (1, 1));
}

#[tokio::test]
async fn what_may_have_been_a_refusal_is_tried_again_by_a_timer_no_sooner_than_by_the_program() {
    let server = Server::start(Act::status(200, "Wrong password.")).await;
    let folder = tempfile::tempdir().expect("a folder");
    let folders = home(folder.path(), &[&server]).await;
    let wait = |shown: &Snapshot| match shown.entries[0].status {
        Status::Failed { retry_at, .. } => retry_at.duration_since(Timestamp::now()),
        ref other => panic!("{other:?}"),
    };
    let has_failed = |entry: &EntryStatus| matches!(entry.status, Status::Failed { .. });
    for _run in 1..=3 {
        let (mut handle, agent) = start_as(RunMode::OneShot, &folders);
        handle.ask(AgentRequest::UpdateWhenDue).await;
        let shown = seen(&mut handle, has_failed).await;
        assert!(wait(&shown) > SignedDuration::from_mins(9), "{:?}", wait(&shown));
        drop(handle);
        agent.await.expect("it ends");
    }
    assert_eq!(server.requests().len(), 1);
    let (mut handle, _agent) = start_as(RunMode::OneShot, &folders);
    handle.ask(AgentRequest::UpdateNow).await;
    let is_hurried = |entry: &EntryStatus| matches!(entry.status, Status::Failed { retry_at, .. } if retry_at < Timestamp::now() + SignedDuration::from_mins(2));
    seen(&mut handle, is_hurried).await;
}

#[test]
fn a_wish_is_about_the_server_and_not_about_a_page_of_it() {
    let wish = |page: &str| {
        let server = dyntray_core::types::server::WebAddress::parse(page).expect("valid");
        RetryAfter::read(&server, 429, ["60"], None, Timestamp::UNIX_EPOCH).map(|wish| wish.server)
    };
    assert_eq!(wish("https://ip.example.org/4"), wish("https://IP.example.org:443/6"));
    assert_ne!(wish("https://ip.example.org/"), wish("https://ip.example.org:8443/"));
}
