//! One network namespace: a machine with its own interfaces, routes and filters.

use std::{
    fs, fs::File, future::Future, os::fd::AsFd as _, path::Path, process::Stdio, sync::OnceLock, thread,
};

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tokio::{process::Command, runtime::Handle, sync::mpsc};

use super::{addresses, tools};
use crate::{Error, Result};

/// The folder with the names of all namespaces.
pub(super) const FOLDER: &str = "/run/netns";
/// The folder for a namespace's own files: `ip netns exec` lays them over those in `/etc`.
pub(super) const FILES: &str = "/etc/netns";

/// One network namespace. It isn't removed when this is dropped, but together with all others of its story.
pub struct Namespace {
    name: String,
    inside: OnceLock<Inside>,
}

/// A thread that lives in a namespace, with a runtime of its own.
struct Inside {
    handle: Handle,
    _lives: mpsc::Sender<()>,
}

impl Namespace {
    /// The one with that name.
    pub(super) fn named(name: String) -> Self {
        Self { name, inside: OnceLock::new() }
    }

    /// Its name, as `ip netns` lists it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A program to be run in it, with nothing of our environment. Killed when dropped.
    pub fn command(&self, program: &str) -> Command {
        let mut command = tools::command("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }

    /// Runs a program in it to its end and returns its output.
    pub async fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(program);
        command.args(arguments);
        tools::feed(command, "").await
    }

    /// Starts a program in it that keeps running; its output goes to a file.
    pub(super) fn spawn(
        &self,
        program: &str,
        arguments: &[&str],
        log: &Path,
    ) -> Result<tokio::process::Child> {
        let not_started = |source| Error::NotStarted { program: program.to_owned(), source };
        let log = File::options().create(true).append(true).open(log).map_err(not_started)?;
        let mut command = self.command(program);
        command.args(arguments).stdout(Stdio::from(log.try_clone().map_err(not_started)?)).stderr(log);
        command.spawn().map_err(not_started)
    }

    /// Changes interfaces, addresses and routes, one change in a line.
    pub async fn ip(&self, batch: &str) -> Result<()> {
        let mut command = tools::command("ip");
        command.args(["-n", &self.name, "-batch", "-"]);
        tools::feed(command, batch).await.map(drop)
    }

    /// Changes filters and address translation.
    pub async fn nft(&self, rules: &str) -> Result<()> {
        let mut command = self.command("nft");
        command.args(["-f", "-"]);
        tools::feed(command, rules).await.map(drop)
    }

    /// Removes tables of filters, when they are there.
    pub(super) async fn nft_without(&self, table: &str) -> Result<()> {
        self.nft(&format!("table inet {table} {{\n}}\ndelete table inet {table}\n")).await
    }

    /// Sets values under `/proc/sys/net`.
    pub(super) async fn set(&self, values: &'static [(&'static str, &'static str)]) -> Result<()> {
        let write = async move {
            values.iter().try_for_each(|(key, value)| {
                let path = Path::new("/proc/sys/net").join(key);
                fs::write(&path, value).map_err(|source| Error::File { path, source })
            })
        };
        self.within(write).await?
    }

    /// Does some work inside the namespace: its sockets, threads and processes are there.
    pub async fn within<T: Send + 'static>(
        &self,
        work: impl Future<Output = T> + Send + 'static,
    ) -> Result<T> {
        let done = self.inside()?.handle.spawn(work).await;
        done.map_err(|error| Error::NotThere(format!("an end of the work in {}: {error}", self.name)))
    }

    /// The runtime in it.
    pub(super) fn handle(&self) -> Result<&Handle> {
        Ok(&self.inside()?.handle)
    }

    fn inside(&self) -> Result<&Inside> {
        if let Some(inside) = self.inside.get() {
            return Ok(inside);
        }
        let entered = Inside::enter(&self.name)?;
        Ok(self.inside.get_or_init(|| entered))
    }
}

impl Inside {
    fn enter(name: &str) -> Result<Self> {
        let path = Path::new(FOLDER).join(name);
        let (lives, mut ended) = mpsc::channel::<()>(1);
        let (say, hear) = std::sync::mpsc::sync_channel(1);
        let place = path.clone();
        let live = move || {
            let entered = File::open(&place)
                .and_then(|file| {
                    Ok(move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network))?)
                })
                .and_then(|()| tokio::runtime::Builder::new_current_thread().enable_all().build());
            let runtime = match entered {
                Ok(runtime) => runtime,
                Err(error) => {
                    let _nobody_waits = say.send(Err(error));
                    return;
                }
            };
            let _nobody_waits = say.send(Ok(runtime.handle().clone()));
            runtime.block_on(async { ended.recv().await });
            runtime.shutdown_background();
        };
        let started = thread::Builder::new().name("namespace".to_owned()).spawn(live);
        let told = started.and_then(|_| hear.recv().map_err(std::io::Error::other)?);
        let handle = told.map_err(|source| Error::File { path, source })?;
        Ok(Self { handle, _lives: lives })
    }
}

/// Tells the machine its name servers.
pub(super) fn write_resolvers(namespace: &Namespace) -> Result<()> {
    let folder = Path::new(FILES).join(namespace.name());
    let path = folder.join("resolv.conf");
    let text = format!(
        "nameserver {}\nnameserver {}\noptions timeout:2 attempts:1\n",
        addresses::NS1_IPV4,
        addresses::NS1_IPV6
    );
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&path, text))
        .and_then(|()| fs::write(folder.join("hosts"), "127.0.0.1 localhost\n::1 localhost\n"))
        // Not systemd's resolver, which would be asked over a socket that leads out of the namespace.
        .and_then(|()| {
            fs::write(folder.join("nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n")
        })
        .map_err(|source| Error::File { path, source })
}

/// A task in a namespace that ends when this is dropped.
pub(super) struct Task(tokio::task::JoinHandle<()>);

impl Task {
    /// Starts it.
    pub(super) fn start(
        namespace: &Namespace,
        work: impl Future<Output = ()> + Send + 'static,
    ) -> Result<Self> {
        Ok(Self(namespace.handle()?.spawn(work)))
    }

    /// Ends it, and waits for that.
    pub(super) async fn end(mut self) {
        self.0.abort();
        let _aborted = (&mut self.0).await;
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}
