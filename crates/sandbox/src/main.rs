//! `dyntray-sandbox`: runs the sandbox until it is told to end.

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use dyntray_sandbox::{Callers, Options, start};

/// A faithful SPDYN on loopback, to try Dyntray without the live service.
#[derive(Parser)]
#[command(name = "dyntray-sandbox", version)]
struct Arguments {
    /// Where sandbox.db lives; made when missing.
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
    /// The address to listen at. Others than loopback open the portal to the network: for network namespaces only.
    #[arg(long, default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Which line callers come from: the pretended one, or `peer`, each its own.
    #[arg(long, value_enum, default_value_t = LineKind::Pretended)]
    line: LineKind,
    /// A further name for the HTTPS certificate; may be repeated.
    #[arg(long = "name")]
    names: Vec<String>,
}

/// Where callers come from, as far as the service can see.
#[derive(Clone, Copy, ValueEnum)]
enum LineKind {
    /// All of them from the pretended line.
    Pretended,
    /// Each from where its connection comes from.
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
    options.callers = match arguments.line {
        LineKind::Pretended => Callers::Pretended,
        LineKind::Peer => Callers::Real,
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
    told_to_end().await?;
    sandbox.stop().await;
    Ok(())
}

#[cfg(unix)]
async fn told_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
