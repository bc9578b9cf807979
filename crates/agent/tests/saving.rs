//! Stories of several who save at once, and of saves that fail in the middle.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};

use dyntray_agent::Handle;
use dyntray_agent::keyring::SecretStore;
use dyntray_agent::run::{Agent, Folders, RunMode, Started};
use dyntray_agent::settings_file::{SettingsFile, read};
use dyntray_control::{AgentRequest, Rejection, Response, SaveRequest, SecretChange};
use dyntray_core::settings::form::{ConflictKind, EntryError, EntryForm, Field, FieldError, Form, FormField};
use dyntray_core::settings::{LanguageChoice, ThemeChoice};
use dyntray_core::types::entry_id::EntryId;
use tokio::task::JoinHandle;

/// A program that only answers, in a folder of its own.
struct Program {
    folder: tempfile::TempDir,
    handle: Handle,
    agent: JoinHandle<()>,
}

impl Program {
    /// Starts it with two entries and their secrets.
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let entries = (1..=2).map(|id| entry(Some(id), &format!("host{id}.spdns.de")));
        let form = Form { entries: entries.collect(), ..Form::default() };
        SettingsFile::in_folder(folder.path()).save(&form).expect("saves");
        let secrets = folder.path().join("secrets");
        fs::write(&secrets, "1 secret of host1\n2 secret of host2\n").expect("writes");
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&secrets, mode).expect("sets");
        let (handle, agent) = started(folder.path());
        Program { folder, handle, agent }
    }

    /// Ends it and starts another one in the same folder.
    async fn again(self) -> Self {
        let Program { folder, handle, agent } = self;
        drop(handle);
        agent.await.expect("it ends");
        let (handle, agent) = started(folder.path());
        Program { folder, handle, agent }
    }

    async fn form(&self) -> Form {
        match self.handle.ask(AgentRequest::Form).await {
            Response::Form { form } => form,
            other => panic!("{other:?}"),
        }
    }

    /// Saves `form`, which was made from `base`, with every secret kept.
    async fn save(&self, base: &Form, form: Form) -> Result<Form, Rejection> {
        let secrets = vec![SecretChange::Keep; form.entries.len()];
        self.ask(AgentRequest::Save(Box::new(SaveRequest { base: base.clone(), form, secrets }))).await
    }

    async fn ask(&self, request: AgentRequest) -> Result<Form, Rejection> {
        match self.handle.ask(request).await {
            Response::Saved { form, .. } => Ok(form),
            Response::Done => Ok(self.form().await),
            Response::Rejected { rejection } => Err(rejection),
            other => panic!("{other:?}"),
        }
    }

    fn settings(&self) -> PathBuf {
        self.folder.path().join("settings.toml")
    }

    fn on_disk(&self) -> Form {
        read(&fs::read(self.settings()).expect("is there")).expect("it is valid").0
    }

    /// The file of secrets, line by line.
    fn secrets(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("secrets")).expect("is there");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }
}

fn started(folder: &Path) -> (Handle, JoinHandle<()>) {
    let secrets = SecretStore::File(folder.join("secrets"));
    let folders = Folders { config: folder.to_owned(), data: folder.to_owned(), secrets };
    let Started { handle, agent, .. } = Agent::start(&folders, RunMode::ControlOnly).expect("starts");
    (handle, tokio::spawn(agent.run()))
}

fn entry(id: Option<u32>, hostname: &str) -> EntryForm {
    EntryForm { id: id.map(EntryId), hostname: hostname.into(), ..EntryForm::default() }
}

fn typed(secret: &str) -> SecretChange {
    SecretChange::Replace { secret: secret.into() }
}

fn add(hostname: &str) -> AgentRequest {
    AgentRequest::AddEntry { entry: entry(None, hostname), secret: typed(&format!("secret of {hostname}")) }
}

fn names(form: &Form) -> Vec<&str> {
    form.entries.iter().map(|entry| entry.hostname.split('.').next().unwrap_or_default()).collect()
}

const KEPT: [&str; 2] = ["1 secret of host1", "2 secret of host2"];

