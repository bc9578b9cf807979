//! Settings and secrets move to another home in an encrypted file, with and without a running program.
#![cfg(target_os = "linux")]

mod service;

use std::fs;
use std::io::Write as _;
use std::net::SocketAddr;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use dyntray_control::{AgentRequest, Response};
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;
use tempfile::TempDir;

use crate::service::{Service, form, http_server, prepared};

const PROGRAM: &str = env!("CARGO_BIN_EXE_dyntray");
const PASSPHRASE: &str = "correct horse battery staple";
const FILE: &str = "backup.age";

/// Runs a command of the program in a home, with its standard input.
fn dyntray(home: &Path, line: &str, input: &str) -> Output {
    in_shell(home, &format!("exec '{PROGRAM}' {line}"), input)
}

fn in_shell(home: &Path, line: &str, input: &str) -> Output {
    fs::create_dir_all(home.join("run")).expect("makes it");
    let mut command = Command::new("sh");
    command.args(["-c", line]).env_clear().current_dir(home);
    command.env("PATH", "/usr/bin:/bin").env("HOME", home).env("XDG_RUNTIME_DIR", home.join("run"));
    command.env("LANG", "en_US.UTF-8").env("DYNTRAY_SECRETS_FILE", home.join("secrets"));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("starts");
    // It may end without reading.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("ends")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn succeeds(home: &Path, line: &str, input: &str) -> String {
    let output = dyntray(home, line, input);
    assert!(output.status.success(), "{line}: {}", said(&output));
    said(&output)
}

/// It fails with the exit code 1.
fn fails(home: &Path, line: &str, input: &str) -> String {
    let output = dyntray(home, line, input);
    assert_eq!(output.status.code(), Some(1), "{line}: {}", said(&output));
    said(&output)
}

fn export() -> String {
    format!("export --with-secrets {FILE}")
}

fn secret(number: u32) -> String {
    format!("secret-of-number-{number}")
}

/// Settings with so many host names, whose servers never answer.
fn many(count: u32, nobody: SocketAddr) -> Form {
    let form = form(&format!("http://{nobody}/"), nobody);
    let entry = |number| EntryForm {
        id: Some(EntryId(number)),
        hostname: format!("h{number}.spdns.de"),
        ..form.entries[0].clone()
    };
    Form { entries: (1..=count).map(entry).collect(), ..form }
}

fn home_of(form: &Form) -> TempDir {
    let home = prepared(form);
    let ids = form.entries.iter().filter_map(|entry| entry.id);
    let lines: Vec<String> = ids.map(|EntryId(id)| format!("{id} {}\n", secret(id))).collect();
    write_secrets(home.path(), &lines.concat());
    home
}

fn new_home() -> TempDir {
    let home = tempfile::tempdir().expect("a folder");
    write_secrets(home.path(), "");
    home
}

fn write_secrets(home: &Path, text: &str) {
    fs::write(home.join("secrets"), text).expect("writes");
    fs::set_permissions(home.join("secrets"), fs::Permissions::from_mode(0o600)).expect("sets");
}

fn settings(home: &Path) -> Form {
    let bytes = fs::read(home.join(".config/dyntray/settings.toml")).expect("is there");
    dyntray_agent::settings_file::read(&bytes).expect("settings").0
}

/// Every entry has the secret that it had in the home that it comes from.
fn check_secrets(home: &Path) {
    let text = fs::read_to_string(home.join("secrets")).expect("is there");
    for entry in settings(home).entries {
        let id = entry.id.expect("a number").0;
        let number = entry.hostname.trim_start_matches('h').split('.').next().expect("a number");
        let wanted = secret(number.parse().expect("a number"));
        let is_there = text.lines().any(|line| {
            line.split_once(' ').is_some_and(|(place, kept)| {
                kept == wanted && (place == id.to_string() || place == format!("{id}.2"))
            })
        });
        assert!(is_there, "{} has another secret in {text}", entry.hostname);
    }
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("is there").permissions().mode() & 0o777
}

fn copy(from: &Path, to: &Path) {
    fs::copy(from.join(FILE), to.join(FILE)).expect("copies");
}

