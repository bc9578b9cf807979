//! Stories of updaters that others wrote: Debian's `ddclient` and `inadyn`, over HTTPS, with an update token.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a story that can't be told fails")]

mod told;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use told::{HOST, Stage};

const WRONG: &str = "aaaa-bbbb-cccc";

async fn stage(client: &str) -> Option<Stage> {
    let places = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&places).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    if !places.any(|place: PathBuf| place.join(client).exists()) {
        told::skipped(&format!("a story of {client}: it isn't there (apt-get install {client})"));
        return None;
    }
    Some(Stage::with(|options| options.https_port = Some(0)).await)
}

fn port(stage: &Stage) -> String {
    stage.sandbox.https_url().unwrap().rsplit(':').next().unwrap().to_owned()
}

/// Writes a file that only its owner may read, or run.
fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Runs a client once, in a directory of its own, where it remembers nothing.
async fn run(client: &'static str, home: PathBuf, arguments: Vec<String>) {
    let work = move || {
        let mut program = Command::new("timeout");
        let path = format!("{}:/usr/sbin:/usr/bin:/bin", std::env::var("PATH").unwrap_or_default());
        program.args(["60", client]).args(arguments).env("PATH", path).current_dir(home);
        program.output().unwrap();
    };
    tokio::task::spawn_blocking(work).await.unwrap();
}

/// One update by ddclient of one address; its dyndns2 sends no two at once.
async fn ddclient(stage: &Stage, token: &str, address: &str) {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    write(&at("address"), &format!("#!/bin/sh\necho {address}\n"), 0o700);
    let settings = format!(
        "daemon=0\nssl=yes\nssl_ca_file={}\nuse=cmd\ncmd={}\n\
         protocol=dyndns2\nserver=127.0.0.1:{}\nlogin={HOST}\npassword={token}\n{HOST}\n",
        stage.sandbox.ca_file().unwrap().display(),
        at("address").display(),
        port(stage),
    );
    write(&at("settings"), &settings, 0o600);
    let text = |name: &str| at(name).display().to_string();
    let arguments = ["-daemon", "0", "-file", &text("settings"), "-cache", &text("cache")];
    run("ddclient", home.path().to_owned(), arguments.map(str::to_owned).to_vec()).await;
}

/// One update by inadyn of the line's address of a family, with more in front of it in the list.
async fn inadyn(stage: &Stage, token: &str, look_up: &str, before: &str) {
    let home = tempfile::tempdir().unwrap();
    let at = |name: &str| home.path().join(name);
    let (ca, port) = (stage.sandbox.ca_file().unwrap(), port(stage));
    let settings = format!(
        "period = 300\nallow-ipv6 = true\nca-trust-file = \"{}\"\ncustom spdyn {{\nssl = true\n\
         username = {HOST}\npassword = {token}\nhostname = {HOST}\nuser-agent = \"inadyn\"\n\
         checkip-server = \"localhost:{port}\"\ncheckip-path = \"/{look_up}\"\ncheckip-ssl = true\n\
         ddns-server = \"localhost:{port}\"\nddns-path = \"/nic/update?hostname=%h&myip={before}%i\"\n}}\n",
        ca.display()
    );
    write(&at("settings"), &settings, 0o600);
    let settings = at("settings").display().to_string();
    let cache = format!("--cache-dir={}", home.path().display());
    let arguments = ["-1", "-n", "-f", &settings, &cache, "--no-pidfile"];
    run("inadyn", home.path().to_owned(), arguments.map(str::to_owned).to_vec()).await;
}

/// The return codes so far.
async fn codes(stage: &Stage) -> Vec<String> {
    stage.sandbox.state().await.unwrap().log.into_iter().map(|entry| entry.code).collect()
}

async fn published(stage: &Stage) -> String {
    stage.sandbox.state().await.unwrap().hosts[0].published.to_string()
}

#[tokio::test]
async fn ddclient_gets_good_then_nochg_and_badauth_with_a_wrong_token() {
    let Some(stage) = stage("ddclient").await else { return };
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    ddclient(&stage, &token, "84.160.1.1").await;
    assert_eq!(published(&stage).await, "84.160.1.1");
    ddclient(&stage, &token, "84.160.1.1").await;
    ddclient(&stage, WRONG, "84.160.1.2").await;
    ddclient(&stage, &token, "2003:e1::5").await;
    assert_eq!(codes(&stage).await, ["good", "nochg", "badauth", "good"]);
    assert_eq!(published(&stage).await, "84.160.1.1,2003:e1::5");
}

#[tokio::test]
async fn inadyn_gets_good_then_nochg_and_badauth_with_a_wrong_token() {
    let Some(stage) = stage("inadyn").await else { return };
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let line = stage.sandbox.state().await.unwrap().line.public;
    inadyn(&stage, &token, "checkip4", "").await;
    assert_eq!(published(&stage).await, line.ipv4.unwrap().to_string());
    inadyn(&stage, &token, "checkip4", "").await;
    inadyn(&stage, WRONG, "checkip4", "").await;
    inadyn(&stage, &token, "checkip6", "").await;
    assert_eq!(published(&stage).await, line.to_string());
    inadyn(&stage, &token, "checkip6", "84.160.1.9,").await;
    assert_eq!(codes(&stage).await, ["good", "nochg", "badauth", "good", "good"]);
}
