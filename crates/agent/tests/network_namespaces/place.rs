//! Where the stories take place: a home's namespace, a router's, and a cable between them.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Set in the process that tells the story: the router's namespace, and the one outside.
const INSIDE: &str = "DYNTRAY_NETWORK_STORY";

/// The namespaces of one story; gone when dropped.
struct Place {
    home: String,
    router: String,
}

impl Place {
    /// Makes both ends and the cable: `eth0` in the home, `lan0` at the router.
    fn make() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = format!("{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let place =
            Place { home: format!("dyntray-home-{number}"), router: format!("dyntray-router-{number}") };
        let Place { home, router } = &place;
        for name in [home, router] {
            attempt(&format!("netns add {name}"))?;
            attempt(&format!("-n {name} link set lo up"))?;
        }
        attempt(&format!("link add eth0 netns {home} type veth peer lan0 netns {router}"))?;
        attempt(&format!("-n {router} link set lan0 address 02:00:00:00:00:01 up"))?;
        attempt(&format!("-n {router} address add 192.168.178.1/24 dev lan0"))?;
        attempt(&format!("-n {router} address add fe80::1/64 dev lan0 nodad"))?;
        Ok(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        for name in [&self.home, &self.router] {
            // It may not have come to be.
            let _ = attempt(&format!("netns delete {name}"));
        }
    }
}

/// Says that a story isn't told here. Where skipping is no option (`DYNTRAY_NO_SKIP` is set), it panics instead.
pub fn skipped(name: &str, why: &str) {
    let word = format!("SKIPPED {name}: {why}");
    assert!(std::env::var_os("DYNTRAY_NO_SKIP").is_none(), "{word}");
    eprintln!("{word}");
}

/// Tells a story: outside, makes the place and starts itself inside; inside, runs it.
pub fn story<F: Future<Output = ()>>(name: &str, tell: impl FnOnce(Router) -> F) {
    if let Ok(told) = std::env::var(INSIDE) {
        let (router, outside) = told.split_once(' ').expect("a router and a namespace");
        // A story pulls cables: never on the machine itself.
        assert_ne!(namespace(), outside, "{name} must not be told outside its namespace");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        return runtime.block_on(tell(Router { namespace: router.to_owned() }));
    }
    let place = match Place::make() {
        Ok(place) => place,
        Err(why) => return skipped(name, &format!("no network namespaces: {why}")),
    };
    let status = Command::new("ip")
        .args(["netns", "exec", &place.home])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", name, "--nocapture"])
        .env(INSIDE, format!("{} {}", place.router, namespace()))
        .status()
        .expect("ip");
    assert!(status.success(), "{name} went wrong inside its namespace");
}

/// The network namespace that this process is in, as the kernel numbers it.
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

/// Plugs the cable in: an IPv4 address and a default route, as DHCP would give.
pub fn plug_in() {
    ip("link set eth0 address 02:00:00:00:00:02 up");
    ip("address add 192.168.178.20/24 dev eth0");
    ip("route add default via 192.168.178.1 metric 100");
}
