//! The network namespaces of a story: a home's, a router's, and a cable between them.
#![allow(dead_code, reason = "each program of stories uses only a part")]

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::skip::skipped;

/// The variable of the process inside the home: the router's namespace, and the one outside.
const INSIDE: &str = "DYNTRAY_NETWORK_STORY";

/// The namespaces of one story. They are deleted when dropped.
struct Namespaces {
    home: String,
    router: String,
}

impl Namespaces {
    /// Makes both ends and the cable: `eth0` in the home, `lan0` at the router.
    fn make() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = format!("{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let namespaces =
            Namespaces { home: format!("dyntray-home-{number}"), router: format!("dyntray-router-{number}") };
        let Namespaces { home, router } = &namespaces;
        for name in [home, router] {
            attempt(&format!("netns add {name}"))?;
            attempt(&format!("-n {name} link set lo up"))?;
        }
        attempt(&format!("link add eth0 netns {home} type veth peer lan0 netns {router}"))?;
        attempt(&format!("-n {router} link set lan0 address 02:00:00:00:00:01 up"))?;
        attempt(&format!("-n {router} address add 192.168.178.1/24 dev lan0"))?;
        attempt(&format!("-n {router} address add fe80::1/64 dev lan0 nodad"))?;
        Ok(namespaces)
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for name in [&self.home, &self.router] {
            // It may not have been made.
            let _ = attempt(&format!("netns delete {name}"));
        }
    }
}

/// Runs a story: outside, it makes the namespaces and starts this program again inside; inside, it runs the story.
pub fn story<F: Future<Output = ()>>(name: &str, run: impl FnOnce(Router) -> F) {
    if let Some(router) = inside(name) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(run(router));
    }
}

/// The router, inside of the namespaces of a story. Outside, it makes them, runs this program again inside, and returns
/// none when that has ended.
pub fn inside(name: &str) -> Option<Router> {
    if let Ok(namespaces) = std::env::var(INSIDE) {
        let (router, outside) = namespaces.split_once(' ').expect("a router and a namespace");
        // A story changes the network, so it must never run in the machine's own.
        assert_ne!(namespace(), outside, "{name} must not run outside its namespace");
        return Some(Router { namespace: router.to_owned() });
    }
    let namespaces = match Namespaces::make() {
        Ok(namespaces) => namespaces,
        Err(why) => {
            skipped(name, &format!("no network namespaces: {why}"));
            return None;
        }
    };
    let status = Command::new("ip")
        .args(["netns", "exec", &namespaces.home])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, format!("{} {}", namespaces.router, namespace()))
        .status()
        .expect("ip");
    assert!(status.success(), "{name} failed inside its namespace");
    None
}

/// The network namespace of this process, as the kernel names it.
fn namespace() -> String {
    let link = std::fs::read_link("/proc/self/ns/net").expect("a namespace");
    link.to_string_lossy().into_owned()
}

/// The router, reached from the home.
pub struct Router {
    /// The name of its namespace.
    pub namespace: String,
}

impl Router {
    /// Runs `ip` there.
    pub fn ip(&self, line: &str) {
        ip(&format!("-n {} {line}", self.namespace));
    }

    /// Sets one of its kernel settings, below `/proc/sys/net`.
    pub fn set(&self, name: &str, value: &str) {
        let line = format!("echo {value} > /proc/sys/net/{name}");
        let status = self.start(&["sh", "-c", &line]).0.wait().expect("a shell");
        assert!(status.success(), "{name}");
    }

    /// Starts a program there.
    pub fn start(&self, program: &[&str]) -> Running {
        let mut command = Command::new("ip");
        command
            .args(["netns", "exec", &self.namespace])
            .args(program)
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Running(command.spawn().expect("a program"))
    }
}

/// A program that ends with the story.
pub struct Running(std::process::Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn attempt(line: &str) -> Result<(), String> {
    let output = Command::new("ip").args(line.split(' ')).output().map_err(|error| format!("ip: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("ip {line}: {}", String::from_utf8_lossy(&output.stderr).trim()))
}

/// Runs `ip` at home.
#[track_caller]
pub fn ip(line: &str) {
    if let Err(why) = attempt(line) {
        panic!("{why}");
    }
}

/// Sets one of the home's kernel settings, below `/proc/sys/net`.
pub fn set(path: &str, value: &str) {
    std::fs::write(format!("/proc/sys/net/{path}"), value).expect(path);
}

/// Plugs the cable in: sets an IPv4 address and a default route, as DHCP would.
pub fn plug_in() {
    ip("link set eth0 address 02:00:00:00:00:02 up");
    ip("address add 192.168.178.20/24 dev eth0");
    ip("route add default via 192.168.178.1 metric 100");
}
