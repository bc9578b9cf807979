//! Tests of starting and stopping, as a library and as a program.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use dyntray_sandbox::{Options, SandboxError, start};
use harness::{HOST, Stage};

/// Of a token's shape, as if one had been pasted into an address.
const SECRET_PATH: &str = "qwer-tzui-opas";

#[tokio::test]
async fn nothing_is_lost_after_stop_and_start_on_the_same_port() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", "correct horse").await;
    browser.add_host(HOST).await;
    let token = browser.create_token(HOST).await;
    stage.update(&token, "84.160.1.1").await;
    stage.text("/checkip4").await;
    let before = stage.sandbox.state().await.unwrap();
    let Stage { dir, sandbox, client } = stage;
    let port = sandbox.port();
    let mut unreachable = 0;
    let mut sandbox = sandbox;
    for _ in 0..3 {
        sandbox.stop().await;
        unreachable +=
            u32::from(client.get(format!("http://127.0.0.1:{port}/checkip4")).send().await.is_err());
        sandbox = start(Options::new(dir.path()).port(port)).await.unwrap();
    }
    assert_eq!(unreachable, 3);
    assert_eq!(sandbox.state().await.unwrap(), before);
    let stage = Stage { dir, sandbox, client };
    assert_eq!(browser.get("/hosts").await.status, 200, "still logged in");
    assert_eq!(stage.update(&token, "84.160.1.2").await, "good 84.160.1.2");
}

#[test]
fn a_sandbox_runs_beside_any_runtime_and_is_gone_when_dropped() {
    let dir = tempfile::tempdir().unwrap();
    let multi = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    multi.block_on(async {
        let sandbox = start(Options::new(dir.path())).await.unwrap();
        let url = format!("{}/checkip4", sandbox.base_url());
        let client = harness::client();
        assert_eq!(client.get(&url).send().await.unwrap().status(), 200);
        assert!(sandbox.base_url().ends_with(&sandbox.authority()));
        drop(sandbox);
        while client.get(&url).send().await.is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    });
}

#[tokio::test]
async fn a_taken_port_and_a_bad_directory_are_errors_that_say_so() {
    let stage = Stage::new().await;
    let other = tempfile::tempdir().unwrap();
    let taken = start(Options::new(other.path()).port(stage.sandbox.port())).await;
    assert!(matches!(taken, Err(SandboxError::Bind { .. })));
    let file = other.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(start(Options::new(file.join("dir"))).await, Err(SandboxError::Directory { .. })));
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_prints_its_address_logs_no_secret_and_ends_on_sigterm() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::{Command, Stdio};

    let dir = tempfile::tempdir().unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_dyntray-sandbox"))
        .args(["--port", "0", "--dir"])
        .arg(dir.path())
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = program.stderr.take().unwrap();
    let reading = std::thread::spawn(move || {
        let mut text = String::new();
        errors.read_to_string(&mut text).unwrap();
        text
    });
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let base = line.trim().to_owned();
    let client = harness::client();
    let mut browser = harness::Browser::at(&base);
    browser.enter("anna", "correct horse").await;
    browser.add_host(HOST).await;
    let token = browser.create_token(HOST).await;
    let url = format!("{base}/nic/update?hostname={HOST}&myip=84.160.1.1&user={HOST}&pass={token}");
    let by_query = client.get(&url).header("user-agent", "x").send().await.unwrap().text().await.unwrap();
    assert_eq!(by_query, "good 84.160.1.1");
    let by_header = client.get(&url).header("user-agent", "x").basic_auth(HOST, Some(&token));
    assert_eq!(by_header.send().await.unwrap().text().await.unwrap(), "nochg 84.160.1.1");
    client.get(format!("{base}/hosts/{SECRET_PATH}")).send().await.unwrap();
    client.get(format!("{base}/{}", SECRET_PATH.to_uppercase())).send().await.unwrap();
    let pasted = format!("{base}/nic/update?hostname={}&myip=84.160.1.1", SECRET_PATH.to_uppercase());
    client.get(pasted).header("user-agent", "x").send().await.unwrap();
    client
        .get(format!("{base}/nic/update?hostname={SECRET_PATH}.de"))
        .header("user-agent", "x")
        .send()
        .await
        .unwrap();
    drop(client);
    drop(browser);
    let killed = Command::new("kill").args(["-TERM", &program.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert!(program.wait().unwrap().success());
    let log = reading.join().unwrap();
    assert!(log.contains("/nic/update") && log.contains(HOST) && log.contains("/hosts/{name}"));
    assert!(!log.to_lowercase().contains(SECRET_PATH), "{log}");
    assert!(!log.contains(&token) && !log.contains("correct horse") && !log.contains("correct+horse"));
    assert!(!dir.path().join("sandbox.db-wal").exists(), "closed properly");
}
