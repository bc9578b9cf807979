//! Stories of secrets that the store holds and the state doesn't know of: a lost history, or files that were moved by hand.
#![cfg(unix)]

use std::fs;
use std::path::Path;

use dyntray_agent::keyring::{Keyring, SecretStore};
use dyntray_agent::run::{Agent, Folders, RunMode, Started};
use dyntray_agent::settings_file::SettingsFile;
use dyntray_control::{AgentRequest, Rejection, Response, SaveRequest, SecretChange};
use dyntray_core::settings::form::{EntryError, EntryForm, FieldProblem, Form};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::token::SecretError;

/// Three entries that are switched off, of which the first two have secrets, and a history that nobody can read.
async fn without_a_history(folder: &Path) -> Folders {
    let secrets = SecretStore::File(folder.join("secrets"));
    let keyring = Keyring::start(secrets.clone());
    for id in [1, 2] {
        keyring.write(EntryId(id), "abcd-efgh-ijkl".into()).await.expect("writes");
    }
    let entries = (1..=3).map(|id| EntryForm {
        id: Some(EntryId(id)),
        hostname: format!("home{id}.spdns.de"),
        enabled: false,
        ..EntryForm::default()
    });
    let form = Form { entries: entries.collect(), ..Form::default() };
    SettingsFile::in_folder(folder).save(&form).expect("saves");
    fs::write(folder.join("history.db"), "not a database, surely not one".repeat(100)).expect("writes");
    Folders { config: folder.to_owned(), data: folder.to_owned(), secrets }
}

/// The answer to a save of the form after `change`, each secret kept, by a program that has just started.
async fn saved(
    folders: &Folders,
    change: impl FnOnce(&mut Form),
) -> Result<Form, Vec<(Option<u32>, FieldProblem)>> {
    let Started { handle, agent, .. } = Agent::start(folders, RunMode::ControlOnly).expect("starts");
    let agent = tokio::spawn(agent.run());
    let Response::Form { mut form } = handle.ask(AgentRequest::Form).await else { panic!("no form") };
    change(&mut form);
    let secrets = vec![SecretChange::Keep; form.entries.len()];
    let answer = handle.ask(AgentRequest::Save(SaveRequest { form, secrets })).await;
    drop(handle);
    agent.await.expect("it ends");
    match answer {
        Response::Saved { form } => Ok(form),
        Response::Rejected { rejection: Rejection::Fields { errors } } => {
            Err(errors.into_iter().map(|error| (error.entry, error.problem)).collect())
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn after_a_lost_history_an_entry_is_switched_on_with_the_secret_that_the_store_holds() {
    let folder = tempfile::tempdir().expect("a folder");
    let folders = without_a_history(folder.path()).await;
    let form = saved(&folders, |form| form.entries[0].enabled = true).await.expect("its secret is there");
    assert!(form.entries[0].enabled);
    // The next program has read nothing in the store, and needs not: nothing depends on it.
    assert!(saved(&folders, |form| form.entries[0].hostname = "office.spdns.de".into()).await.is_ok());
    let refused = saved(&folders, |form| form.entries[2].enabled = true).await;
    assert_eq!(refused, Err(vec![(Some(2), SecretError::Missing.into())]));
}

#[tokio::test]
async fn after_a_lost_history_no_secret_follows_to_another_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let folders = without_a_history(folder.path()).await;
    for id in [0, 2] {
        let moved = saved(&folders, |form| form.entries[id].server = "update.example.org".into()).await;
        match id {
            0 => assert_eq!(moved, Err(vec![(Some(0), EntryError::SecretForOtherServer.into())])),
            _ => assert!(moved.is_ok(), "there is none that could follow"),
        }
    }
}
