//! A test of durability: the program is killed at any moment, and every acknowledged update survives.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::io::{BufRead as _, BufReader};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dyntray_sandbox::{Options, start};
use reqwest::Client;

const ROUNDS: u32 = 30;
const HOSTS: usize = 4;
/// 84.160.0.0; the n-th update of a host sends this plus n.
const FIRST: u32 = 0x54a0_0000;

struct Updater {
    host: String,
    token: String,
    client: Client,
    sent: AtomicU32,
    acknowledged: AtomicU32,
}

impl Updater {
    /// Sends one update after another until the program is gone.
    async fn update(&self, base: &str) {
        loop {
            let n = self.sent.fetch_add(1, Ordering::SeqCst) + 1;
            let address = Ipv4Addr::from(FIRST + n);
            let url = format!("{base}/nic/update?hostname={}&myip={address}", self.host);
            let request =
                self.client.get(url).header("user-agent", "x").basic_auth(&self.host, Some(&self.token));
            let Ok(answer) = request.send().await else { return };
            let Ok(text) = answer.text().await else { return };
            assert_eq!(text, format!("good {address}"));
            self.acknowledged.store(n, Ordering::SeqCst);
        }
    }
}

fn program(dir: &Path) -> (Child, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_dyntray-sandbox"))
        .args(["--port", "0", "--dir"])
        .arg(dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (program, line.trim().to_owned())
}

fn all_acknowledged(updaters: &[Arc<Updater>]) -> u32 {
    updaters.iter().map(|one| one.acknowledged.load(Ordering::SeqCst)).sum()
}

/// A random time of 0 to 60 milliseconds.
fn random_time(round: u32) -> Duration {
    let clock = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().subsec_nanos();
    Duration::from_micros(u64::from(clock.wrapping_mul(round * 2 + 1) % 60_000))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_it_keeps_every_acknowledged_update() {
    let dir = tempfile::tempdir().unwrap();
    let sandbox = start(Options::new(dir.path())).await.unwrap();
    let mut updaters = Vec::new();
    for at in 0..HOSTS {
        let host = format!("home{at}.spdns.de");
        let token = sandbox.make_token(&host).await.unwrap();
        let (sent, acknowledged) = (AtomicU32::new(0), AtomicU32::new(0));
        let client = harness::client();
        updaters.push(Arc::new(Updater { host, token, client, sent, acknowledged }));
    }
    sandbox.stop().await;
    for round in 0..ROUNDS {
        let (mut program, base) = program(dir.path());
        let before = all_acknowledged(&updaters);
        let mut updating = tokio::task::JoinSet::new();
        for updater in &updaters {
            let (updater, base) = (Arc::clone(updater), base.clone());
            updating.spawn(async move { updater.update(&base).await });
        }
        let begun = Instant::now();
        while all_acknowledged(&updaters) == before {
            assert!(begun.elapsed() < Duration::from_secs(30), "no update came through");
            tokio::time::sleep(Duration::from_millis(1)).await; // so that each round has an update to lose
        }
        tokio::time::sleep(random_time(round)).await;
        program.kill().unwrap(); // SIGKILL
        program.wait().unwrap();
        while let Some(ended) = updating.join_next().await {
            ended.unwrap();
        }
        let sandbox = start(Options::new(dir.path())).await.unwrap();
        let state = sandbox.state().await.unwrap();
        for (updater, host) in updaters.iter().zip(&state.hosts) {
            assert_eq!(updater.host, host.name);
            let kept = host.published.ipv4.map_or(0, |ip| u32::from(ip) - FIRST);
            let acknowledged = updater.acknowledged.load(Ordering::SeqCst);
            assert!(kept >= acknowledged, "round {round}: {kept} kept, {acknowledged} acknowledged");
        }
        sandbox.stop().await;
    }
    println!("{ROUNDS} rounds, {} updates acknowledged", all_acknowledged(&updaters));
}
