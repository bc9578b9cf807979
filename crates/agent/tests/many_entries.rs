//! Thousands of entries: what a watcher is sent follows from what has changed, not from how many there are.
#![cfg(unix)]

use std::time::Duration;

use dyntray_agent::install_tls;
use dyntray_agent::keyring::SecretStore;
use dyntray_agent::run::{Agent, Folders, RunMode, Started};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::change::{Known, SnapshotChange};
use dyntray_core::settings::LanguageChoice;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::state::NetworkReading;
use dyntray_core::types::entry_id::EntryId;

fn length(value: &impl serde::Serialize) -> usize {
    serde_json::to_string(value).expect("JSON").len()
}

#[tokio::test]
async fn a_change_that_is_about_no_entry_is_small_among_thousands_and_one_about_all_arrives_whole() {
    install_tls();
    for count in [2_000, 5_000] {
        let folder = tempfile::tempdir().expect("a folder");
        let named = |number| EntryForm {
            id: Some(EntryId(number)),
            hostname: format!("home{number}.spdns.de"),
            ..EntryForm::default()
        };
        let entries = (1..=count).map(named).collect();
        let form = Form { entries, home_lock: false, ..Form::default() };
        SettingsFile::in_folder(folder.path()).save(&form).expect("saves");
        let secrets = SecretStore::File(folder.path().join("secrets"));
        let folders = Folders { config: folder.path().into(), data: folder.path().into(), secrets };
        // It answers, and sends nothing.
        let Started { handle, agent, .. } = Agent::start(&folders, RunMode::ControlOnly).expect("starts");
        tokio::spawn(agent.run());
        // The first reading of the network is about every entry.
        while handle.network().await == NetworkReading::Unread {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let Response::Snapshot { snapshot } = handle.ask(AgentRequest::Status).await else {
            panic!("refused")
        };
        let (mut received, mut known) = (snapshot.clone(), Known::of(&snapshot));
        for (request, changed) in [
            (AgentRequest::SetLanguage { language: LanguageChoice::De }, 0),
            (AgentRequest::Pause { until: None }, count as usize),
            (AgentRequest::SetLanguage { language: LanguageChoice::En }, 0),
        ] {
            let response = handle.ask(request).await;
            assert!(matches!(response, Response::Done), "{response:?}");
            let Response::Snapshot { snapshot } = handle.ask(AgentRequest::Status).await else {
                panic!("refused")
            };
            let change = SnapshotChange::since(&known, &snapshot);
            assert_eq!(change.snapshot.entries.len(), changed);
            assert!(changed > 0 || length(&change) < 1_000, "{count}: {} bytes", length(&change));
            known = Known::of(&snapshot);
            change.apply(&mut received).expect("it is the next one");
            assert!(received == snapshot, "{count}");
        }
    }
}
