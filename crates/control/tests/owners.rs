//! Two users of one machine, root and another one, and the places that belong to them.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::net::UnixListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use dyntray_control::server::Server;
use dyntray_control::{AgentRequest, Client, ConnectError, ForeignOwner, Response, RuntimeDir};

/// The number of the user `nobody`, or of any user but root.
const NOBODY: u32 = 65534;
/// What the other user does, and where.
const ROLE: &str = "DYNTRAY_TEST_ROLE";
const PLACE: &str = "DYNTRAY_TEST_PLACE";

/// A folder that every user may look into; none where the test isn't run by root.
fn place() -> Option<tempfile::TempDir> {
    let place = tempfile::tempdir().expect("a folder");
    if fs::metadata(place.path()).expect("is there").uid() != 0 {
        eprintln!("skipped: only root can be two users");
        return None;
    }
    fs::set_permissions(place.path(), Permissions::from_mode(0o755)).expect("sets");
    Some(place)
}

/// A folder of a user.
fn folder(path: PathBuf, mode: u32, owner: u32) -> PathBuf {
    fs::create_dir(&path).expect("makes it");
    fs::set_permissions(&path, Permissions::from_mode(mode)).expect("sets");
    chown(&path, Some(owner), Some(owner)).expect("gives it away");
    path
}

fn about(path: &Path) -> (u32, u32) {
    let about = fs::symlink_metadata(path).expect("is there");
    (about.uid(), about.mode() & 0o777)
}

/// The other user, who does `role` at `place` and prints a line when it may be met.
fn nobody(role: &str, place: &Path) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "the_other_user", "--ignored", "--nocapture"])
        .env(ROLE, role)
        .env(PLACE, place)
        .uid(NOBODY)
        .gid(NOBODY)
        .stdout(Stdio::piped())
        .spawn()
        .expect("starts");
    let mut said = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    while !line.starts_with("ready") {
        line.clear();
        assert_ne!(said.read_line(&mut line).expect("a line"), 0, "the other user has failed");
    }
    (child, said)
}

/// What the other user says at the end.
fn last_words((mut child, mut said): (Child, BufReader<ChildStdout>)) -> String {
    let mut words = String::new();
    said.read_to_string(&mut words).expect("reads");
    assert!(child.wait().expect("ends").success(), "{words}");
    words
}

#[test]
#[ignore = "the part of the other user, which the other tests start"]
fn the_other_user() {
    let place = PathBuf::from(std::env::var_os(PLACE).expect("a place"));
    let runtime_dir = RuntimeDir::at(&place);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let ready = || {
        println!("\nready");
        std::io::stdout().flush().expect("says it");
    };
    match std::env::var(ROLE).expect("a role").as_str() {
        "listen" => {
            let listener = UnixListener::bind(place.join("control.sock")).expect("listens");
            fs::set_permissions(place.join("control.sock"), Permissions::from_mode(0o777)).expect("sets");
            ready();
            let (mut client, _) = listener.accept().expect("a client");
            let mut heard = String::new();
            client.read_to_string(&mut heard).expect("reads");
            println!("heard {heard:?}");
        }
        "serve" => runtime.block_on(async {
            let claim = runtime_dir.claim().expect("claims").expect("free");
            let server = Server::listen(&runtime_dir, &claim).expect("listens");
            ready();
            let mut connection = server.accept().await.expect("a client");
            connection.next().await.expect("a line").expect("a request");
            connection.respond(&Response::Done).await.expect("answers");
            connection.next().await.expect("the end");
        }),
        "start" => {
            ready();
            println!("claim: {}", runtime_dir.claim().expect_err("refused"));
            let connected = runtime.block_on(Client::connect(&runtime_dir));
            println!("connect: {}", connected.err().expect("refused"));
        }
        other => panic!("{other}"),
    }
}

fn refused(runtime_dir: &RuntimeDir) -> ForeignOwner {
    let error = runtime_dir.claim().expect_err("it is another user's");
    ForeignOwner::of(&error).unwrap_or_else(|| panic!("{error}")).clone()
}

#[test]
fn root_makes_nothing_in_another_users_place_and_changes_nothing_there() {
    let Some(place) = place() else { return };
    let theirs = folder(place.path().join("theirs"), 0o700, NOBODY);
    let refusal = refused(&RuntimeDir::at(theirs.join("deep/dyntray")));
    assert_eq!(refusal, ForeignOwner { path: theirs.clone(), owner: NOBODY });
    assert_eq!(fs::read_dir(&theirs).expect("reads").count(), 0, "nothing is left there");

    let existing = folder(theirs.join("dyntray"), 0o755, NOBODY);
    assert_eq!(refused(&RuntimeDir::at(&existing)), ForeignOwner { path: existing.clone(), owner: NOBODY });
    assert_eq!(about(&existing), (NOBODY, 0o755), "neither taken nor changed");
    assert_eq!(fs::read_dir(&existing).expect("reads").count(), 0);
}

