//! Tests of the limits: sizes, connections, the hash queue.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::time::Duration;

use harness::{HOST, Stage};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const CROWD: usize = 500;

/// Sends raw bytes and returns what comes back until the connection ends or falls silent.
async fn raw(stage: &Stage, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(stage.sandbox.authority()).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    let _ = tokio::time::timeout(Duration::from_millis(500), stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn malformed_requests_get_400_and_wrong_methods_405() {
    let stage = Stage::new().await;
    let malformed: [&[u8]; 5] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello over plain HTTP\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST /login HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nHost\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    for bytes in malformed {
        let answer = raw(&stage, bytes).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{:?}: {answer}", String::from_utf8_lossy(bytes));
    }
    for (method, path) in
        [("DELETE", "/hosts"), ("PUT", "/nic/update"), ("POST", "/checkip4"), ("GET", "/logout")]
    {
        let method = method.parse().unwrap();
        assert_eq!(
            stage.client.request(method, stage.url(path)).send().await.unwrap().status(),
            405,
            "{path}"
        );
    }
    assert_eq!(stage.get("/checkip4").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn oversized_uris_headers_and_bodies_get_a_status_that_says_so() {
    let stage = Stage::new().await;
    let long = "a".repeat(20_000);
    let uri = stage.get(&format!("/nic/update?hostname={long}")).send().await.unwrap();
    assert_eq!(uri.status(), 414);
    let header = stage.get("/checkip4").header("x-long", &long).send().await.unwrap();
    assert_eq!(header.status(), 431);
    assert!(header.text().await.unwrap().contains("16 KiB"));
    let enormous = format!("GET /checkip4 HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(200_000));
    assert!(raw(&stage, enormous.as_bytes()).await.starts_with("HTTP/1.1 431"));
    let body = stage.client.post(stage.url("/control/line")).header("content-type", "application/json");
    let body = body.body("x".repeat(70_000)).send().await.unwrap();
    assert_eq!(body.status(), 413);
    // A form without `Content-Length`.
    let mut browser = stage.browser();
    browser.get("/login").await;
    let cookie = browser.cookie.clone().unwrap();
    let mut chunked = format!(
        "POST /login HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nTransfer-Encoding: chunked\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\r\n"
    );
    let piece = format!("2000\r\n{}\r\n", "a".repeat(0x2000));
    chunked.push_str(&piece.repeat(9));
    let answer = raw(&stage, format!("{chunked}0\r\n\r\n").as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn connections_beyond_the_places_are_closed_at_once_and_the_sandbox_recovers() {
    let stage = Stage::with(|options| options.max_connections = 64).await;
    let mut waiting = tokio::task::JoinSet::new();
    for _ in 0..CROWD {
        let authority = stage.sandbox.authority();
        // Each client stays and sends nothing: one that is served hears nothing, one that is refused sees the end.
        waiting.spawn(async move {
            let mut stream = TcpStream::connect(authority).await.unwrap();
            let mut text = Vec::new();
            let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut text)).await;
            (stream, ended.is_err(), text.is_empty())
        });
    }
    let crowd = waiting.join_all().await;
    assert_eq!(crowd.iter().filter(|(_, served, _)| *served).count(), 32, "half of the places");
    assert!(crowd.iter().all(|(_, _, silent)| *silent));
    drop(crowd);
    let mut tries = 0;
    while !stage.get("/checkip4").send().await.is_ok_and(|answer| answer.status() == 200) {
        tries += 1;
        assert!(tries < 50, "the sandbox recovers");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn updates_beyond_the_hash_queue_are_told_to_come_back_later() {
    let stage = Stage::with(|options| options.hash_queue = 1).await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let mut asking = tokio::task::JoinSet::new();
    for at in 0..40 {
        let query = format!("/nic/update?hostname={HOST}&myip=84.160.2.{at}");
        let request = stage.get(&query).basic_auth(HOST, Some(&token));
        asking.spawn(async move {
            let answer = request.send().await.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        });
    }
    let answers = asking.join_all().await;
    let good =
        answers.iter().filter(|(status, text)| *status == 200 && text.starts_with("good 84.160.2.")).count();
    let later = answers.iter().filter(|(status, text)| *status == 503 && text == "911").count();
    assert!(good >= 3 && later > 0 && good + later == answers.len(), "{answers:?}");
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
}
