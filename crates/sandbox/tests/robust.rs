//! Tests of what many, slow or greedy clients do: nothing is lost, nothing grows without end, everybody gets a turn.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::time::{Duration, Instant};

use harness::{HOST, STRANGER, Stage, client_at};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

const PASSWORD: &str = "correct horse";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_files_of_tokens_at_once_void_no_token() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    for at in 0..12 {
        browser.add_host(&format!("h{at}.spdns.de")).await;
    }
    let csrf = browser.get("/hosts").await.csrf();
    let mut downloads = tokio::task::JoinSet::new();
    for _ in 0..2 {
        let (mut browser, csrf) = (browser.copy(), csrf.clone());
        downloads.spawn(async move { browser.post_raw("/hosts/tokens", &[("csrf", &csrf)]).await.body });
    }
    let files = downloads.join_all().await;
    let rows: Vec<_> =
        files.iter().flat_map(|csv| csv.lines().skip(1)).map(|row| row.split_once(';').unwrap()).collect();
    assert_eq!(rows.len(), 12, "each host is in one of the files: {files:?}");
    for (name, token) in rows {
        let answer = stage.update_as(name, token, &format!("hostname={name}&myip=84.160.1.1")).await;
        assert_eq!(answer, "good 84.160.1.1", "{name}");
    }
}

fn rows(stage: &Stage, table: &str) -> i64 {
    let db = rusqlite::Connection::open(stage.dir.path().join("sandbox.db")).unwrap();
    db.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn sessions_and_strikes_do_not_grow_without_end() {
    let stage = Stage::with(|options| options.badauth_threshold.window = Duration::from_millis(10)).await;
    let mut owner = stage.browser();
    owner.enter("anna", PASSWORD).await;
    for _ in 0..1_500 {
        stage.get("/login").send().await.unwrap();
    }
    assert!(rows(&stage, "sessions") <= 1_100, "{} sessions", rows(&stage, "sessions"));
    assert_eq!(owner.get("/hosts").await.status, 200, "visitors push out nobody who is logged in");
    for at in 0..20 {
        stage.update_as(&format!("h{at}"), "x", &format!("hostname={HOST}&myip=84.160.1.1")).await;
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    let kept = rows(&stage, "strikes WHERE subject LIKE 'user:%'");
    assert!(kept <= 2, "{kept} strikes");
}

#[tokio::test]
async fn a_body_that_comes_slowly_or_never_ends_after_ten_seconds() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.get("/login").await;
    let cookie = browser.cookie.clone().unwrap();
    let mut tests = tokio::task::JoinSet::new();
    let forms =
        ["POST /login", "POST /control/line", "GET /nic/update?hostname=home.spdns.de", "GET /checkip4"];
    for (form, drips) in forms.into_iter().flat_map(|form| [(form, false), (form, true)]) {
        let (authority, cookie) = (stage.sandbox.authority(), cookie.clone());
        tests.spawn(async move {
            let media = if form.contains("control") { "application/json" } else { "application/x-www-form-urlencoded" };
            let head = format!(
                "{form} HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: x\r\nCookie: {cookie}\r\nContent-Type: {media}\r\n\
                 Content-Length: 1000\r\n\r\ncsrf="
            );
            let begun = Instant::now();
            let (mut read, mut write) = TcpStream::connect(authority).await.unwrap().into_split();
            write.write_all(head.as_bytes()).await.unwrap();
            let dripping = tokio::spawn(async move {
                while drips && write.write_all(b"x").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                }
                write
            });
            let mut answer = Vec::new();
            let ended = tokio::time::timeout(Duration::from_secs(25), read.read_to_end(&mut answer)).await;
            dripping.abort();
            assert!(ended.is_ok(), "{form}, dripping: {drips}: never ends");
            assert!(begun.elapsed() < Duration::from_secs(14), "{form}, {drips}: {:?}", begun.elapsed());
        });
    }
    tests.join_all().await;
}

#[tokio::test]
async fn one_client_cannot_hold_all_places() {
    let stage = Stage::with(|options| options.max_connections = 16).await;
    let mut held = Vec::new();
    for _ in 0..40 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 3], 0).into()).unwrap();
        held.push(socket.connect(stage.sandbox.authority().parse().unwrap()).await);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let other = client_at(STRANGER).get(stage.url("/checkip4")).send().await;
    assert_eq!(other.unwrap().status(), 200);
    drop(held);
}

#[tokio::test]
async fn a_head_request_is_no_update() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let url = stage.url(&format!("/nic/update?hostname={HOST}&myip=84.160.1.1"));
    let head = stage.client.head(url).header("user-agent", "x").basic_auth(HOST, Some(&token));
    let answer = head.send().await.unwrap();
    assert_eq!(
        (answer.status().as_u16(), answer.headers().get("allow").unwrap().to_str().unwrap()),
        (405, "GET")
    );
    let after = stage.sandbox.state().await.unwrap();
    assert!(after.hosts[0].published.is_empty() && after.updates == 0);
}

#[tokio::test]
async fn nochg_names_the_address_as_real_servers_do() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    for myip in ["84.160.1.1", "84.160.1.1,2003:e1::1", "2003:e1::1"] {
        stage.update(&token, myip).await;
        assert_eq!(stage.update(&token, myip).await, format!("nochg {myip}"));
    }
}

#[tokio::test]
async fn no_answer_lets_a_browser_guess_its_type() {
    let stage = Stage::new().await;
    for path in
        ["/checkip4", "/checkip/json", "/control/state", "/nic/update", "/login", "/nowhere", "/style.css"]
    {
        let answer = stage.get(path).send().await.unwrap();
        assert_eq!(
            answer.headers().get("x-content-type-options").map(|value| value.to_str().unwrap()),
            Some("nosniff"),
            "{path}"
        );
    }
}
