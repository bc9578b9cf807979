//! Hundreds of host names in a process that may have few files open, as on macOS.
#![cfg(target_os = "linux")]

mod service;

use std::collections::BTreeSet;
use std::fs;
use std::net::UdpSocket;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use dyntray_control::{AgentRequest, Response};
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;

use crate::service::{PATIENCE, SECRET, Service, form, http_server, prepared};

const HOSTS: u32 = 200;
/// The limit on macOS.
const DESCRIPTORS: u32 = 256;

/// A prepared home with this many host names of the one entry of `form`.
fn many(form: Form, count: u32) -> tempfile::TempDir {
    let one = form.entries[0].clone();
    let named = |number| EntryForm {
        id: Some(EntryId(number)),
        hostname: format!("home{number}.spdns.de"),
        ..one.clone()
    };
    let home = prepared(&Form { entries: (1..=count).map(named).collect(), ..form });
    let secrets = home.path().join("secrets");
    let lines: Vec<String> = (1..=count).map(|number| format!("{number} {SECRET}\n")).collect();
    fs::write(&secrets, lines.concat()).expect("writes");
    fs::set_permissions(&secrets, fs::Permissions::from_mode(0o600)).expect("sets");
    home
}

fn open_descriptors(service: &Service) -> usize {
    fs::read_dir(service.proc("fd")).map_or(0, Iterator::count)
}

/// Waits until every host name has sent `address`. Gives the greatest number of open descriptors meanwhile.
fn await_updates(service: &Service, requests: &Receiver<String>, address: &str) -> usize {
    let (began, mut arrived, mut most) = (Instant::now(), BTreeSet::new(), 0);
    while arrived.len() < HOSTS as usize {
        assert!(
            began.elapsed() < PATIENCE,
            "{} of {HOSTS} updates arrived, {most} descriptors",
            arrived.len()
        );
        most = most.max(open_descriptors(service));
        match requests.recv_timeout(Duration::from_millis(20)) {
            Ok(request) if request.contains(address) => {
                let hostname = request.split("hostname=").nth(1).expect("a host name");
                arrived.insert(hostname.split('&').next().expect("a host name").to_owned());
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => panic!("the server has ended"),
        }
    }
    most
}

#[tokio::test]
async fn with_hundreds_of_host_names_and_a_silent_name_server_every_update_is_sent_with_few_descriptors() {
    let (resolver, _asked) = http_server(&["84.160.12.7", "84.160.12.8"]);
    let (server, requests) = http_server(&["good"]);
    let silent = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let name_server = silent.local_addr().expect("has one").to_string();
    let form = Form { name_server, ..form(&format!("http://{resolver}/"), server) };
    let service = Service::in_home(many(form, HOSTS), DESCRIPTORS);
    let first = await_updates(&service, &requests, "84.160.12.7");
    // A source that was asked just now isn't asked again.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(matches!(service.ask(AgentRequest::UpdateNow).await, Response::Done));
    // All checks are due again, and those before still hang.
    let second = await_updates(&service, &requests, "84.160.12.8");
    let hanging = open_descriptors(&service);
    for most in [first, second, hanging] {
        assert!(
            (1..DESCRIPTORS as usize / 3).contains(&most),
            "{most} of {DESCRIPTORS} descriptors are taken"
        );
    }
    let mut asked = [0; 512];
    silent.set_nonblocking(true).expect("sets");
    assert!(silent.recv(&mut asked).is_ok(), "the name server was asked");
}
