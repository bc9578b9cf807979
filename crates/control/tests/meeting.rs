//! A client and a server meet in a runtime directory.

use std::io::Write as _;

use dyntray_control::server::Server;
use dyntray_control::{AgentRequest, Client, ClientMessage, ConnectError, Request, Response, RuntimeDir};

#[tokio::test]
async fn a_question_is_answered() {
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path().join("dyntray"));
    let claim = runtime_dir.claim().expect("claims").expect("free");
    let server = Server::listen(&runtime_dir, &claim).expect("listens");
    let answering = async {
        let mut connection = server.accept().await.expect("a client");
        let message = connection.next().await.expect("a line");
        let Some(ClientMessage::Request(Request::Agent(request))) = message else { panic!("{message:?}") };
        assert!(matches!(*request, AgentRequest::UpdateNow));
        connection.respond(&Response::Done).await.expect("answers");
        assert!(connection.next().await.expect("the end").is_none());
    };
    let asking = async {
        let mut client = Client::connect(&runtime_dir).await.expect("connects");
        client.ask(AgentRequest::UpdateNow).await.expect("an answer")
    };
    let ((), answer) = tokio::join!(answering, asking);
    assert!(matches!(answer, Response::Done));
}

/// What a newer program may say: a response that this version doesn't know.
#[cfg(unix)]
#[tokio::test]
async fn what_another_version_says_is_not_understood_and_a_connection_that_breaks_is_lost() {
    use tokio::io::AsyncWriteExt as _;
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path());
    let listener = tokio::net::UnixListener::bind(home.path().join("control.sock")).expect("listens");
    for (said, is_understood) in [("{\"answer\":\"later\"}\n", false), ("{\"answer\":", true), ("", true)] {
        let speaking = async {
            let (mut stream, _) = listener.accept().await.expect("a client");
            stream.write_all(said.as_bytes()).await.expect("it listens");
        };
        let asking = async {
            let mut watch = Client::watch(&runtime_dir, true).await.expect("connects");
            watch.next().await
        };
        let ((), heard) = tokio::join!(speaking, asking);
        match heard {
            Err(ConnectError::NotUnderstood) => assert!(!is_understood, "{said}"),
            Err(ConnectError::Lost(_)) | Ok(None) => assert!(is_understood, "{said}"),
            other => panic!("{said}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_watcher_hears_the_programs_version_before_all_else() {
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path().join("dyntray"));
    let claim = runtime_dir.claim().expect("claims").expect("free");
    let server = Server::listen(&runtime_dir, &claim).expect("listens");
    let version = "7.8.9".parse().expect("a version");
    let answering = async {
        let mut connection = server.accept().await.expect("a client");
        connection.respond(&Response::Program { version }).await.expect("answers");
        connection.respond(&Response::Done).await.expect("answers");
    };
    let watching = async {
        let mut watch = Client::watch(&runtime_dir, true).await.expect("connects");
        assert_eq!(watch.program(), None);
        let next = watch.next().await.expect("a response");
        assert!(matches!(next, Some(Response::Done)), "{next:?}");
        watch.program()
    };
    let ((), heard) = tokio::join!(answering, watching);
    assert_eq!(heard, Some(version));
}

#[tokio::test]
async fn without_a_running_program_the_client_is_told_so() {
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path());
    assert!(matches!(Client::connect(&runtime_dir).await, Err(ConnectError::NotRunning)));
}

#[test]
fn a_place_is_claimed_once_and_is_free_again_afterwards() {
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path());
    let first = runtime_dir.claim().expect("claims");
    assert!(first.is_some());
    assert!(runtime_dir.claim().expect("asks").is_none());
    assert!(runtime_dir.is_taken().expect("looks"));
    drop(first);
    assert!(!runtime_dir.is_taken().expect("looks"));
    let nobody_was_here = RuntimeDir::at(home.path().join("elsewhere"));
    assert!(!nobody_was_here.is_taken().expect("looks"));
    assert!(!nobody_was_here.directory().exists(), "looking makes nothing");
    assert!(runtime_dir.claim().expect("asks").is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_can_reach_the_socket_and_a_leftover_one_is_no_hindrance() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path().join("dyntray"));
    let claim = runtime_dir.claim().expect("claims").expect("free");
    std::fs::write(runtime_dir.directory().join("control.sock"), b"left over").expect("writes");
    let _server = Server::listen(&runtime_dir, &claim).expect("listens");
    let mode = |path: &std::path::Path| std::fs::metadata(path).expect("exists").permissions().mode() & 0o777;
    assert_eq!(mode(runtime_dir.directory()), 0o700);
    assert_eq!(mode(&runtime_dir.directory().join("control.sock")), 0o600);
}