#[tokio::test]
async fn a_save_takes_back_nothing_that_was_saved_since_the_form_that_it_was_made_from() {
    let program = Program::start();
    let seen = program.form().await;
    program.ask(add("office.spdns.de")).await.expect("saved");
    program.ask(AgentRequest::SetLanguage { language: LanguageChoice::De }).await.expect("saved");
    program.ask(AgentRequest::RemoveEntry { hostname: "HOST2.spdns.de.".into() }).await.expect("saved");
    let mut mine = seen.clone();
    mine.theme = ThemeChoice::Dark;
    mine.entries[0].enabled = false;
    mine.entries.push(entry(None, "garage.spdns.de"));
    let secrets = vec![SecretChange::Keep, SecretChange::Keep, typed("secret of garage")];
    let request = AgentRequest::Save(Box::new(SaveRequest { base: seen, form: mine, secrets }));
    let Response::Saved { form, ids, .. } = program.handle.ask(request).await else { panic!("not saved") };
    assert_eq!(names(&form), ["host1", "office", "garage"]);
    assert_eq!((form.language, form.theme), (LanguageChoice::De, ThemeChoice::Dark));
    assert!(!form.entries[0].enabled);
    assert_eq!(ids, [Some(EntryId(1)), None, Some(EntryId(4))], "who was sent, in that order");
    assert_eq!(program.on_disk(), form);
    let secrets = ["1 secret of host1", "3 secret of office.spdns.de", "4 secret of garage"];
    assert_eq!(program.secrets(), secrets);
}

#[tokio::test]
async fn where_a_save_touches_what_was_saved_meanwhile_it_is_refused_with_the_places_and_changes_nothing() {
    let program = Program::start();
    let seen = program.form().await;
    let mut theirs = seen.clone();
    theirs.interval = "1 h".into();
    theirs.entries[0].enabled = false;
    let now = program.save(&seen, theirs).await.expect("saved");
    let mut mine = seen.clone();
    mine.interval = "2 h".into();
    mine.entries.remove(0);
    let refused = program.save(&seen, mine.clone()).await;
    let Err(Rejection::ChangedMeanwhile { conflicts, form }) = refused else { panic!("{refused:?}") };
    assert_eq!(*form, now);
    let told: Vec<_> = conflicts.iter().map(|conflict| (conflict.hostname.as_str(), conflict.what)).collect();
    let interval = ConflictKind::Field { field: FormField::Interval };
    assert_eq!(told, [("host1.spdns.de", ConflictKind::Changed), ("", interval)]);
    assert_eq!(program.on_disk(), now);
    assert_eq!(program.secrets(), KEPT);
    // Whoever has seen the newer form may overrule it.
    let saved = program.save(&now, mine).await.expect("saved");
    assert_eq!((names(&saved), saved.interval.as_str()), (vec!["host2"], "2 h"));
    assert_eq!(program.secrets(), KEPT[1..]);
}

#[tokio::test]
async fn a_secret_goes_nowhere_but_where_its_writer_has_seen_that_it_would_go() {
    let program = Program::start();
    let seen = program.form().await;
    let mut theirs = seen.clone();
    theirs.entries[0].server = "elsewhere.example.org".into();
    theirs.entries[0].enabled = false;
    theirs.entries[1].enabled = false;
    let secrets = vec![typed("secret of elsewhere"), SecretChange::Keep];
    let moved = SaveRequest { base: seen.clone(), form: theirs, secrets };
    program.ask(AgentRequest::Save(Box::new(moved))).await.expect("saved");
    let set = |index: usize| {
        let seen = seen.entries[index].clone();
        program.ask(AgentRequest::SetSecretOf { seen, secret: "newest secret".into() })
    };
    let refused = set(0).await;
    assert!(matches!(refused, Err(Rejection::ChangedMeanwhile { .. })), "{refused:?}");
    set(1).await.expect("it goes to the same server");
    // A secret for another server is in the second place.
    assert_eq!(program.secrets(), ["1.2 secret of elsewhere", "2 newest secret"]);
}

