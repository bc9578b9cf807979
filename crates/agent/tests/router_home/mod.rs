//! A home with a real router: miniupnpd between network namespaces that the story makes and removes. Nothing touches this
//! machine's own network.

#[path = "../skip/mod.rs"]
mod skip;

use std::fs::{self, File};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use dyntray_agent::router::LanGateway;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use tempfile::TempDir;

use self::skip::skipped;

/// The router in the home, and the address of the machine on which Dyntray runs.
pub const GATEWAY: LanGateway = LanGateway {
    address: std::net::Ipv4Addr::new(192, 168, 178, 1),
    local_address: std::net::Ipv4Addr::new(192, 168, 178, 20),
};

/// The chains that miniupnpd needs.
const CHAINS: &str = "table inet filter {
    chain forward { type filter hook forward priority 0; }
    chain prerouting { type nat hook prerouting priority -100; }
    chain postrouting { type nat hook postrouting priority 100; }
    chain miniupnpd { }
    chain prerouting_miniupnpd { }
    chain postrouting_miniupnpd { }
}
";

/// A desktop's firewall.
const FIREWALL: &str = "table inet firewall {
    chain input { type filter hook input priority 0; policy drop; ct state established,related accept; }
}
";

/// The number of homes so far: stories of one process may run at the same time.
static HOMES: AtomicU32 = AtomicU32::new(0);

/// The protocols that the router speaks.
#[derive(Clone, Copy, Debug)]
pub enum Protocols {
    Both,
    NatPmpOnly,
}

impl Protocols {
    fn lines(self) -> &'static str {
        match self {
            Protocols::Both => "enable_upnp=yes\nenable_natpmp=yes\n",
            Protocols::NatPmpOnly => "enable_upnp=no\nenable_natpmp=yes\n",
        }
    }
}

/// The home. It is removed with its router when dropped.
pub struct Home {
    names: [String; 3],
    folder: TempDir,
    router: Option<Child>,
    /// The program of the box at the line's other end.
    box_behind: Option<Child>,
}

impl Home {
    /// Builds a home whose line has this address; none, with a message, if this machine can't.
    pub fn build(story: &str, wan: &str, protocols: Protocols) -> Option<Self> {
        let missing: Vec<_> = ["/usr/sbin/ip", "/usr/sbin/nft", "/usr/sbin/miniupnpd"]
            .into_iter()
            .filter(|program| !Path::new(program).exists())
            .collect();
        if !missing.is_empty() {
            skipped(story, &format!("not installed: {}", missing.join(", ")));
            return None;
        }
        let number = HOMES.fetch_add(1, Ordering::Relaxed);
        let name = |part: &str| format!("dyntray-push-{}-{number}-{part}", std::process::id());
        let home = Home {
            names: [name("home"), name("router"), name("provider")],
            folder: tempfile::tempdir().expect("a folder"),
            router: None,
            box_behind: None,
        };
        if !home.names.iter().all(|name| run("ip", &["netns", "add", name])) {
            skipped(story, "network namespaces can't be made");
            return None;
        }
        let mut home = home;
        home.connect();
        home.set_wan_address(wan);
        fs::write(home.folder.path().join("chains.nft"), CHAINS).expect("written");
        let configured = configuration("wan0", "lan0", protocols);
        fs::write(home.folder.path().join("miniupnpd.conf"), configured).expect("written");
        if !home.has_chains(1) {
            skipped(story, "the router's firewall can't be set");
            return None;
        }
        home.start_router();
        Some(home)
    }

    fn connect(&self) {
        let [home, router, provider] = &self.names;
        for (here, there, other) in [("lan0", "eth0", home), ("wan0", "up0", provider)] {
            ip(&["-n", router, "link", "add", here, "type", "veth", "peer", "name", there, "netns", other]);
            ip(&["-n", router, "link", "set", here, "up"]);
            ip(&["-n", other, "link", "set", there, "up"]);
        }
        for name in &self.names {
            ip(&["-n", name, "link", "set", "lo", "up"]);
        }
        ip(&["-n", router, "addr", "add", "192.168.178.1/24", "dev", "lan0"]);
        ip(&["-n", home, "addr", "add", "192.168.178.20/24", "dev", "eth0"]);
        ip(&["-n", home, "route", "add", "default", "via", "192.168.178.1"]);
    }

    /// Gives the line another address, as the provider does after a reconnect. Returns the time of that.
    pub fn set_wan_address(&self, address: &str) -> Instant {
        let router = &self.names[1];
        ip(&["-n", router, "addr", "flush", "dev", "wan0"]);
        let start = Instant::now();
        ip(&["-n", router, "addr", "add", &format!("{address}/24"), "dev", "wan0"]);
        start
    }

    /// Connects the line with the box at its other end, which has this address: another router's, or the provider's.
    pub fn connect_to_box(&self, address: &str) {
        let [_, router, provider] = &self.names;
        ip(&["-n", provider, "addr", "add", &format!("{address}/24"), "dev", "up0"]);
        ip(&["-n", provider, "route", "add", "default", "dev", "up0"]);
        ip(&["-n", router, "route", "add", "default", "via", address]);
        let forward = "echo 1 > /proc/sys/net/ipv4/ip_forward";
        for name in [router, provider] {
            assert!(run("ip", &["netns", "exec", name, "sh", "-c", forward]), "{forward}");
        }
        // The box answers to the router, whose home it doesn't know.
        let masquerade = "add table ip shared; add chain ip shared out { type nat hook postrouting priority 90; }; \
                          add rule ip shared out oifname wan0 masquerade";
        assert!(run("ip", &["netns", "exec", router, "/usr/sbin/nft", masquerade]), "no address translation");
    }