#[tokio::test]
async fn a_line_that_is_not_understood_is_an_error_without_its_text() {
    let home = tempfile::tempdir().expect("a directory");
    let runtime_dir = RuntimeDir::at(home.path());
    let claim = runtime_dir.claim().expect("claims").expect("free");
    let server = Server::listen(&runtime_dir, &claim).expect("listens");
    let mut raw = connected(&runtime_dir);
    raw.write_all(b"{\"request\":\"setSecret\",\"secret\":[\"abcd-efgh-ijkl\"]}\n").expect("writes");
    let mut connection = server.accept().await.expect("a client");
    let error = connection.next().await.expect_err("nonsense");
    assert!(!error.to_string().contains("abcd"), "{error}");
}

/// The socket, as any other program of the same user can open it.
#[cfg(unix)]
fn connected(runtime_dir: &RuntimeDir) -> std::os::unix::net::UnixStream {
    std::os::unix::net::UnixStream::connect(runtime_dir.directory().join("control.sock")).expect("connects")
}

/// The socket, as any other program of the same user can open it.
#[cfg(windows)]
fn connected(runtime_dir: &RuntimeDir) -> std::fs::File {
    let socket = runtime_dir.directory().join("control.sock");
    let name = socket.to_string_lossy().replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let pipe = format!(r"\\.\pipe\{name}");
    std::fs::File::options().read(true).write(true).open(pipe).expect("connects")
}

/// The place of a program whose home is `home`, with and without `XDG_RUNTIME_DIR`.
fn places(home: &std::path::Path) -> [RuntimeDir; 2] {
    let data = home.join("home/.local/share/dyntray");
    [home.join("run/dyntray"), data.clone()].map(|place| RuntimeDir::at(place).with_history_in(&data))
}

#[test]
fn one_history_has_one_program_whatever_the_environment() {
    for swapped in [false, true] {
        let home = tempfile::tempdir().expect("a directory");
        let mut places = places(home.path());
        if swapped {
            places.reverse();
        }
        let [first, second] = places;
        assert!(!first.is_taken().expect("looks") && !second.is_taken().expect("looks"));
        let claim = first.claim().expect("claims").expect("free");
        assert!(second.claim().expect("asks").is_none(), "{second:?}");
        assert!(second.is_taken().expect("looks"), "who waits for its end waits");
        assert_eq!(second.other_machine(), None);
        drop(claim);
        assert!(!second.is_taken().expect("looks"));
        assert!(second.claim().expect("asks").is_some());
    }
}

#[test]
fn two_histories_in_one_runtime_directory_have_one_program_too() {
    let home = tempfile::tempdir().expect("a directory");
    let with = |data: &str| RuntimeDir::at(home.path().join("run")).with_history_in(home.path().join(data));
    let _claim = with("one").claim().expect("claims").expect("free");
    assert!(with("two").claim().expect("asks").is_none(), "it would take the socket away");
}

#[cfg(unix)]
#[tokio::test]
async fn a_program_is_found_whatever_the_environment_of_the_command() {
    for swapped in [false, true] {
        let home = tempfile::tempdir().expect("a directory");
        let mut places = places(home.path());
        if swapped {
            places.reverse();
        }
        let [first, second] = places;
        assert!(matches!(Client::connect(&second).await, Err(ConnectError::NotRunning)));
        let claim = first.claim().expect("claims").expect("free");
        assert!(
            matches!(Client::connect(&second).await, Err(ConnectError::NotRunning)),
            "it doesn't listen yet"
        );
        let server = Server::listen(&first, &claim).expect("listens");
        for place in [&first, &second] {
            let (client, connection) = tokio::join!(Client::connect(place), server.accept());
            assert!(client.is_ok() && connection.is_ok(), "{place:?}");
        }
        drop((claim, server));
        assert!(matches!(Client::connect(&second).await, Err(ConnectError::NotRunning)));
    }
}

#[cfg(unix)]
#[test]
fn in_a_home_that_cant_be_written_the_runtime_directory_alone_is_claimed() {
    let home = tempfile::tempdir().expect("a directory");
    // Nobody can make a folder below a file, not even root.
    let file = home.path().join("file");
    std::fs::write(&file, b"").expect("writes");
    let place = RuntimeDir::at(home.path().join("run")).with_history_in(file.join("data"));
    let _claim = place.claim().expect("claims").expect("free");
    assert!(place.claim().expect("asks").is_none());
}
