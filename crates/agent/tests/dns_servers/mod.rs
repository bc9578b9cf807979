//! Name servers and resolvers from the system's packages, which a story runs on loopback or in a network namespace.
#![allow(dead_code, reason = "each file of stories uses only a part")]

#[path = "../skip/mod.rs"]
mod skip;

use std::ffi::OsStr;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

pub use self::skip::skipped;

const FOLDERS: [&str; 4] = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/// Skips a story if `programs` are missing. True if it is skipped.
pub fn skipped_without(story: &str, programs: &[&str]) -> bool {
    let is_missing = |name: &&str| !FOLDERS.iter().any(|folder| Path::new(folder).join(name).is_file());
    let missing: Vec<_> = programs.iter().copied().filter(is_missing).collect();
    if missing.is_empty() {
        return false;
    }
    skipped(story, &format!("not installed: {}", missing.join(", ")));
    true
}

/// A network, and the path of a program of this crate's `examples` to run in it. None, with a message, if `programs` or
/// the example are missing, or a network namespace can't be made.
pub fn network_with(story: &str, programs: &[&str], example: &str) -> Option<(Network, PathBuf)> {
    if skipped_without(story, &[programs, &["ip"]].concat()) {
        return None;
    }
    let Some(path) = example_path(example) else {
        skipped(story, &format!("examples/{example} wasn't built"));
        return None;
    };
    let Some(network) = Network::make() else {
        skipped(story, "no network namespace can be made here");
        return None;
    };
    Some((network, path))
}

/// A program in the foreground that ends with the story.
pub struct Program {
    child: Child,
    _folder: tempfile::TempDir,
}

impl Program {
    fn start(mut command: Command, folder: tempfile::TempDir) -> Self {
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("starts");
        Program { child, _folder: folder }
    }
}

impl Drop for Program {
    /// Terminates it with a signal, so that it ends its own children too.
    fn drop(&mut self) {
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// The environment in which a program runs.
pub trait Environment {
    /// The command to run a program there.
    fn command(&self, program: &str) -> Command;
}

/// The network of this process.
pub struct Local;

impl Environment for Local {
    fn command(&self, program: &str) -> Command {
        Command::new(program)
    }
}

fn folder_with(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let text = text.replace("FOLDER", folder.path().to_str().expect("a path"));
        fs::write(folder.path().join(name), text).expect("written");
    }
    folder
}

/// The zone `spdns.de` with these lines after its header. Its name servers are at 10.99.0.1 (and fd99::1) and 10.99.0.2.
pub fn zone(lines: &str) -> String {
    format!(
        "$ORIGIN spdns.de.\n$TTL 60\n\
         @ IN SOA ns1 hostmaster 1 3600 600 86400 60\n@ IN NS ns1\n@ IN NS ns2\n\
         ns1 IN A 10.99.0.1\nns1 IN AAAA fd99::1\nns2 IN A 10.99.0.2\n{lines}\n"
    )
}

/// NSD, serving [`zone`] at these addresses.
pub fn nsd(environment: &impl Environment, addresses: &[SocketAddr], lines: &str) -> Program {
    use std::fmt::Write as _;
    let mut at = String::new();
    for address in addresses {
        writeln!(at, "  ip-address: {}@{}", address.ip(), address.port()).expect("written");
    }
    let conf = format!(
        "server:\n{at}  username: \"\"\n  chroot: \"\"\n  zonesdir: \"FOLDER\"\n  database: \"\"\n  \
         pidfile: \"FOLDER/pid\"\n  xfrdfile: \"FOLDER/xfrd\"\n  xfrdir: \"FOLDER\"\n  \
         zonelistfile: \"FOLDER/list\"\n  logfile: \"FOLDER/log\"\n  server-count: 1\n\
         remote-control:\n  control-enable: no\n\
         zone:\n  name: spdns.de\n  zonefile: zone\n"
    );
    let folder = folder_with(&[("conf", conf), ("zone", zone(lines))]);
    let mut command = environment.command("/usr/sbin/nsd");
    command.arg("-d").arg("-c").arg(folder.path().join("conf"));
    Program::start(command, folder)
}

/// Knot DNS, serving [`zone`] at this address.
pub fn knot(environment: &impl Environment, address: SocketAddr, lines: &str) -> Program {
    let conf = format!(
        "server:\n  rundir: \"FOLDER\"\n  listen: {}@{}\n  udp-workers: 1\n  tcp-workers: 1\n  \
         background-workers: 1\ndatabase:\n  storage: \"FOLDER\"\n  journal-db-max-size: 1M\n  \
         kasp-db-max-size: 5M\n  timer-db-max-size: 1M\n\
         template:\n  - id: default\n    storage: \"FOLDER\"\nzone:\n  - domain: spdns.de\n    file: zone\n",
        address.ip(),
        address.port()
    );
    let folder = folder_with(&[("conf", conf), ("zone", zone(lines))]);
    let mut command = environment.command("/usr/sbin/knotd");
    command.arg("-c").arg(folder.path().join("conf"));
    Program::start(command, folder)
}

/// Unbound as the network's resolver at 127.0.0.1, to which only `spdns.de` exists.
pub fn unbound(environment: &impl Environment) -> Program {
    let conf = "server:\n  interface: 127.0.0.1\n  port: 53\n  do-daemonize: no\n  username: \"\"\n  chroot: \"\"\n  \
                directory: \"FOLDER\"\n  pidfile: \"FOLDER/pid\"\n  use-syslog: no\n  logfile: \"FOLDER/log\"\n  \
                num-threads: 1\n  module-config: \"iterator\"\n  do-not-query-localhost: no\n\
                remote-control:\n  control-enable: no\n\
                stub-zone:\n  name: spdns.de\n  stub-addr: 10.99.0.1\n  stub-addr: 10.99.0.2\n";
    let folder = folder_with(&[("conf", conf.to_owned())]);
    let mut command = environment.command("/usr/sbin/unbound");
    command.arg("-d").arg("-c").arg(folder.path().join("conf"));
    Program::start(command, folder)
}

/// A network namespace with nothing but a loopback interface. It is deleted when dropped; its programs must end before.
pub struct Network {
    name: String,
}

impl Network {
    /// Makes one whose resolver is at 127.0.0.1; none if the system doesn't allow it.
    pub fn make() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("dyntray-dns-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        if !succeeds(Command::new("ip").args(["netns", "add", &name])) {
            return None;
        }
        let network = Network { name };
        // `ip netns exec` mounts the files of this folder over those of /etc.
        fs::create_dir_all(network.etc()).ok()?;
        fs::write(network.etc().join("resolv.conf"), "nameserver 127.0.0.1\n").ok()?;
        let mut is_ready = network.run("ip", &["link", "set", "lo", "up"]).status.success();
        for address in ["10.99.0.1/32", "10.99.0.2/32", "fd99::1/128"] {
            is_ready &= network.run("ip", &["address", "add", address, "dev", "lo"]).status.success();
        }
        is_ready.then_some(network)
    }

