//! Starting WebKitWebDriver for a web view that listens already.

use std::{process::Stdio, time::Duration};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use tokio::{net::TcpStream, process::Child, time::timeout};

use crate::{
    Error, Result,
    desktop::{Desktop, free_port},
    processes,
    wait::eventually,
};

/// An attempt may hang while the web view starts or ends; the next one gets a new driver.
const ATTEMPT: Duration = Duration::from_secs(6);

/// A session with a web view.
pub(super) struct Session {
    pub(super) client: Client,
    /// The process that shows the window.
    pub(super) pid: u32,
    pub(super) driver: Child,
}

pub(super) async fn attach(desktop: &Desktop) -> Result<Session> {
    let port = desktop.inspector_port();
    let pid = processes::listening_among(&desktop.processes(), port)
        .ok_or_else(|| Error::NotThere(format!("nobody listens on the inspector's port {port}")))?;
    let (driver, address) = start_driver(desktop).await?;
    let client =
        timeout(ATTEMPT, ClientBuilder::new(HttpConnector::new()).connect(&format!("http://{address}")))
            .await
            .map_err(|_| Error::NotThere(format!("process {pid} doesn't answer the driver")))?
            .map_err(|error| Error::NotThere(format!("no session with process {pid}: {error}")))?;
    Ok(Session { client, pid, driver })
}

/// A driver of its own for each attachment: the old one may still hold on to a window that is gone.
async fn start_driver(desktop: &Desktop) -> Result<(Child, String)> {
    let not_started = |source| Error::NotStarted { program: "WebKitWebDriver".to_owned(), source };
    let own = free_port().map_err(not_started)?;
    let driver = desktop
        .command("WebKitWebDriver")
        .arg(format!("--port={own}"))
        .arg(format!("--target=127.0.0.1:{}", desktop.inspector_port()))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_started)?;
    let address = format!("127.0.0.1:{own}");
    eventually("WebKitWebDriver to listen", ATTEMPT, async || TcpStream::connect(&address).await.is_ok())
        .await?;
    Ok((driver, address))
}
