//! A system that lacks something says what it is: certificates, or the right to read a file.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::process::{Command, Output};

use crate::service::{form, http_server, prepared};

/// Runs a command in a home, on a system without certificates.
fn run(home: &tempfile::TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dyntray"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", home.path().join("run"))
        .env("DYNTRAY_SECRETS_FILE", home.path().join("secrets"))
        .env("SSL_CERT_FILE", home.path().join("none.pem"))
        .env("SSL_CERT_DIR", home.path().join("none"))
        .output()
        .expect("runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

#[test]
fn a_system_without_certificates_is_told_as_that_and_not_as_a_sign_in_page() {
    let (server, _requests) = http_server(&["good 84.160.12.7"]);
    // Nobody is asked: without certificates there is nothing that could ask.
    let home = prepared(&form("https://192.0.2.1/", server));
    let checked = run(&home, &["check"]);
    assert!(said(&checked).contains("ca-certificates"), "{}", said(&checked));
    assert!(!said(&checked).contains("sign-in"), "{}", said(&checked));
}

#[test]
fn settings_that_cant_be_used_are_told_with_their_path_and_what_to_do() {
    let (server, _requests) = http_server(&["good 84.160.12.7"]);
    let home = prepared(&form("https://192.0.2.1/", server));
    let settings = home.path().join(".config/dyntray/settings.toml");
    fs::write(&settings, "no = 'setting'\n").expect("writes");
    let told = said(&run(&home, &["check"]));
    assert!(told.contains("settings.toml") && told.contains("Correct the file"), "{told}");
    // A folder in its place can be read by nobody, not even by root.
    fs::remove_file(&settings).expect("removes");
    fs::create_dir(&settings).expect("makes it");
    let told = said(&run(&home, &["check"]));
    assert!(told.contains("settings.toml") && told.contains("moved away"), "{told}");
}
