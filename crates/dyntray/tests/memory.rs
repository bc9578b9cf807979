//! The memory of the running service, searched for secrets as only root can search it.
#![cfg(target_os = "linux")]

mod service;

use std::fs::{self, File};
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::time::{Duration, Instant};

use dyntray_control::{AgentRequest, Client, Response, SaveRequest, SecretChange};
use dyntray_core::present::Mood;
use dyntray_core::types::entry_id::EntryId;

use crate::service::{PATIENCE, SECRET, Service, form, http_server, prepared};

/// How often each of these texts is in the memory of the service.
fn found(service: &Service, texts: &[String]) -> Vec<(String, Vec<String>)> {
    let memory = File::open(service.proc("mem")).expect("root may read it");
    let maps = fs::read_to_string(service.proc("maps")).expect("is there");
    let mut found: Vec<(String, Vec<String>)> = texts.iter().map(|text| (text.clone(), Vec::new())).collect();
    for line in maps.lines() {
        let mut words = line.split_ascii_whitespace();
        let (Some(range), Some(rights)) = (words.next(), words.next()) else { continue };
        let Some((start, end)) = range.split_once('-').filter(|_| rights.starts_with("rw")) else { continue };
        let [start, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).expect("an address"));
        let mut bytes = vec![0; usize::try_from(end - start).expect("fits")];
        // The kernel's own pages can't be read.
        if memory.read_exact_at(&mut bytes, start).is_err() {
            continue;
        }
        for (text, places) in &mut found {
            let text = text.as_bytes();
            let count = bytes.windows(text.len()).filter(|window| *window == text).count();
            places.extend((0..count).map(|_| line.to_owned()));
        }
    }
    found
}

/// Asserts that no text is there any more, a moment later.
fn none_is_left(service: &Service, texts: &[String], when: &str) {
    let began = Instant::now();
    loop {
        let left: Vec<_> =
            found(service, texts).into_iter().filter(|(_, places)| !places.is_empty()).collect();
        if left.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "{when}: {left:#?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// The end of a secret. An allocator writes its own notes over the beginning of what was freed.
fn end_of(secret: &str) -> String {
    secret.chars().skip(24).collect()
}

async fn becomes(mood: Mood, service: &Service) {
    let began = Instant::now();
    loop {
        match service.ask(AgentRequest::Status).await {
            Response::Snapshot { snapshot } if snapshot.mood == mood => return,
            other => assert!(began.elapsed() < PATIENCE, "{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn after_a_save_an_update_and_the_windows_end_no_copy_of_a_secret_is_in_the_memory() {
    let (resolver, _asked) = http_server(&["84.160.12.7"]);
    let (server, requests) = http_server(&["badauth", "good 84.160.12.7"]);
    let settings = form(&format!("http://{resolver}/"), server);
    let service = Service::in_home(prepared(&settings), 1024);
    becomes(Mood::NeedsYou, &service).await;
    if fs::metadata(service.proc("mem")).expect("is there").uid() != 0 {
        eprintln!("skipped: only root may read the memory");
        return;
    }
    let none = "There is no such text.".to_owned();
    assert_eq!(found(&service, std::slice::from_ref(&none)), [(none, vec![])]);
    assert!(!found(&service, &["home.spdns.de".into()])[0].1.is_empty(), "the search finds what is there");
    while requests.try_recv().is_ok() {}

    let mut window = Client::watch(&service.runtime_dir(), true).await.expect("connects");
    window.next().await.expect("a snapshot");
    // With what JSON has to escape, so that every reader makes a copy.
    let [set, saved, imported, seen] = ["one", "two", "three", "four"]
        .map(|name| format!("\\\"\u{fc}{}Kanarienvogel-{name}-Zaunkoenig-{name}", "x".repeat(24)));
    let entry = EntryId(1);
    let form_before = match service.ask(AgentRequest::Form).await {
        Response::Form { form } => form,
        other => panic!("{other:?}"),
    };
    let saving = [
        AgentRequest::InspectSecret { secret: seen.as_str().into() },
        AgentRequest::SetSecret { entry, secret: set.as_str().into() },
        AgentRequest::Save(Box::new(SaveRequest {
            base: form_before.clone(),
            form: form_before.clone(),
            secrets: vec![SecretChange::Replace { secret: saved.as_str().into() }],
        })),
        AgentRequest::PreviewImport {
            text: format!("hostname;token\r\nhome.spdns.de;{seen}\r\n").into(),
            name: "spdyn_update_token.csv".into(),
        },
        AgentRequest::LocateImport {
            text: format!("hostname;token\r\nhome.spdns.de;{seen}\r\n").into(),
            name: "spdyn_update_token.csv".into(),
        },
        AgentRequest::Import {
            text: format!("hostname;token\r\noffice.spdns.de;{imported}\r\n").into(),
            name: "spdyn_update_token.csv".into(),
            take: vec![0],
            off: Vec::new(),
        },
        // The imported entry would go to the real service.
        AgentRequest::RemoveEntry { hostname: "office.spdns.de".into() },
    ];
    let mut logins = Vec::new();
    for request in saving {
        let is_update = matches!(request, AgentRequest::SetSecret { .. });
        let is_import = matches!(request, AgentRequest::Import { .. });
        if is_import {
            // Nothing is sent meanwhile.
            assert!(matches!(service.ask(AgentRequest::Pause { until: None }).await, Response::Done));
        }
        let answer = service.ask(request).await;
        assert!(!matches!(answer, Response::Rejected { .. }), "{answer:?}");
        if is_update {
            let request = requests.recv_timeout(PATIENCE);
            let request = request.expect("the new secret is tried");
            let login = request.lines().find_map(|line| {
                let (name, value) = line.split_once(": ")?;
                name.eq_ignore_ascii_case("authorization").then(|| value.replace("Basic ", ""))
            });
            logins.push(login.expect("a login"));
            becomes(Mood::Fine, &service).await;
        }
    }
    drop(window);
    let mut texts: Vec<String> =
        [&set, &saved, &imported, &seen].into_iter().map(|secret| end_of(secret)).collect();
    texts.push(end_of(SECRET));
    texts.extend(logins.iter().map(|login| end_of(login)));
    none_is_left(&service, &texts, "after the window's end");
}