    /// Listens at `address` in this network. A namespace is entered by a thread, so one enters it and returns the listener.
    pub fn listen(&self, address: &str) -> TcpListener {
        let file = fs::File::open(Path::new("/run/netns").join(&self.name)).expect("the network");
        let address: SocketAddr = address.parse().expect("an address");
        let listen = move || {
            let kind = Some(LinkNameSpaceType::Network);
            move_into_link_name_space(file.as_fd(), kind).expect("allowed");
            TcpListener::bind(address).expect("a port")
        };
        thread::spawn(listen).join().expect("no fault")
    }

    fn etc(&self) -> PathBuf {
        Path::new("/etc/netns").join(&self.name)
    }

    /// Runs a program in this network to its end.
    pub fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Output {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program).args(arguments);
        command.output().expect("ip is there")
    }

    /// Silently drops queries to these addresses, given in nft's syntax.
    pub fn block(&self, addresses: &str) {
        let rules = format!(
            "add table inet story\n\
             add chain inet story in {{ type filter hook input priority 0; }}\n\
             add rule inet story in {addresses} meta l4proto {{ tcp, udp }} th dport 53 drop\n"
        );
        let folder = folder_with(&[("rules", rules)]);
        let path = folder.path().join("rules");
        let output = self.run("/usr/sbin/nft", &["-f", path.to_str().expect("a path")]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// Stops dropping queries.
    pub fn unblock(&self) {
        assert!(self.run("/usr/sbin/nft", &["flush", "ruleset"]).status.success());
    }
}

impl Environment for Network {
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        succeeds(Command::new("ip").args(["netns", "delete", &self.name]));
        let _ = fs::remove_dir_all(self.etc());
    }
}

fn succeeds(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// The path of a program of this crate's `examples`, if it was built together with the stories.
fn example_path(name: &str) -> Option<PathBuf> {
    let me = std::env::current_exe().ok()?;
    let path = me.parent()?.parent()?.join("examples").join(name);
    path.is_file().then_some(path)
}
