//! The service is killed in the middle of saves: whatever it finds at its next start, every entry has the secret that was
//! typed for it. `DYNTRAY_KILLS=200` kills it more often.
#![cfg(target_os = "linux")]

mod service;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use dyntray_control::{AgentRequest, Client, Response, RuntimeDir, SaveRequest, SecretChange};
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::backoff::chance;

use crate::service::{Service, form, http_server, prepared};

/// The number of kills, unless the environment sets another.
const KILLS: u64 = 12;

fn secret_of(hostname: &str) -> String {
    format!("secret of {hostname}")
}

fn typed(hostname: &str) -> SecretChange {
    SecretChange::Replace { secret: secret_of(hostname).into() }
}

/// Saves one thing after the other, until the program is gone. Returns the number of saves that it has answered.
async fn save_on(place: RuntimeDir, round: u64) -> Result<u32, u32> {
    let mut saved = 0;
    for number in 0.. {
        let mut client = Client::connect(&place).await.map_err(|_| saved)?;
        let Response::Form { form: base } = client.ask(AgentRequest::Form).await.map_err(|_| saved)? else {
            return Ok(saved);
        };
        let name = format!("host{round}-{number}.spdns.de");
        let entry = EntryForm { hostname: name.clone(), ..base.entries[0].clone() };
        let request = match number % 3 {
            0 => {
                let mut mine = base.clone();
                mine.entries[0] = entry;
                let mut secrets = vec![SecretChange::Keep; mine.entries.len()];
                secrets[0] = typed(&name);
                AgentRequest::Save(Box::new(SaveRequest { base, form: mine, secrets }))
            }
            1 => AgentRequest::AddEntry { entry: EntryForm { id: None, ..entry }, secret: typed(&name) },
            _ => {
                let last = base.entries.last().map(|entry| entry.hostname.clone()).unwrap_or_default();
                AgentRequest::RemoveEntry { hostname: last }
            }
        };
        match client.ask(request).await.map_err(|_| saved)? {
            Response::Saved { .. } => saved += 1,
            other => panic!("{other:?}"),
        }
    }
    Ok(saved)
}

/// The secrets in the file by their places.
fn secrets(service: &Service) -> BTreeMap<String, String> {
    let text = fs::read_to_string(service.path("secrets")).expect("is there");
    let lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.map(|(place, secret)| (place.to_owned(), secret.to_owned())).collect()
}

/// The entries whose secret is in its second place, as the settings file says.
fn second(service: &Service) -> Vec<u32> {
    let text = fs::read_to_string(service.path(".config/dyntray/settings.toml")).expect("is there");
    let list = text.split_once("secondSecrets = [").and_then(|(_, rest)| rest.split_once(']'));
    let list = list.map(|(list, _)| list).unwrap_or_default();
    list.split(',').filter_map(|number| number.trim().parse().ok()).collect()
}

/// Every entry has the secret that was typed for it.
async fn check(service: &Service) -> Form {
    let Response::Form { form } = service.ask(AgentRequest::Form).await else { panic!("no form") };
    let (secrets, second) = (secrets(service), second(service));
    for entry in &form.entries {
        let id = entry.id.expect("a number").0;
        let place = if second.contains(&id) { format!("{id}.2") } else { id.to_string() };
        let secret = secrets.get(&place);
        assert_eq!(secret, Some(&secret_of(&entry.hostname)), "{} of {secrets:?}", entry.hostname);
    }
    form
}

#[tokio::test]
async fn killed_in_the_middle_of_saves_it_finds_every_entry_with_the_secret_that_was_typed_for_it() {
    let kills = std::env::var("DYNTRAY_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(KILLS);
    let (resolver, _asked) = http_server(&[]);
    let home = prepared(&form(&format!("http://{resolver}/"), resolver));
    fs::write(home.path().join("secrets"), format!("1 {}\n", secret_of("home.spdns.de"))).expect("writes");
    fs::set_permissions(home.path().join("secrets"), fs::Permissions::from_mode(0o600)).expect("sets");
    let mut service = Service::in_home(home, 1024);
    let (mut saved, mut cut) = (0, 0);
    for round in 0..kills {
        check(&service).await;
        let saving = tokio::spawn(save_on(service.runtime_dir(), round));
        tokio::time::sleep(Duration::from_millis(20 + chance(7, round) % 150)).await;
        service.kill_and_start_again();
        match saving.await.expect("no panic") {
            Ok(count) => saved += count,
            Err(count) => (saved, cut) = (saved + count, cut + 1),
        }
    }
    let last = check(&service).await;
    println!(
        "killed {kills} times, {cut} times in the middle of a save; {saved} saves; {} entries",
        last.entries.len()
    );
    assert!(saved > 0 && cut > 0, "{saved} saves, {cut} cut");
}
