//! Tests of the name server, queried with `dig` from Debian's `bind9-dnsutils`.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::process::Command;

use harness::{HOST, Stage};

async fn stage() -> Option<Stage> {
    if Command::new("dig").arg("-v").output().is_err() {
        harness::skipped("a test of the name server: dig is missing (apt-get install bind9-dnsutils)");
        return None;
    }
    Some(Stage::with(|options| options.dns_port = Some(0)).await)
}

/// The output of `dig`.
async fn dig(stage: &Stage, query: &[&str]) -> String {
    let address = stage.sandbox.dns_address().unwrap();
    let mut dig = Command::new("dig");
    dig.arg(format!("@{}", address.ip())).args(["-p", &address.port().to_string(), "+time=5", "+tries=1"]);
    dig.args(query);
    let output = tokio::task::spawn_blocking(move || dig.output().unwrap()).await.unwrap();
    String::from_utf8(output.stdout).unwrap()
}

async fn short(stage: &Stage, query: &[&str]) -> String {
    dig(stage, &[&["+short"], query].concat()).await.trim().to_owned()
}

async fn serial(stage: &Stage) -> u32 {
    let soa = short(stage, &["SOA", "spdns.de"]).await;
    soa.split(' ').nth(2).unwrap().parse().unwrap()
}

#[tokio::test]
async fn dig_reads_an_update_at_once_over_udp_and_tcp_with_a_low_ttl() {
    let Some(stage) = stage().await else { return };
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    for at in 1..=5 {
        let (ipv4, ipv6) = (format!("84.160.1.{at}"), format!("2003:e1::{at}"));
        stage.update(&token, &format!("{ipv4},{ipv6}")).await;
        for protocol in ["+notcp", "+tcp"] {
            assert_eq!(short(&stage, &[protocol, HOST]).await, ipv4);
            assert_eq!(short(&stage, &[protocol, "AAAA", "HOME.spdns.DE"]).await, ipv6);
        }
    }
    let whole = dig(&stage, &[HOST]).await;
    let answer = whole.lines().find(|line| line.starts_with(HOST)).unwrap();
    assert_eq!(
        answer.split_whitespace().collect::<Vec<_>>(),
        [&format!("{HOST}."), "60", "IN", "A", "84.160.1.5"]
    );
    assert!(whole.contains("flags: qr aa rd;") && whole.contains("NOERROR"));
}

#[tokio::test]
async fn the_serial_grows_with_each_change_and_only_then() {
    let Some(stage) = stage().await else { return };
    let before = serial(&stage).await;
    let (mut browser, token) = stage.owner().await;
    let made = serial(&stage).await;
    stage.update(&token, "84.160.1.1").await;
    let updated = serial(&stage).await;
    assert!(before < made && made < updated);
    assert_eq!(stage.update(&token, "84.160.1.1").await, "nochg 84.160.1.1");
    assert_eq!(serial(&stage).await, updated);
    browser.set_active(HOST, false).await;
    assert!(serial(&stage).await > updated);
}

#[tokio::test]
async fn missing_records_missing_names_and_foreign_zones_are_told_apart() {
    let Some(stage) = stage().await else { return };
    let token = stage.sandbox.make_token("a.b.spdns.de").await.unwrap();
    let update = "hostname=a.b.spdns.de&myip=84.160.1.1";
    assert_eq!(stage.update_as("a.b.spdns.de", &token, update).await, "good 84.160.1.1");
    let cases = [
        (["A", "a.b.spdns.de"], "NOERROR", "ANSWER: 1, AUTHORITY: 0"),
        (["AAAA", "a.b.spdns.de"], "NOERROR", "ANSWER: 0, AUTHORITY: 1"),
        (["TXT", "a.b.spdns.de"], "NOERROR", "ANSWER: 0, AUTHORITY: 1"),
        (["A", "b.spdns.de"], "NOERROR", "ANSWER: 0, AUTHORITY: 1"),
        (["A", "c.spdns.de"], "NXDOMAIN", "ANSWER: 0, AUTHORITY: 1"),
        (["NS", "my-router.de"], "NOERROR", "ANSWER: 1, AUTHORITY: 0"),
        (["A", "my-router.de"], "NOERROR", "ANSWER: 0, AUTHORITY: 1"),
        (["A", "notspdns.de"], "REFUSED", "ANSWER: 0, AUTHORITY: 0"),
        (["A", "example.org"], "REFUSED", "ANSWER: 0, AUTHORITY: 0"),
    ];
    for (query, status, counts) in cases {
        let whole = dig(&stage, &query).await;
        assert!(whole.contains(&format!("status: {status},")), "{whole}");
        assert!(whole.contains(counts), "{whole}");
    }
    let version = dig(&stage, &["+edns=1", "+noednsnegotiation", "A", "a.b.spdns.de"]).await;
    assert!(version.contains("BADVERS"), "{version}");
}

#[tokio::test]
async fn a_host_that_is_switched_off_leaves_the_zone() {
    let Some(stage) = stage().await else { return };
    let (mut browser, token) = stage.owner().await;
    stage.update(&token, "84.160.1.1").await;
    browser.set_active(HOST, false).await;
    assert!(dig(&stage, &[HOST]).await.contains("NXDOMAIN"));
    browser.set_active(HOST, true).await;
    assert_eq!(short(&stage, &[HOST]).await, "84.160.1.1");
    stage.control("/control/line", serde_json::json!({"ipv4": "84.160.9.9", "ipv6": null})).await;
    assert_eq!(short(&stage, &[HOST]).await, "84.160.1.1", "only an update changes the record");
}

#[tokio::test]
async fn garbage_does_not_stop_the_name_server_and_its_port_is_free_after_stop() {
    let stage = Stage::with(|options| options.dns_port = Some(0)).await;
    let address = stage.sandbox.dns_address().unwrap();
    let socket = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for length in 0..200_u8 {
        socket.send_to(&vec![length.wrapping_mul(37); usize::from(length)], address).await.unwrap();
    }
    // ID 7, one query: spdns.de SOA IN.
    let query = b"\0\x07\0\0\0\x01\0\0\0\0\0\0\x05spdns\x02de\0\0\x06\0\x01";
    let mut answer = [0; 512];
    socket.send_to(query, address).await.unwrap();
    loop {
        let read = tokio::time::timeout(std::time::Duration::from_secs(10), socket.recv(&mut answer));
        assert!(read.await.unwrap().unwrap() >= 12);
        if answer[..2] == [0, 7] {
            break;
        }
    }
    assert_eq!((answer[3] & 15, answer[7]), (0, 1), "no error, one answer");
    stage.sandbox.stop().await;
    tokio::net::UdpSocket::bind(address).await.unwrap();
    std::net::TcpListener::bind(address).unwrap();
}
