//! A panic in any thread or task: either it fails one piece of work, and the service goes on, or the service ends for
//! systemd to start it again. It never runs on with a dead part.
#![cfg(all(target_os = "linux", debug_assertions))]

mod service;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use dyntray_control::{AgentRequest, Client, Response};
use dyntray_core::present::{Mood, Status};
use dyntray_core::protocol::retryable::RetryableError;

use crate::service::{PATIENCE, Service, form, http_server, prepared};

const ADDRESS: &str = "84.160.12.7";
/// A secret in the words of the panic.
const CANARY: &str = "abcd-efgh-ijkl";

/// A service that is to fail in `part`, after a line of a shell.
fn failing_in(part: &str, line: &str) -> Service {
    let (resolver, _) = http_server(&[ADDRESS]);
    let (server, _) = http_server(&["good 84.160.12.7"]);
    let home = prepared(&form(&format!("http://{resolver}/"), server));
    Service::after(Command::new("sh"), &format!("export DYNTRAY_FAULT_IN=\"{part}\"; {line}"), home)
}

/// The log, once the panic is in it.
fn log_of_panic(service: &Service, part: &str) -> String {
    let began = Instant::now();
    loop {
        let log = fs::read_to_string(service.path(".local/share/dyntray/dyntray.log")).unwrap_or_default();
        if log.contains(&format!("a fault on purpose in {part}")) {
            assert!(!log.contains(CANARY), "{log}");
            return log;
        }
        assert!(began.elapsed() < PATIENCE, "{part} never failed: {log}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn ends_after_a_panic_in(part: &str, mut service: Service) {
    log_of_panic(&service, part);
    let began = Instant::now();
    let status = loop {
        if let Some(status) = service.child.try_wait().expect("is ours") {
            break status;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "it runs on without {part}");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert_eq!(status.code(), Some(1), "{part}");
}

#[test]
fn a_panic_in_a_part_that_it_cant_do_without_ends_the_service() {
    for part in [
        "the loop",
        "the watch on the network",
        "the router's events",
        "the socket",
        "the service",
        // A library's, for example.
        "a thread",
    ] {
        ends_after_a_panic_in(part, failing_in(part, ":"));
    }
    // Only the system's keyring is watched.
    let part = "the watch on the keyring";
    ends_after_a_panic_in(part, failing_in(part, "exec \"$0\" run"));
}

#[tokio::test]
async fn a_panic_that_a_request_sets_off_ends_the_service_too() {
    let service = failing_in("a client", ":");
    let began = Instant::now();
    let mut client = loop {
        match Client::connect(&service.runtime_dir()).await {
            Ok(client) => break client,
            Err(error) => assert!(began.elapsed() < PATIENCE, "{error}"),
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    assert!(client.ask(AgentRequest::Status).await.is_err(), "there is no answer");
    ends_after_a_panic_in("a client", service);
}

#[tokio::test]
async fn a_panic_in_one_piece_of_work_fails_that_piece_and_the_service_goes_on() {
    for part in ["a look-up", "a DNS check", "a reading of the network", "the keyring"] {
        let mut service = failing_in(part, ":");
        let log = log_of_panic(&service, part);
        let began = Instant::now();
        loop {
            service.ask(AgentRequest::UpdateNow).await;
            let Response::Snapshot { snapshot } = service.ask(AgentRequest::Status).await else {
                panic!("no snapshot")
            };
            if snapshot.entries[0].status == Status::Fine {
                break;
            }
            assert!(began.elapsed() < PATIENCE, "{part}: {:?} {log}", snapshot.entries[0].status);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        assert!(service.child.try_wait().expect("is ours").is_none(), "{part}");
        assert!(service.terminate() < Duration::from_secs(3), "{part}");
    }
}

#[tokio::test]
async fn a_panic_while_sending_is_an_update_that_nobody_confirmed() {
    let mut service = failing_in("an update", ":");
    log_of_panic(&service, "an update");
    let Response::Snapshot { snapshot } = service.ask(AgentRequest::Status).await else {
        panic!("no snapshot")
    };
    let status = &snapshot.entries[0].status;
    let is_unconfirmed = matches!(status, Status::Failed { error: RetryableError::Unconfirmed, .. });
    assert!(is_unconfirmed && snapshot.mood != Mood::Fine, "{status:?}");
    assert!(service.terminate() < Duration::from_secs(3));
}
