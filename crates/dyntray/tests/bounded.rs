//! However a program of the same user treats the socket, the service has descriptors and memory left.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use dyntray_control::{AgentRequest, Response};

use crate::service::Service;

fn connected(service: &Service) -> Option<UnixStream> {
    UnixStream::connect(service.path("run/dyntray/control.sock")).ok()
}

#[tokio::test]
async fn however_many_silent_clients_there_are_the_loop_has_descriptors_left_and_a_command_is_answered() {
    let service = Service::start(256);
    assert!(matches!(service.ask(AgentRequest::Status).await, Response::Snapshot { .. }));
    let mut silent = Vec::new();
    for _ in 0..500 {
        silent.extend(connected(&service));
        if silent.len() % 50 == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
    assert!(silent.len() > 400, "{}", silent.len());
    assert!(matches!(service.ask(AgentRequest::Status).await, Response::Snapshot { .. }));
    let open = fs::read_dir(service.proc("fd")).expect("is there").count();
    assert!(open < 128, "{open} of 256 descriptors are taken");
}

#[tokio::test]
async fn unfinished_lines_take_little_memory_and_end_soon() {
    let service = Service::start(1024);
    assert!(matches!(service.ask(AgentRequest::Status).await, Response::Snapshot { .. }));
    let mut lines = Vec::new();
    for _ in 0..40 {
        let mut stream = connected(&service).expect("connects");
        stream.set_nonblocking(true).expect("sets");
        stream.write_all(b"{").expect("writes");
        lines.push((stream, 0));
    }
    let piece = vec![b' '; 64 * 1024];
    for _ in 0..400 {
        for (stream, sent) in &mut lines {
            match stream.write(&piece) {
                Ok(length) if *sent < 8_000_000 => *sent += length,
                _ => {}
            }
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let status = fs::read_to_string(service.proc("status")).expect("is there");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak").trim();
    let kilobytes: u32 = peak.trim_end_matches(" kB").parse().expect("a number");
    assert!(kilobytes < 96 * 1024, "{peak}");
    assert!(matches!(service.ask(AgentRequest::Status).await, Response::Snapshot { .. }));
    tokio::time::sleep(Duration::from_secs(12)).await;
    for (mut stream, _) in lines {
        stream.set_nonblocking(true).expect("sets");
        let mut told = Vec::new();
        match stream.read_to_end(&mut told) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => panic!("still open"),
            _ => {}
        }
    }
}
