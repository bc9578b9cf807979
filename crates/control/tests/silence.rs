//! A real client that says nothing, at the real socket, in a time that only this process's clock passes.
#![cfg(unix)]

use std::time::Duration;

use dyntray_control::RuntimeDir;
use dyntray_control::server::Server;
use tokio::io::AsyncReadExt as _;
use tokio::net::UnixStream;
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn a_client_that_says_nothing_for_a_quarter_of_an_hour_is_closed_and_a_watcher_never() {
    let folder = tempfile::tempdir().expect("a folder");
    let runtime_dir = RuntimeDir::at(folder.path());
    let claim = runtime_dir.claim().expect("claims").expect("free");
    let server = Server::listen(&runtime_dir, &claim).expect("listens");
    let began = Instant::now();
    let mut silent = UnixStream::connect(folder.path().join("control.sock")).await.expect("connects");
    let mut connection = server.accept().await.expect("a client");
    assert!(connection.next().await.expect("no fault").is_none(), "it counts as gone");
    let waited = began.elapsed();
    assert!(waited >= Duration::from_mins(15) && waited < Duration::from_mins(16), "{waited:?}");
    drop(connection);
    assert_eq!(silent.read(&mut [0; 8]).await.expect("the end"), 0, "it is closed");

    let _watching = UnixStream::connect(folder.path().join("control.sock")).await.expect("connects");
    let (mut reader, _writer) = server.accept().await.expect("a client").split();
    let day = tokio::time::timeout(Duration::from_hours(24), reader.closed()).await;
    assert!(day.is_err(), "whoever watches has nothing to say");
}
