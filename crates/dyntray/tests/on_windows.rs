//! The main job on Windows: named pipe, Credential Manager, tray and command line. (On Linux the stories crate has it,
//! on a headless desktop.)
#![cfg(windows)]

mod programs;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use dyntray_control::{
    AgentRequest, Client, Profile, Request, Response, RuntimeDir, SaveRequest, SecretChange,
};
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_core::types::entry_id::EntryId;
use dyntray_sandbox::{Options, Sandbox};
use tokio::process::{Child, Command};

const HOST: &str = "home.spdns.de";
/// Any step may take this long: the machine may be busy.
const PATIENCE: Duration = Duration::from_mins(1);
/// The exit code of `status` when something needs the person.
const NEEDS_YOU: i32 = 4;

/// The running program, with a profile that is removed in the end.
struct App {
    profile: String,
    child: Child,
}

impl App {
    fn start() -> Self {
        let profile = format!("test-{}", std::process::id());
        let child = Command::new(programs::tray_program())
            .env("DYNTRAY_PROFILE", &profile)
            // Some services and terminals start programs without it, and then no socket could be opened.
            .env_remove("SystemRoot")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        App { profile, child }
    }

    async fn ask(&self, request: impl Into<Request>) -> Response {
        let place = RuntimeDir::of(&Profile::named(&self.profile)).expect("a place");
        let mut client = eventually("the pipe", async || Client::connect(&place).await.ok()).await;
        client.ask(request).await.expect("an answer")
    }

    /// Runs a command; the sandbox goes on meanwhile, in this same thread.
    async fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(programs::console_program());
        command.args(arguments).env_remove("SystemRoot").env("DYNTRAY_PROFILE", &self.profile);
        command.output().await.expect("the program answers")
    }

    async fn wait_for_status(&self, code: i32, mood: &str) {
        let mood = format!("\"mood\": \"{mood}\"");
        eventually(&mood, async || {
            let output = self.command(&["status", "--json"]).await;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            (output.status.code() == Some(code) && text.contains(&mood)).then_some(())
        })
        .await;
    }

    fn folders(&self) -> Vec<std::path::PathBuf> {
        let folders = Profile::named(&self.profile).directories().expect("directories");
        [folders.config_dir(), folders.data_local_dir()].map(Path::to_owned).into()
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // It has ended already if all went well.
        let _ = self.child.start_kill();
        for folder in self.folders() {
            let _ = fs::remove_dir_all(folder);
        }
    }
}

async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let began = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(began.elapsed() < PATIENCE, "{what} is awaited in vain");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn wait_until_followed(sandbox: &Sandbox) {
    eventually("the line's addresses at the service", async || {
        let state = sandbox.state().await.expect("state");
        state.hosts.iter().any(|host| host.published == state.wan.public).then_some(())
    })
    .await;
}

fn form(sandbox: &Sandbox) -> Form {
    let resolver = |family| format!("{}/checkip{family}", sandbox.base_url());
    Form {
        resolver_ipv4: resolver(4),
        resolver_ipv6: resolver(6),
        interval: "2 s".to_owned(),
        name_server: sandbox.dns_address().expect("a name server").to_string(),
        entries: vec![EntryForm {
            hostname: HOST.to_owned(),
            server: sandbox.authority(),
            ..EntryForm::default()
        }],
        ..Form::default()
    }
}

fn holds(folder: &Path, secret: &str) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return holds(&path, secret);
        }
        let bytes = fs::read(path).unwrap_or_default();
        bytes.windows(secret.len()).any(|piece| piece == secret.as_bytes())
    })
}

/// Without a display there is no tray: `cargo xtask cross` leaves this module out there.
mod on_a_desktop {
    use super::*;

    #[tokio::test]
    async fn the_first_update_a_new_address_and_a_new_token_all_by_pipe_and_credential_manager() {
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = dyntray_sandbox::start(Options::new(folder.path()).dns_port(0)).await.expect("starts");
        let token = sandbox.make_token(HOST).await.expect("a token");
        let app = App::start();

        let secrets = vec![SecretChange::Replace { secret: token.clone().into() }];
        // A run before this one may have left its own.
        let Response::Form { form: base } = app.ask(AgentRequest::Form).await else {
            panic!("there is no form");
        };
        let request = SaveRequest { base, form: form(&sandbox), secrets };
        let saved = app.ask(AgentRequest::Save(Box::new(request))).await;
        assert!(matches!(saved, Response::Saved { .. }), "{saved:?}");
        app.wait_for_status(0, "fine").await;
        wait_until_followed(&sandbox).await;

        sandbox.reconnect().await.expect("reconnects");
        wait_until_followed(&sandbox).await;
        app.wait_for_status(0, "fine").await;

        let new = sandbox.make_token(HOST).await.expect("a token");
        sandbox.reconnect().await.expect("reconnects");
        app.wait_for_status(NEEDS_YOU, "needsYou").await;
        let set = app.ask(AgentRequest::SetSecret { entry: EntryId(1), secret: new.clone().into() }).await;
        assert!(matches!(set, Response::Saved { .. }), "{set:?}");
        app.wait_for_status(0, "fine").await;
        wait_until_followed(&sandbox).await;

        for (folder, secret) in app.folders().iter().flat_map(|folder| [(folder, &token), (folder, &new)]) {
            assert!(folder.is_dir() && !holds(folder, secret), "a token lies in {}", folder.display());
        }
        // With the entry its secret is removed from the Credential Manager.
        let saved = app.ask(AgentRequest::RemoveEntry { hostname: HOST.to_owned() }).await;
        assert!(matches!(saved, Response::Saved { .. }), "{saved:?}");

        assert_eq!(app.command(&["quit"]).await.status.code(), Some(0));
        let mut app = app;
        let ended = eventually("its end", async || app.child.try_wait().expect("a child")).await;
        assert_eq!(ended.code(), Some(0));
        assert_eq!(app.command(&["status"]).await.status.code(), Some(3), "it isn't running any more");
    }
}
