//! A home without a desktop, in which the commands of a document are run in their order.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use dyntray_sandbox::{Options, Sandbox};
use dyntray_stories::app::binary;
use dyntray_stories::home::HOST;
use dyntray_stories::portal::Portal;
use dyntray_stories::wait::eventually;
use dyntray_stories::{PATIENCE, Story, processes};
use tokio::process::{Child, Command};

use super::markdown::{Block, Document};

/// The portal's further hosts, which files that are imported name.
const OTHER_HOSTS: [&str; 2] = ["office.spdns.de", "cellar.spdns.de"];
/// The servers of the examples; the sandbox stands for them.
const ADDED: &str = "add home.spdns.de";
const OTHER_SERVER: &str = "update.example.org";

/// The state of things before the first command.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Everything is set up and Dyntray runs.
    Running,
    /// Nothing is set up, and nothing runs.
    New,
    /// The same, on a machine without a keyring.
    NewWithoutKeyring,
}

/// The home, the service, and the line.
pub struct Stage {
    home: PathBuf,
    sandbox: Sandbox,
    locale: &'static str,
    before: Before,
    service: Option<Child>,
    _folder: tempfile::TempDir,
}

impl Stage {
    /// Makes the accounts and the files that documents speak of.
    pub async fn prepare(locale: &'static str, before: Before) -> Story<Self> {
        let folder = tempfile::tempdir()?;
        let home = folder.path().join("home");
        for below in ["home/.config/dyntray", "run", "sandbox"] {
            fs::create_dir_all(folder.path().join(below))?;
        }
        fs::set_permissions(folder.path().join("run"), fs::Permissions::from_mode(0o700))?;
        let options = Options::new(folder.path().join("sandbox")).port(0).dns_port(0);
        let sandbox = dyntray_sandbox::start(options).await?;
        write_settings(&home, &sandbox)?;
        write_files(&home, &sandbox).await?;
        let mut stage = Stage { home, sandbox, locale, before, service: None, _folder: folder };
        if before == Before::Running {
            stage.commands(&format!("dyntray add {HOST} < token.txt")).await?;
            stage.start("dyntray run").await?;
            stage.commands("dyntray update").await?;
        }
        Ok(stage)
    }

    /// Runs all commands of a document.
    pub async fn play(&mut self, document: &Document) -> Story {
        for block in document.blocks.iter().filter(|block| block.is_run()) {
            let played = match block.info.as_str() {
                "console" => self.see(block).await,
                _ => self.run(block).await,
            };
            let played = played.and_then(|()| self.nobody_else_is_spoken_to());
            played.map_err(|why| format!("{}, line {}: {why}", document.name, block.line))?;
        }
        Ok(())
    }

    /// Runs a block's commands, of which none may fail. A line that starts the service is left running.
    async fn run(&mut self, block: &Block) -> Story {
        let mut pending = String::new();
        for line in block.text.lines() {
            if starts_the_service(line) {
                self.commands(&std::mem::take(&mut pending)).await?;
                self.start(line).await?;
            } else {
                pending.push_str(line);
                pending.push('\n');
            }
        }
        self.commands(&pending).await
    }

    async fn commands(&mut self, text: &str) -> Story {
        let output = self.shell(&["-e"], text).await?;
        if !output.status.success() {
            return Err(format!("{}:\n{text}{}", output.status, said(&output)).into());
        }
        if text.contains("dyntray quit")
            && let Some(mut service) = self.service.take()
        {
            assert_eq!(processes::wait_exit(&mut service, PATIENCE).await?, 0, "the service's end");
        }
        Ok(())
    }

    /// Runs the commands typed in a block and compares their output: the lines shown are there, in their order. `…`
    /// stands for anything.
    async fn see(&self, block: &Block) -> Story {
        let typed: String = block.code().iter().map(|line| line[2..].to_owned() + "\n").collect();
        let seen = said(&self.shell(&[], &format!("exec 2>&1\n{typed}")).await?);
        let mut rest = seen.lines();
        for shown in block.text.lines().filter(|line| !line.starts_with("$ ")) {
            if !rest.by_ref().any(|line| fits(line, shown)) {
                return Err(format!("“{shown}” isn't seen:\n{seen}").into());
            }
        }
        Ok(())
    }

    async fn start(&mut self, line: &str) -> Story {
        let log = fs::File::create(self.home.join("service.log"))?;
        let mut command = self.command(&["-c", &format!("exec {line}")])?;
        self.service = Some(command.stdout(log.try_clone()?).stderr(log).spawn()?);
        eventually("the service to answer", PATIENCE, async || {
            let asked = self.shell(&[], "dyntray status").await;
            asked.is_ok_and(|output| matches!(output.status.code(), Some(0 | 4)))
        })
        .await?;
        Ok(())
    }

