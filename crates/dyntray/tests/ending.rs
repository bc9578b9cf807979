//! The service ends within three seconds, whoever leaves it without an answer.
#![cfg(target_os = "linux")]

mod service;

use std::net::UdpSocket;
use std::process::Command;
use std::time::Duration;

use crate::service::{PATIENCE, Service, form, http_server, prepared};

/// The longest end.
const LONGEST: Duration = Duration::from_secs(3);

#[test]
fn a_request_under_way_holds_the_end_up_for_a_moment_only() {
    let (resolver, _asked) = http_server(&["84.160.12.7"]);
    let (silent, requests) = http_server(&[]);
    let mut service = Service::in_home(prepared(&form(&format!("http://{resolver}/"), silent)), 1024);
    let request = requests.recv_timeout(PATIENCE).expect("an update is sent");
    assert!(request.contains("84.160.12.7"), "{request}");
    let took = service.terminate();
    assert!(took < LONGEST, "{took:?}");
}

#[test]
fn three_silent_name_servers_dont_hold_the_end_up() {
    let can = |line: &str| Command::new("unshare").args(["-m", "sh", "-c", line]).status();
    if !can("mount --bind /dev/null /etc/resolv.conf").is_ok_and(|status| status.success()) {
        eprintln!("skipped: only root can have name servers of its own");
        return;
    }
    let servers = ["127.77.0.1", "127.77.0.2", "127.77.0.3"]
        .map(|address| UdpSocket::bind((address, 53)).expect("a name server's port"));
    let (server, _requests) = http_server(&[]);
    let home = prepared(&form("https://resolver.example/", server));
    let lines =
        servers.each_ref().map(|server| format!("nameserver {}\n", server.local_addr().expect("one").ip()));
    std::fs::write(home.path().join("resolv.conf"), lines.concat()).expect("writes");
    let mut unshare = Command::new("unshare");
    unshare.args(["-m", "sh"]);
    let mut service =
        Service::after(unshare, "mount --bind \"$HOME/resolv.conf\" /etc/resolv.conf || exit 1", home);
    servers[0].set_read_timeout(Some(PATIENCE)).expect("sets");
    servers[0].recv(&mut [0; 512]).expect("a question");
    let took = service.terminate();
    assert!(took < LONGEST, "{took:?}");
}
