//! nsupdate.info's own server on loopback, with BIND behind it: programs that nobody here wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use dyntray_stories::app::binary;
use dyntray_stories::desktop::{Desktop, free_port};
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Result, Story, needs, private_file};
use tokio::process::{Child, Command};

/// The host that it has.
pub const NAME: &str = "home.dyn.example";
/// The host's secret.
pub const SECRET: &str = "Abendrot-Kiesel-27";
/// The zone's key, which both servers have: 64 bytes in Base64.
const KEY: &str = "U3RvcmllcyBvZiBEeW50cmF5IGhhdmUgdGhpcyBrZXkgZm9yIHRoZSB6b25lIG9mIHRoZWlyIG93biBuYW1lcw==";

/// The server and its name server.
pub struct Nsupdate {
    _named: Child,
    _server: Child,
    log: PathBuf,
    name_server_port: u16,
    port: u16,
}

impl Nsupdate {
    /// Tells whether the story has to be skipped, because the servers aren't installed.
    pub fn skipped(story: &str) -> bool {
        let mut missing: Vec<&str> =
            ["named", "dig"].into_iter().filter(|name| needs::program(name).is_none()).collect();
        if !python().is_ok_and(|python| python.is_file()) {
            missing.push("nsupdate from PyPI (cargo xtask test)");
        }
        needs::skipped(story, &missing)
    }

    /// Starts both beside a desktop, which ends them.
    pub async fn start(desktop: &Desktop) -> Story<Self> {
        let folder = desktop.folder().join("nsupdate");
        fs::create_dir_all(&folder)?;
        let name_server_port = free_port()?;
        let named = start_named(desktop, &folder, name_server_port)?;
        answers(desktop, name_server_port).await?;

        private_file::write(&folder.join("secret"), SECRET)?;
        private_file::write(&folder.join("key"), KEY)?;
        let log = folder.join("server.log");
        let program = format!("{}/tests/service/programs/nsupdate_server.py", env!("CARGO_MANIFEST_DIR"));
        let mut command = desktop.command(python()?);
        command.arg(program).arg(&folder).arg(name_server_port.to_string());
        let server = spawn(command, &log)?;
        let port = eventually("nsupdate's server", 3 * PATIENCE, async || {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let port = said.lines().find_map(|line| line.strip_prefix("listens on ")?.parse().ok());
            port.ok_or(said)
        })
        .await?;
        Ok(Self { _named: named, _server: server, log, name_server_port, port })
    }

    /// The server's `ADDRESS:PORT`.
    pub fn authority(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The name server's `ADDRESS:PORT`.
    pub fn name_server(&self) -> String {
        format!("127.0.0.1:{}", self.name_server_port)
    }

    /// The requests so far, each with its status and answer.
    pub fn requests(&self) -> Vec<String> {
        let said = fs::read_to_string(&self.log).unwrap_or_default();
        said.lines().filter_map(|line| line.strip_prefix("request ")).map(str::to_owned).collect()
    }

    /// What the name server has for the host.
    pub async fn published(&self, desktop: &Desktop, kind: &str) -> Result<String> {
        dig(desktop, self.name_server_port, &[NAME, kind]).await
    }
}

/// Python with the server's packages, where `cargo xtask test` puts it.
fn python() -> Result<PathBuf> {
    Ok(binary("dyntray")?.with_file_name("..").join("nsupdate/bin/python"))
}

fn start_named(desktop: &Desktop, folder: &Path, port: u16) -> Story<Child> {
    let place = folder.display();
    let configuration = folder.join("named.conf");
    private_file::write(
        &configuration,
        format!(
            "options {{ directory \"{place}\"; pid-file none; session-keyfile none; recursion no; notify no;\n  \
             dnssec-validation no; listen-on port {port} {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; }};\n\
             controls {{ }};\n\
             key \"dyn.example\" {{ algorithm hmac-sha512; secret \"{KEY}\"; }};\n\
             zone \"dyn.example\" {{ type primary; file \"zone\";\n  \
             update-policy {{ grant dyn.example subdomain dyn.example A AAAA; }}; }};\n"
        ),
    )?;
    fs::write(
        folder.join("zone"),
        "$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n",
    )?;
    // Debian's AppArmor knows it by its path, and lets it read the system's zones only.
    let program = folder.join("named");
    fs::copy(needs::program("named").ok_or("no named")?, &program)?;
    let mut command = desktop.command(program);
    command.args(["-g", "-n", "1", "-c"]).arg(configuration);
    Ok(spawn(command, &folder.join("named.log"))?)
}

/// Waits until the name server has the zone.
async fn answers(desktop: &Desktop, port: u16) -> Result<()> {
    eventually("BIND", PATIENCE, async || {
        let said = dig(desktop, port, &["ns.dyn.example", "A"]).await?;
        if said == "127.0.0.1" { Ok(()) } else { Err(Error::NotThere(said)) }
    })
    .await
}

async fn dig(desktop: &Desktop, port: u16, question: &[&str]) -> Result<String> {
    let port = port.to_string();
    let mut all = vec!["@127.0.0.1", "-p", &port, "+short", "+norecurse", "+tries=1", "+time=5"];
    all.extend(question);
    Ok(desktop.tool("dig", &all).await?.trim().to_owned())
}

fn spawn(mut command: Command, log: &Path) -> std::io::Result<Child> {
    let log = fs::File::create(log)?;
    command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log).kill_on_drop(true).spawn()
}