#[tokio::test]
async fn two_hundred_host_names_move_with_their_secrets_from_a_running_program_to_a_running_one() {
    let (nobody, _asked) = http_server(&[]);
    let old = Service::in_home(home_of(&many(200, nobody)), 1024);
    let Response::Form { form } = old.ask(AgentRequest::Form).await else { panic!("no form") };
    assert_eq!(form.entries.len(), 200);
    let told = succeeds(&old.path(""), &export(), PASSPHRASE);
    assert!(told.contains("Written to") && !told.contains("secret-of"), "{told}");
    assert_eq!(mode(&old.path(FILE)), 0o600);
    let file = fs::read_to_string(old.path(FILE)).expect("text");
    assert!(file.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") && !file.contains("h1.spdns"), "{file}");

    let new = Service::in_home(new_home(), 1024);
    let Response::Form { .. } = new.ask(AgentRequest::Form).await else { panic!("no form") };
    copy(&old.path(""), &new.path(""));
    let told = succeeds(&new.path(""), &format!("restore --yes {FILE}"), PASSPHRASE);
    assert!(told.contains("h200.spdns.de: new") && told.contains("Restored."), "{told}");
    let moved = settings(&new.path(""));
    assert_eq!(moved.entries.len(), 200);
    assert_eq!(Form { entries: form.entries.clone(), ..moved.clone() }, form, "all other settings, too");
    check_secrets(&new.path(""));
    let again = succeeds(&new.path(""), &format!("restore --yes {FILE}"), PASSPHRASE);
    assert!(again.contains("nothing to restore"), "{again}");
    assert_eq!(settings(&new.path("")), moved);
}

#[test]
fn the_same_works_where_no_program_runs_and_what_is_there_stays_unless_it_is_to_be_replaced() {
    let (nobody, _asked) = http_server(&[]);
    let old = home_of(&many(3, nobody));
    succeeds(old.path(), &export(), PASSPHRASE);
    // The first one is there, with another server, and the person has an interval of her own.
    let (elsewhere, _asked) = http_server(&[]);
    let mine = Form { interval: "2 h".into(), ..many(1, elsewhere) };
    let new = prepared(&mine);
    write_secrets(new.path(), "1 my-own-secret\n");
    copy(old.path(), new.path());

    let refused = fails(new.path(), &format!("restore {FILE}"), PASSPHRASE);
    assert!(refused.contains("--yes") && settings(new.path()) == mine, "{refused}");
    let told = succeeds(new.path(), &format!("restore --yes {FILE}"), PASSPHRASE);
    assert!(told.contains("h1.spdns.de: is here already") && told.contains("h2.spdns.de: new"), "{told}");
    let now = settings(new.path());
    assert_eq!((&now.entries[0], now.interval.as_str(), now.entries.len()), (&mine.entries[0], "2 h", 3));
    assert!(fs::read_to_string(new.path().join("secrets")).expect("text").contains("my-own-secret"));

    let told = succeeds(new.path(), &format!("restore --yes --replace {FILE}"), PASSPHRASE);
    assert!(told.contains("h1.spdns.de: replaces"), "{told}");
    let now = settings(new.path());
    assert_eq!(now.entries[0].server, nobody.to_string());
    assert_eq!((now.interval.as_str(), now.entries.len()), ("10 min", 3));
    check_secrets(new.path());
    assert!(!fs::read_to_string(new.path().join("secrets")).expect("text").contains("my-own-secret"));
}

#[test]
fn what_has_no_secret_is_named_and_comes_back_switched_off() {
    let (nobody, _asked) = http_server(&[]);
    let old = home_of(&many(2, nobody));
    write_secrets(old.path(), &format!("1 {}\n", secret(1)));
    let told = succeeds(old.path(), &export(), PASSPHRASE);
    assert!(told.contains("h2.spdns.de has no token") && !told.contains("h1.spdns.de has"), "{told}");
    let new = new_home();
    copy(old.path(), new.path());
    let told = succeeds(new.path(), &format!("restore --yes {FILE}"), PASSPHRASE);
    assert!(told.contains("h2.spdns.de: new and switched off"), "{told}");
    let enabled: Vec<bool> = settings(new.path()).entries.iter().map(|entry| entry.enabled).collect();
    assert_eq!(enabled, [true, false]);
}

#[test]
fn whatever_cant_be_restored_has_its_reason_and_nothing_changes() {
    let (nobody, _asked) = http_server(&[]);
    let old = home_of(&many(2, nobody));
    succeeds(old.path(), &export(), PASSPHRASE);
    let whole = fs::read_to_string(old.path().join(FILE)).expect("text");
    let plain = succeeds(old.path(), "export", "");
    let new = home_of(&many(1, nobody));
    let before = (settings(new.path()), fs::read(new.path().join("secrets")).expect("is there"));
    let refuse = |contents: &str, input: &str, words: &str| {
        fs::write(new.path().join(FILE), contents).expect("writes");
        let told = fails(new.path(), &format!("restore --yes --replace {FILE}"), input);
        assert!(told.contains(words), "“{words}” isn't in: {told}");
        let after = (settings(new.path()), fs::read(new.path().join("secrets")).expect("is there"));
        assert!(before == after, "something has changed: {told}");
    };
    refuse(&whole, "another passphrase", "can't be opened with this passphrase");
    refuse(&whole, "", "There is no passphrase");
    refuse(&whole[..whole.len() / 2], PASSPHRASE, "cut off or damaged");
    refuse(&whole[..20], PASSPHRASE, "cut off or damaged");
    refuse("protocol=dyndns2\n", PASSPHRASE, "dyntray import");
    refuse(&plain, PASSPHRASE, "a settings file without tokens");
    fs::write(new.path().join(FILE), &whole).expect("writes");
    let other_way = fails(new.path(), &format!("import --yes {FILE}"), "");
    assert!(other_way.contains("dyntray restore"), "{other_way}");
    let missing = fails(new.path(), "restore --yes missing.age", PASSPHRASE);
    assert!(missing.contains("missing.age: No such file"), "{missing}");
    fs::write(new.path().join(FILE), &whole).expect("writes");
    // The settings can't be written, so the secrets go back.
    let full = format!("trap '' XFSZ; ulimit -f 0; exec '{PROGRAM}' restore --yes --replace {FILE}");
    let output = in_shell(new.path(), &full, PASSPHRASE);
    assert!(!output.status.success(), "{}", said(&output));
    let after = (settings(new.path()), fs::read(new.path().join("secrets")).expect("is there"));
    assert!(before == after, "{}", said(&output));
}

#[test]
fn an_old_file_a_link_and_a_full_disk_cost_nothing_and_are_told() {
    let (nobody, _asked) = http_server(&[]);
    let home = home_of(&many(1, nobody));
    let file = home.path().join(FILE);
    fs::write(&file, "precious").expect("writes");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("sets");
    let told = fails(home.path(), &export(), PASSPHRASE);
    assert!(told.contains("is there already") && fs::read_to_string(&file).expect("text") == "precious");
    let full = format!("trap '' XFSZ; ulimit -f 0; exec '{PROGRAM}' {} --replace", export());
    let output = in_shell(home.path(), &full, PASSPHRASE);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(fs::read_to_string(&file).expect("text"), "precious");
    let beside = fs::read_dir(home.path()).expect("reads").map(|entry| entry.expect("a file").file_name());
    assert_eq!(beside.filter(|name| name.to_string_lossy().contains(FILE)).count(), 1, "nothing half stays");
    succeeds(home.path(), &format!("{} --replace", export()), PASSPHRASE);
    assert_eq!(mode(&file), 0o600);

    let target = home.path().join("target");
    symlink(&target, home.path().join("link")).expect("links");
    for old in ["", " --replace"] {
        let told = fails(home.path(), &format!("export --with-secrets link{old}"), PASSPHRASE);
        assert!(told.contains("no file") && !target.exists(), "{told}");
    }
    let told = fails(home.path(), "export --with-secrets missing/backup.age", PASSPHRASE);
    assert!(told.contains("couldn't be written"), "{told}");
}

#[test]
fn without_secrets_the_file_is_the_settings_file_and_holds_none() {
    let (nobody, _asked) = http_server(&[]);
    let home = home_of(&many(2, nobody));
    let printed = succeeds(home.path(), "export", "");
    succeeds(home.path(), "export plain.toml", "");
    let plain = home.path().join("plain.toml");
    assert_eq!(fs::read_to_string(&plain).expect("text"), printed);
    assert!(!printed.contains("secret-of") && mode(&plain) == 0o600);
    assert!(fails(home.path(), "export plain.toml", "").contains("is there already"));
}

#[test]
fn at_a_terminal_the_passphrase_is_asked_for_twice_and_never_shown() {
    let (nobody, _asked) = http_server(&[]);
    let home = home_of(&many(1, nobody));
    let at_a_terminal = |line: &str, typed: &str| {
        let output =
            in_shell(home.path(), &format!("exec script -qec \"'{PROGRAM}' {line}\" /dev/null"), typed);
        (output.status.success(), said(&output))
    };
    let (done, told) = at_a_terminal(&export(), "one phrase\nanother phrase\n");
    assert!(!done && told.contains("two different passphrases"), "{told}");
    assert!(!home.path().join(FILE).exists());
    let (done, told) = at_a_terminal(&export(), "one phrase\none phrase\n");
    assert!(done && told.matches("assphrase").count() == 2, "{told}");
    let new = new_home();
    copy(home.path(), new.path());
    assert!(
        fails(new.path(), &format!("restore --yes {FILE}"), "another phrase").contains("this passphrase")
    );
    succeeds(new.path(), &format!("restore --yes {FILE}"), "one phrase");
    check_secrets(new.path());
}
