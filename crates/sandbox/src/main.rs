//! `dyntray-sandbox`: runs a sandbox until it is told to stop.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use dyntray_sandbox::{ClientAddresses, Options, start};

/// A faithful SPDYN on loopback, to try Dyntray without the live service.
#[derive(Parser)]
#[command(name = "dyntray-sandbox", version)]
struct Arguments {
    /// The directory of sandbox.db; created if missing.
    #[arg(long)]
    dir: PathBuf,
    /// The TCP port; 0 takes any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// The TCP port for HTTPS; 0 takes any free one.
    #[arg(long)]
    https_port: Option<u16>,
    /// The port of the name server, UDP and TCP; 0 takes any free one.
    #[arg(long)]
    dns_port: Option<u16>,
    /// The address to listen on. Any but loopback opens the portal to the network: for network namespaces only.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// The addresses that clients appear to come from.
    #[arg(long = "line", value_enum, default_value_t = ClientSource::Simulated)]
    client_source: ClientSource,
    /// A further name of the sandbox, for browsers and for the HTTPS certificate; can be repeated.
    #[arg(long = "name")]
    names: Vec<String>,
}

/// The addresses that clients appear to come from, as a command-line value.
#[derive(Clone, Copy, ValueEnum)]
enum ClientSource {
    /// The simulated WAN's, for every client.
    #[value(name = "pretended")]
    Simulated,
    /// The address of each client's own connection.
    Peer,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let mut options = Options::new(arguments.dir).port(arguments.port);
    options.bind = arguments.bind;
    options.client_addresses = match arguments.client_source {
        ClientSource::Simulated => ClientAddresses::Simulated,
        ClientSource::Peer => ClientAddresses::Peer,
    };
    options.names = arguments.names;
    options.https_port = arguments.https_port;
    options.dns_port = arguments.dns_port;
    let sandbox = start(options).await?;
    let mut stdout = std::io::stdout();
    writeln!(stdout, "{}", sandbox.base_url())?;
    if let (Some(url), Some(ca)) = (sandbox.https_url(), sandbox.ca_file()) {
        writeln!(stdout, "{url}\nca {}", ca.display())?;
    }
    if let Some(address) = sandbox.dns_address() {
        writeln!(stdout, "dns {address}")?;
    }
    stdout.flush()?;
    stop_signal().await?;
    sandbox.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