#[test]
fn a_lock_or_socket_of_another_user_is_refused_by_its_path_and_left_alone() {
    let Some(place) = place() else { return };
    for name in ["dyntray.lock", "control.sock"] {
        let own = folder(place.path().join(format!("with-{name}")), 0o755, 0);
        let left = own.join(name);
        fs::write(&left, "left").expect("writes");
        chown(&left, Some(NOBODY), Some(NOBODY)).expect("gives it away");
        let refusal = refused(&RuntimeDir::at(&own));
        assert_eq!(refusal, ForeignOwner { path: left.clone(), owner: NOBODY });
        assert_eq!(fs::read_to_string(&left).expect("is there"), "left");
    }
}

#[test]
fn root_makes_no_lock_beside_another_users_history_and_takes_none_that_is_theirs() {
    let Some(place) = place() else { return };
    let own = place.path().join("own");
    let theirs = folder(place.path().join("theirs"), 0o700, NOBODY);
    let with_history = |history: &Path| RuntimeDir::at(&own).with_history_in(history);
    for history in [theirs.clone(), theirs.join("deep/data")] {
        let refusal = refused(&with_history(&history));
        assert_eq!(refusal, ForeignOwner { path: theirs.clone(), owner: NOBODY });
        assert_eq!(fs::read_dir(&theirs).expect("reads").count(), 0, "nothing is left there");
        assert!(!own.exists(), "nor in its own place");
    }
    let history = folder(place.path().join("history"), 0o755, 0);
    let lock = history.join("history.lock");
    fs::write(&lock, "left").expect("writes");
    chown(&lock, Some(NOBODY), Some(NOBODY)).expect("gives it away");
    assert_eq!(refused(&with_history(&history)), ForeignOwner { path: lock.clone(), owner: NOBODY });
    assert_eq!(fs::read_to_string(&lock).expect("is there"), "left");
}

#[test]
fn a_fifo_in_the_place_of_the_historys_lock_is_not_waited_for() {
    let place = tempfile::tempdir().expect("a folder");
    let fifo = place.path().join("history.lock");
    assert!(Command::new("mkfifo").arg(&fifo).status().expect("mkfifo").success());
    let runtime_dir = RuntimeDir::at(place.path().join("run")).with_history_in(place.path());
    assert!(runtime_dir.other_machine().is_none());
    // There can be no lock, and so nothing is sent; the program starts and says so.
    assert!(runtime_dir.claim().expect("claims").is_some());
}

#[test]
fn a_user_whose_place_is_roots_is_told_so_with_its_path() {
    let Some(place) = place() else { return };
    let roots = folder(place.path().join("dyntray"), 0o700, 0);
    let words = last_words(nobody("start", &roots));
    let told = format!("{} belongs to another user (number 0)", roots.display());
    assert!(words.contains(&format!("claim: {told}")), "{words}");
    assert!(words.contains(&format!("connect: {told}")), "{words}");
}

#[tokio::test]
async fn whoever_listens_in_the_users_place_is_told_nothing() {
    let Some(place) = place() else { return };
    let open_to_all = folder(place.path().join("dyntray"), 0o777, 0);
    let other = nobody("listen", &open_to_all);
    let runtime_dir = RuntimeDir::at(&open_to_all);
    let told = async {
        let mut client = Client::connect(&runtime_dir).await?;
        let entry = dyntray_core::types::entry_id::EntryId(1);
        client.ask(AgentRequest::SetSecret { entry, secret: "abcd-efgh-ijkl".into() }).await
    };
    let refusal = ForeignOwner { path: open_to_all.join("control.sock"), owner: NOBODY };
    match told.await {
        Err(ConnectError::ForeignOwner(foreign)) => assert_eq!(foreign, refusal),
        other => panic!("{other:?}"),
    }
    let heard = last_words(other);
    assert!(heard.contains("heard \"\""), "{heard}");
}

#[tokio::test]
async fn root_talks_to_a_users_program_and_takes_nothing_of_it() {
    let Some(place) = place() else { return };
    let theirs = folder(place.path().join("dyntray"), 0o700, NOBODY);
    let other = nobody("serve", &theirs);
    let runtime_dir = RuntimeDir::at(&theirs);
    assert!(runtime_dir.claim().expect("asks").is_none(), "it runs");
    assert_eq!(about(&theirs.join("dyntray.lock")).0, NOBODY);
    let mut client = Client::connect(&runtime_dir).await.expect("connects");
    let answer = client.ask(AgentRequest::UpdateNow).await.expect("an answer");
    assert!(matches!(answer, Response::Done));
    drop(client);
    last_words(other);
}
