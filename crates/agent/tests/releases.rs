//! Stories of announced versions: only the number is taken from an announcement.

mod wire;

use dyntray_agent::{install_tls, releases};
use dyntray_core::observe::release::Version;
use dyntray_core::settings::Proxy;
use wire::{Act, Server};

async fn announced(act: Act) -> Option<Version> {
    install_tls();
    let server = Server::start(act).await;
    let version = releases::announced(&server.page("/dyntray.json"), &Proxy::System).await;
    let requests = server.requests();
    assert!(requests.iter().all(|head| head.starts_with("GET /dyntray.json HTTP/1.1\r\n")), "{requests:?}");
    version
}

#[tokio::test]
async fn an_announced_version_is_read_also_from_an_updaters_file() {
    let newest = "1.2.3".parse().ok();
    assert_eq!(announced(Act::status(200, r#"{"version":"1.2.3"}"#)).await, newest);
    let of_an_updater =
        r#"{"version":"v1.2.3","notes":"x","platforms":{"linux-x86_64":{"url":"https://x.invalid"}}}"#;
    assert_eq!(announced(Act::status(200, of_an_updater)).await, newest);
}

#[tokio::test]
async fn everything_else_announces_nothing() {
    let huge = format!(r#"{{"notes":"{}","version":"1.2.3"}}"#, "x".repeat(100_000));
    for act in [
        Act::status(200, ""),
        Act::status(200, "<html>1.2.3</html>"),
        Act::status(200, r#"{"version":"1.2.3; rm -rf"}"#),
        Act::status(200, r#"{"version":123}"#),
        Act::status(404, r#"{"version":"1.2.3"}"#),
        Act::status(200, huge),
        Act::redirect(302, "/other.json"),
        Act::Reset,
        Act::ResetAfter(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"version\":\"1.2.3\"}".to_vec()),
    ] {
        assert_eq!(announced(act).await, None);
    }
}