    /// Sets the chains that miniupnpd needs. False if the system can't.
    fn has_chains(&self, at: usize) -> bool {
        let chains = self.path("chains.nft");
        run("ip", &["netns", "exec", &self.names[at], "/usr/sbin/nft", "-f", &chains])
    }

    /// Has the box at the other end of the line tell this address of its own by UPnP.
    pub fn start_upnp_of_the_box(&mut self, outer: &str) {
        let provider = &self.names[2];
        ip(&["-n", provider, "link", "add", "wan0", "type", "veth", "peer", "name", "far0"]);
        for interface in ["wan0", "far0"] {
            ip(&["-n", provider, "link", "set", interface, "up"]);
        }
        ip(&["-n", provider, "addr", "add", &format!("{outer}/24"), "dev", "wan0"]);
        assert!(self.has_chains(2), "no firewall of the box");
        let configured = configuration("wan0", "up0", Protocols::Both);
        fs::write(self.folder.path().join("box.conf"), configured).expect("written");
        self.box_behind = Some(self.start(2, "box"));
        self.wait_until_it_serves("box");
    }

    /// Enables a firewall on the machine in the home, which lets in only answers. False if the system can't.
    pub fn enable_firewall(&self) -> bool {
        let rules = self.path("firewall.nft");
        fs::write(&rules, FIREWALL).expect("written");
        run("ip", &["netns", "exec", &self.names[0], "/usr/sbin/nft", "-f", &rules])
    }

    /// Tells the router's program that the line has another address, as its scripts do. With UPnP on it notices by itself.
    pub fn announce(&self) {
        let pid = self.router.as_ref().map_or(0, Child::id).to_string();
        assert!(run("kill", &["-USR1", &pid]));
    }

    /// Starts the router's program, and waits until it serves.
    pub fn start_router(&mut self) {
        self.router = Some(self.start(1, "miniupnpd"));
        self.wait_until_it_serves("miniupnpd");
    }

    /// Starts miniupnpd in one of the namespaces.
    fn start(&self, at: usize, name: &str) -> Child {
        let log = File::create(self.folder.path().join(format!("{name}.log"))).expect("a file");
        let (configuration, pid) = (self.path(&format!("{name}.conf")), self.path(&format!("{name}.pid")));
        Command::new("ip")
            .args(["netns", "exec", &self.names[at], "/usr/sbin/miniupnpd", "-d"])
            .args(["-f", &configuration, "-P", &pid])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("miniupnpd starts")
    }

    fn wait_until_it_serves(&self, name: &str) {
        for _ in 0..100 {
            if self.log_of(name).contains("istening") {
                // Its sockets for searches come right after.
                std::thread::sleep(Duration::from_millis(300));
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("miniupnpd doesn't serve: {}", self.log_of(name));
    }

    /// Kills the router's program, as a power cut does: it forgets everything.
    pub fn kill_router(&mut self) {
        if let Some(mut router) = self.router.take() {
            let _ = router.kill();
            let _ = router.wait();
        }
    }

    /// The log of the router's program.
    pub fn log(&self) -> String {
        self.log_of("miniupnpd")
    }

    /// The log of the program of the box behind.
    pub fn log_of_the_box(&self) -> String {
        self.log_of("box")
    }

    fn log_of(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join(format!("{name}.log"))).unwrap_or_default()
    }

    /// Runs a story on the machine in the home.
    pub fn run(&mut self, story: impl AsyncFnOnce(&mut Home) + Send) {
        std::thread::scope(|scope| {
            let running = scope.spawn(|| {
                let network =
                    File::open(format!("/run/netns/{}", self.names[0])).expect("the home's network");
                move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))
                    .expect("the namespace can be entered");
                let runtime =
                    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(story(self));
            });
            running.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        });
    }

    fn path(&self, file: &str) -> String {
        self.folder.path().join(file).display().to_string()
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        self.kill_router();
        if let Some(mut other) = self.box_behind.take() {
            let _ = other.kill();
            let _ = other.wait();
        }
        for name in &self.names {
            run("ip", &["netns", "del", name]);
        }
    }
}

fn configuration(outer: &str, inner: &str, protocols: Protocols) -> String {
    format!(
        "ext_ifname={outer}\nlistening_ip={inner}\nhttp_port=0\n{}secure_mode=yes\nsystem_uptime=no\nnotify_interval=60\n\
         uuid=b1a5c0de-0000-4000-8000-000000000001\nserial=1\nmodel_number=1\n\
         allow 1024-65535 192.168.178.0/24 1024-65535\ndeny 0-65535 0.0.0.0/0 0-65535\n",
        protocols.lines()
    )
}

fn run(program: &str, arguments: &[&str]) -> bool {
    let output = Command::new(program).args(arguments).output().expect("it starts");
    if !output.status.success() {
        eprintln!("{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    output.status.success()
}

fn ip(arguments: &[&str]) {
    assert!(run("ip", arguments), "{arguments:?}");
}
