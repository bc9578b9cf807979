//! Commands side by side, as real processes at one running service: each of them is carried out as a whole, or says that
//! it wasn't.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use dyntray_control::{AgentRequest, Response};
use dyntray_core::settings::form::Form;

use crate::service::{Service, form, http_server, prepared};

/// The commands that run at the same time.
const MANY: usize = 8;

/// Begins a command of that service, with a secret at its standard input.
fn begin(service: &Service, arguments: &[&str], secret: &str) -> Child {
    begin_in(&service.path(""), arguments, secret)
}

/// Begins a command in that home, with a secret at its standard input.
fn begin_in(home: &Path, arguments: &[&str], secret: &str) -> Child {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dyntray"))
        .args(arguments)
        .arg("--secrets-file")
        .arg(home.join("secrets"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("LANG", "en_US.UTF-8")
        .env("HOME", home)
        .env("XDG_RUNTIME_DIR", home.join("run"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    // A command that needs none may have ended.
    let _ = writeln!(stdin, "{secret}");
    child
}

fn ended(child: Child) -> Output {
    child.wait_with_output().expect("it ends")
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A service with one entry, whose web resolver never answers, so that nothing is sent.
async fn service() -> Service {
    let (resolver, _asked) = http_server(&[]);
    let settings = form(&format!("http://{resolver}/"), resolver);
    let service = Service::in_home(prepared(&settings), 1024);
    assert!(matches!(service.ask(AgentRequest::Status).await, Response::Snapshot { .. }));
    service
}

async fn saved_form(service: &Service) -> Form {
    match service.ask(AgentRequest::Form).await {
        Response::Form { form } => form,
        other => panic!("{other:?}"),
    }
}

/// The numbers and host names of the entries, from what the service says and from its file alike.
async fn hosts(service: &Service) -> Vec<(u32, String)> {
    let form = saved_form(service).await;
    let text = fs::read(service.path(".config/dyntray/settings.toml")).expect("is there");
    let (on_disk, _) = dyntray_agent::settings_file::read(&text).expect("it is valid");
    assert_eq!(on_disk, form);
    form.entries.into_iter().map(|entry| (entry.id.expect("a number").0, entry.hostname)).collect()
}

/// The secret of an entry in the file of secrets.
fn secret_of(secrets: &Path, id: u32) -> Option<String> {
    let text = fs::read_to_string(secrets).expect("is there");
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(number, _)| *number == id.to_string()).map(|(_, secret)| secret.to_owned())
}

#[tokio::test]
async fn of_many_host_names_that_are_added_side_by_side_every_one_is_there_with_its_own_secret() {
    let service = service().await;
    let names: Vec<String> = (0..MANY).map(|number| format!("host{number}.spdns.de")).collect();
    let begun: Vec<Child> = names
        .iter()
        .map(|name| begin(&service, &["add", name, "--server", "127.0.0.1:9"], &format!("secret of {name}")))
        .collect();
    for output in begun.into_iter().map(ended) {
        assert!(output.status.success(), "{}", said(&output));
    }
    let hosts = hosts(&service).await;
    assert_eq!(hosts.len(), 1 + MANY, "{hosts:?}");
    for name in names {
        let id = hosts.iter().find(|(_, host)| *host == name).map(|(id, _)| *id);
        let secret = secret_of(&service.path("secrets"), id.unwrap_or_else(|| panic!("{name} is lost")));
        assert_eq!(secret, Some(format!("secret of {name}")));
    }
}

#[test]
fn without_a_running_program_each_of_many_commands_waits_for_its_turn() {
    let (resolver, _asked) = http_server(&[]);
    let home = prepared(&form(&format!("http://{resolver}/"), resolver));
    let names: Vec<String> = (0..MANY).map(|number| format!("host{number}.spdns.de")).collect();
    let begun: Vec<Child> = names
        .iter()
        .map(|name| {
            let arguments = ["add", name, "--server", "127.0.0.1:9"];
            begin_in(home.path(), &arguments, &format!("secret of {name}"))
        })
        .collect();
    for output in begun.into_iter().map(ended) {
        assert!(output.status.success(), "{}", said(&output));
    }
    let text = fs::read(home.path().join(".config/dyntray/settings.toml")).expect("is there");
    let (saved, _) = dyntray_agent::settings_file::read(&text).expect("it is valid");
    for name in names {
        let entry = saved.entries.iter().find(|entry| entry.hostname == name);
        let id = entry.unwrap_or_else(|| panic!("{name} is lost")).id.expect("a number").0;
        assert_eq!(secret_of(&home.path().join("secrets"), id), Some(format!("secret of {name}")));
    }
}