#[tokio::test]
async fn a_mistake_is_told_at_its_place_in_what_was_sent_whoever_saved_what_it_is_about() {
    let program = Program::start();
    let seen = program.form().await;
    program.ask(add("office.spdns.de")).await.expect("saved");
    let mut mine = seen.clone();
    mine.entries[1].hostname = "office.spdns.de".into();
    let twice =
        |entry| FieldError { entry: Some(entry), field: Field::Hostname, problem: EntryError::Twice.into() };
    let told = |refused| match refused {
        Err(Rejection::Fields { errors }) => errors,
        other => panic!("{other:?}"),
    };
    assert_eq!(told(program.save(&seen, mine).await), [twice(1)]);
    assert_eq!(told(program.ask(add("office.spdns.de")).await), [twice(0)], "it has sent one");
}

#[tokio::test]
async fn what_was_changed_in_the_file_by_hand_is_kept_by_the_next_save_or_stands_in_its_way_with_words() {
    let program = Program::start();
    let seen = program.form().await;
    let mut by_hand = seen.clone();
    by_hand.interval = "3 h".into();
    by_hand.entries.push(entry(Some(7), "hand.spdns.de"));
    by_hand.entries[2].enabled = false;
    SettingsFile::in_folder(program.folder.path()).save(&by_hand).expect("saves");
    let mut mine = seen.clone();
    mine.theme = ThemeChoice::Dark;
    let saved = program.save(&seen, mine).await.expect("saved");
    assert_eq!((saved.interval.as_str(), saved.theme), ("3 h", ThemeChoice::Dark));
    assert_eq!(names(&saved), ["host1", "host2", "hand"]);
    program.ask(add("office.spdns.de")).await.expect("saved");
    assert_eq!(program.on_disk().entries[3].id, Some(EntryId(8)));

    let broken = "schemaVersion = 1\ninterval = [";
    fs::write(program.settings(), broken).expect("writes");
    for request in [add("attic.spdns.de"), AgentRequest::SetLanguage { language: LanguageChoice::De }] {
        let refused = program.ask(request).await;
        let Err(Rejection::SettingsFileChanged { path, why }) = refused else { panic!("{refused:?}") };
        assert!(path.ends_with("settings.toml") && why.contains("line 2"), "{path}: {why}");
    }
    assert_eq!(fs::read_to_string(program.settings()).expect("is there"), broken, "their work stays");
    fs::remove_file(program.settings()).expect("removes");
    program.ask(add("attic.spdns.de")).await.expect("saved");
    assert_eq!(names(&program.on_disk()), ["host1", "host2", "hand", "office", "attic"]);
}

#[tokio::test]
async fn whatever_a_save_wanted_entries_and_secrets_stay_as_they_were_if_its_settings_cant_be_written() {
    let program = Program::start();
    let seen = program.form().await;
    // It leads nowhere: nothing is there to be read, and nothing can be written.
    fs::remove_file(program.settings()).expect("removes");
    std::os::unix::fs::symlink("no/such/folder/settings.toml", program.settings()).expect("links");
    let mut moved = seen.clone();
    moved.entries[0].server = "elsewhere.example.org".into();
    let secrets = vec![typed("secret of elsewhere"), SecretChange::Keep];
    let requests = [
        AgentRequest::RemoveEntry { hostname: "host1.spdns.de".into() },
        AgentRequest::SetSecret { entry: EntryId(2), secret: "newer secret".into() },
        add("office.spdns.de"),
        AgentRequest::Save(Box::new(SaveRequest { base: seen.clone(), form: moved, secrets })),
    ];
    for request in requests {
        let refused = program.ask(request).await;
        assert!(matches!(refused, Err(Rejection::NotWritten { .. })), "{refused:?}");
        assert_eq!(program.secrets(), KEPT);
        assert_eq!(program.form().await, seen);
    }
    fs::remove_file(program.settings()).expect("removes");
    SettingsFile::in_folder(program.folder.path()).save(&seen).expect("saves");
    let program = program.again().await;
    let saved = program.ask(add("garage.spdns.de")).await.expect("saved");
    assert!(saved.entries[2].id > Some(EntryId(3)), "no number is used twice: {saved:?}");
}