    async fn shell(&self, options: &[&str], text: &str) -> Story<Output> {
        // The sandbox stands for the services that a document names.
        let server = self.sandbox.authority();
        let text = text.replace(ADDED, &format!("{ADDED} --server {server}")).replace(OTHER_SERVER, &server);
        Ok(self.command(&[options, &["-c", &text]].concat())?.output().await?)
    }

    fn command(&self, arguments: &[&str]) -> Story<Command> {
        let programs = binary("dyntray")?;
        let folder = programs.parent().unwrap_or(Path::new("/")).display();
        let mut command = Command::new("sh");
        command.args(arguments).env_clear().current_dir(&self.home).stdin(Stdio::null()).kill_on_drop(true);
        command
            .env("PATH", format!("{folder}:/usr/local/bin:/usr/bin:/bin"))
            .env("HOME", &self.home)
            .env("XDG_RUNTIME_DIR", self.home.with_file_name("run"))
            .env("LANG", self.locale)
            .env("LANGUAGE", self.locale);
        // Even a mistake in a document reaches nothing outside of this machine: nobody listens there.
        for proxy in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(proxy, "http://127.0.0.1:9");
        }
        if self.before != Before::NewWithoutKeyring {
            // It takes the keyring's place.
            command.env("DYNTRAY_SECRETS_FILE", self.home.join("keyring"));
        }
        Ok(command)
    }

    /// Every entry is at the sandbox.
    fn nobody_else_is_spoken_to(&self) -> Story {
        let settings = fs::read_to_string(self.home.join(".config/dyntray/settings.toml"))?;
        let here = format!("server = \"{}\"", self.sandbox.authority());
        let other = settings.lines().find(|line| line.starts_with("server = ") && *line != here);
        other.map_or(Ok(()), |line| Err(format!("an entry is elsewhere: {line}").into()))
    }
}

fn starts_the_service(line: &str) -> bool {
    let mut words = line.split_whitespace();
    words.next() == Some("dyntray") && words.any(|word| word == "run")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Tells whether a line is as shown, where `…` stands for anything.
fn fits(line: &str, shown: &str) -> bool {
    let mut parts = shown.split('…');
    let Some(mut rest) = parts.next().and_then(|first| line.strip_prefix(first)) else { return false };
    let mut is_open = false;
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
        is_open = part.is_empty();
    }
    is_open || rest.is_empty()
}

fn write_settings(home: &Path, sandbox: &Sandbox) -> Story {
    let base = sandbox.base_url();
    let name_server = sandbox.dns_address().map(|address| address.to_string()).unwrap_or_default();
    let text = format!(
        "schemaVersion = 1\nresolverIpv4 = \"{base}/checkip4\"\nresolverIpv6 = \"{base}/checkip6\"\n\
         interval = \"1 s\"\nnameServer = \"{name_server}\"\n"
    );
    Ok(fs::write(home.join(".config/dyntray/settings.toml"), text)?)
}

/// The files that documents name, with tokens that the sandbox knows.
async fn write_files(home: &Path, sandbox: &Sandbox) -> Story {
    let password = "a-long-password";
    let mut portal = Portal::register(sandbox.base_url(), "anna", password).await?;
    portal.add_host(HOST).await?;
    let token = portal.make_token(HOST).await?;
    let mut table = "Hostname;Token\n".to_owned();
    let mut last = String::new();
    for host in OTHER_HOSTS {
        portal.add_host(host).await?;
        last = portal.make_token(host).await?;
        table = format!("{table}{host};{last}\n");
    }
    let server = sandbox.authority();
    let [_, cellar] = OTHER_HOSTS;
    let ddclient = format!(
        "# ddclient's settings\ndaemon=300\nssl=yes\nuse=web\nprotocol=dyndns2\nserver={server}\nlogin={HOST}\n\
         password='{token}'\n{HOST}\nprotocol=cloudflare, zone=example.org, login=token, password=x www.example.org\n\
         server={server}, login=shop.spdns.de, password=<password> shop.spdns.de\n"
    );
    let inadyn = format!(
        "period = 300\nallow-ipv6 = true\nprovider default@spdyn.de {{\n  ddns-server = \"{server}\"\n  \
         username = {cellar}\n  password = {last}\n  hostname = {cellar}\n}}\n"
    );
    for (name, text) in [
        ("token.txt", format!("{token}\n")),
        ("password.txt", format!("{password}\n")),
        ("passphrase.txt", "correct horse battery staple\n".to_owned()),
        ("spdyn_update_token.csv", table),
        ("ddclient.conf", ddclient),
        ("inadyn.conf", inadyn),
    ] {
        fs::write(home.join(name), text)?;
    }
    Ok(())
}
