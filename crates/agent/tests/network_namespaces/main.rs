//! Stories of real networks, in network namespaces that each story makes for itself: a home, and a router at the other end
//! of a cable. They need Linux, root and iproute2, one also radvd, and say so if that is missing.
#![cfg(target_os = "linux")]

mod namespaces;
#[path = "../skip/mod.rs"]
mod skip;

use std::net::IpAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use dyntray_agent::network_watch::{NetworkWatch, read};
use dyntray_core::types::address::Family;
use dyntray_core::types::network::{
    AddressLife, IdentityKind, InterfaceKind, LocalAddress, Network, NetworkId,
};
use namespaces::{ip, plug_in, set, story};
use skip::skipped;
use tokio::time::{sleep, timeout};

const SALT: u64 = 42;
/// The time limit of every wait. The longest, for an advertisement and the check of its addresses, takes six seconds.
const LIMIT: Duration = Duration::from_secs(20);

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// Waits for a reading that is as `wanted`. Returns it, and the time that it took.
#[track_caller]
fn until(
    watch: &mut NetworkWatch,
    what: &'static str,
    wanted: impl Fn(&Network) -> bool,
) -> impl Future<Output = (Network, Duration)> {
    let caller = std::panic::Location::caller();
    async move {
        let begin = Instant::now();
        let mut last = None;
        let come = timeout(LIMIT, async {
            loop {
                let network = watch.changed().await.expect("the tables");
                if wanted(&network) {
                    return network;
                }
                last = Some(network);
            }
        })
        .await;
        let network = come.unwrap_or_else(|_| panic!("{caller}: {what} never came; last {last:#?}"));
        println!("{what}: {} ms", begin.elapsed().as_millis());
        (network, begin.elapsed())
    }
}

fn local(network: &Network, text: &str) -> Option<LocalAddress> {
    let addresses = network.interfaces.iter().flat_map(|interface| &interface.addresses);
    addresses.into_iter().find(|at| at.address == address(text)).copied()
}

fn life(network: &Network, text: &str) -> Option<AddressLife> {
    local(network, text).map(|at| at.life)
}

fn kind(network: &Network, name: &str) -> Option<InterfaceKind> {
    network.interfaces.iter().find(|interface| interface.name == name).map(|interface| interface.kind)
}

fn gateway(network: &Network, family: Family) -> Option<IpAddr> {
    *network.gateway.as_ref()?.addresses.get(family)
}

fn id(network: &Network) -> Option<&NetworkId> {
    network.gateway.as_ref()?.ids.iter().find(|id| id.kind() == IdentityKind::HardwareAddress)
}

/// Checks that there is no further reading for a second and a half.
async fn quiet(watch: &mut NetworkWatch) {
    if let Ok(network) = timeout(Duration::from_millis(1500), watch.changed()).await {
        panic!("another reading: {network:#?}");
    }
}

#[test]
fn a_cable_that_is_plugged_in_tells_the_gateway_and_who_it_is() {
    story("a_cable_that_is_plugged_in_tells_the_gateway_and_who_it_is", async |_| {
        let mut watch = NetworkWatch::start(SALT);
        let (unplugged, _) = until(&mut watch, "the first reading", |_| true).await;
        assert_eq!(unplugged, Network::default());
        plug_in();
        let (network, _) = until(&mut watch, "the gateway, learnt", |network| id(network).is_some()).await;
        assert_eq!(gateway(&network, Family::Ipv4), Some(address("192.168.178.1")));
        assert_eq!(network.outgoing.ipv4, Some(address("192.168.178.20")));
        assert_eq!(network.outgoing.ipv6, None);
        assert_eq!(kind(&network, "eth0"), Some(InterfaceKind::Lan));
        // The last change is that the link-local IPv6 address passes its check.
        let is_complete = |network: &Network| {
            network.interfaces.iter().flat_map(|i| &i.addresses).filter(|at| at.is_stable()).count() == 2
        };
        let network = if is_complete(&network) {
            network
        } else {
            until(&mut watch, "link-local", is_complete).await.0
        };
        quiet(&mut watch).await;
        assert_eq!(read(SALT).await.as_ref(), Some(&network));
        // A hardware address that the kernel forgot is resolved again within the reading.
        ip("neighbour flush dev eth0");
        assert_eq!(read(SALT).await.as_ref(), Some(&network));
        assert_ne!(id(&read(SALT + 1).await.expect("the tables")), id(&network));
    });
}

#[test]
fn without_ipv4_the_router_is_learnt_by_its_ipv6_address() {
    story("without_ipv4_the_router_is_learnt_by_its_ipv6_address", async |_| {
        ip("link set eth0 up");
        ip("address add 2003:e1:1:2342::7/64 dev eth0 nodad");
        ip("route add default via fe80::1 dev eth0");
        let mut watch = NetworkWatch::start(SALT);
        let (network, _) = until(&mut watch, "the router", |network| id(network).is_some()).await;
        assert_eq!(gateway(&network, Family::Ipv4), None);
        assert_eq!(gateway(&network, Family::Ipv6), Some(address("fe80::1")));
        assert_eq!(network.outgoing.ipv4, None);
        assert_eq!(network.outgoing.ipv6, Some(address("2003:e1:1:2342::7")));
    });
}

#[test]
fn where_the_way_out_is_shared_by_two_routers_the_first_is_known() {
    story("where_the_way_out_is_shared_by_two_routers_the_first_is_known", async |_| {
        plug_in();
        ip("route replace default nexthop via 192.168.178.1 dev eth0 nexthop via 192.168.178.2 dev eth0");
        let mut watch = NetworkWatch::start(SALT);
        let (network, _) = until(&mut watch, "the router", |network| id(network).is_some()).await;
        assert_eq!(gateway(&network, Family::Ipv4), Some(address("192.168.178.1")));
        assert_eq!(kind(&network, "eth0"), Some(InterfaceKind::Lan));
    });
}

#[test]
fn another_router_at_the_same_address_is_another_network() {
    story("another_router_at_the_same_address_is_another_network", async |router| {
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        let (first, _) = until(&mut watch, "the first router", |network| id(network).is_some()).await;
        // For the first second the kernel accepts no other hardware address.
        sleep(Duration::from_millis(1500)).await;
        router.set("ipv4/conf/lan0/arp_notify", "1");
        router.ip("link set lan0 address 02:00:00:00:00:99");
        let (second, took) = until(&mut watch, "the second router", |network| {
            id(network) != id(&first) && id(network).is_some()
        })
        .await;
        assert_eq!(gateway(&second, Family::Ipv4), gateway(&first, Family::Ipv4));
        assert!(took < Duration::from_secs(1), "{took:?}");
    });
}

#[test]
fn a_router_that_comes_up_late_is_learnt_by_asking_again() {
    story("a_router_that_comes_up_late_is_learnt_by_asking_again", async |router| {
        router.ip("address delete 192.168.178.1/24 dev lan0");
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        let (early, _) = until(&mut watch, "a gateway", |network| network.gateway.is_some()).await;
        assert_eq!(id(&early), None);
        sleep(Duration::from_millis(700)).await;
        router.ip("address add 192.168.178.1/24 dev lan0");
        let (_, took) = until(&mut watch, "its name", |network| id(network).is_some()).await;
        assert!(took < Duration::from_secs(5), "{took:?}");
    });
}

#[test]
fn an_address_is_told_at_once_when_it_comes_and_when_it_goes() {
    story("an_address_is_told_at_once_when_it_comes_and_when_it_goes", async |_| {
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        until(&mut watch, "home", |network| id(network).is_some()).await;
        sleep(Duration::from_secs(3)).await;
        let mut took = Vec::new();
        for round in 1..=5 {
            let new = format!("84.160.12.{round}");
            ip(&format!("address replace {new}/32 dev eth0"));
            let (_, came) =
                until(&mut watch, "an address came", |network| life(network, &new).is_some()).await;
            ip(&format!("address delete {new}/32 dev eth0"));
            let (_, went) = until(&mut watch, "and went", |network| life(network, &new).is_none()).await;
            took.extend([came, went]);
        }
        took.sort();
        println!("ten changes: {} ms to {} ms", took[0].as_millis(), took[9].as_millis());
        assert!(took[5] < Duration::from_millis(200), "{took:?}");
    });
}

#[test]
fn a_burst_of_changes_is_few_readings() {
    story("a_burst_of_changes_is_few_readings", async |_| {
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        until(&mut watch, "home", |network| id(network).is_some()).await;
        sleep(Duration::from_secs(3)).await;
        let lines: Vec<String> =
            (1..=60).map(|last| format!("address add 10.9.8.{last}/32 dev eth0\n")).collect();
        let mut batch = Command::new("ip").args(["-batch", "-"]).stdin(Stdio::piped()).spawn().expect("ip");
        std::io::Write::write_all(batch.stdin.as_mut().expect("a pipe"), lines.concat().as_bytes())
            .expect("a batch");
        drop(batch.stdin.take());
        let mut readings = 0;
        while let Ok(Some(network)) = timeout(Duration::from_secs(2), watch.changed()).await {
            readings += 1;
            if life(&network, "10.9.8.60").is_some() {
                break;
            }
        }
        batch.wait().expect("ip");
        println!("60 changes: {readings} readings");
        assert!((1..=3).contains(&readings), "{readings}");
    });
}

#[test]
fn a_default_route_that_moves_takes_the_gateway_along() {
    story("a_default_route_that_moves_takes_the_gateway_along", async |router| {
        plug_in();
        ip(&format!("link add wlan0 type veth peer lan1 netns {}", router.namespace));
        router.ip("link set lan1 address 02:00:00:00:00:03 up");
        router.ip("address add 10.0.0.1/24 dev lan1");
        ip("link set wlan0 up");
        ip("address add 10.0.0.20/24 dev wlan0");
        ip("route add default via 10.0.0.1 metric 600");
        let mut watch = NetworkWatch::start(SALT);
        let at = |gateway_is: &'static str, source: &'static str| {
            move |network: &Network| {
                gateway(network, Family::Ipv4) == Some(address(gateway_is))
                    && network.outgoing.ipv4 == Some(address(source))
                    && id(network).is_some()
            }
        };
        until(&mut watch, "the cable", at("192.168.178.1", "192.168.178.20")).await;
        ip("link set eth0 down");
        until(&mut watch, "the radio", at("10.0.0.1", "10.0.0.20")).await;
        ip("link set eth0 up");
        ip("route replace default via 192.168.178.1 metric 100");
        until(&mut watch, "the cable again", at("192.168.178.1", "192.168.178.20")).await;
    });
}

#[test]
fn a_vpn_takes_the_way_out_and_leaves_the_gateway() {
    story("a_vpn_takes_the_way_out_and_leaves_the_gateway", async |_| {
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        let (before, _) = until(&mut watch, "home", |network| id(network).is_some()).await;
        assert!(!before.leaves_by_tunnel(Family::Ipv4));
        ip("tuntap add tun0 mode tun");
        ip("address add 10.8.0.2/24 dev tun0");
        ip("link set tun0 up");
        // By a lower metric; by two halves, as OpenVPN does; by a table of its own, as WireGuard does.
        for (up, down) in [
            (
                &["route add default via 10.8.0.1 dev tun0 metric 50"][..],
                &["route delete default dev tun0"][..],
            ),
            (
                &["route add 0.0.0.0/1 dev tun0", "route add 128.0.0.0/1 dev tun0"],
                &["route delete 0.0.0.0/1 dev tun0", "route delete 128.0.0.0/1 dev tun0"],
            ),
            (
                &[
                    "route add default dev tun0 table 51820",
                    "rule add not fwmark 51820 table 51820 priority 100",
                    "rule add table main suppress_prefixlength 0 priority 99",
                ],
                &["rule delete priority 100", "rule delete priority 99", "route flush table 51820"],
            ),
        ] {
            for line in up {
                ip(line);
            }
            let (inside, _) =
                until(&mut watch, up[0], |network| network.leaves_by_tunnel(Family::Ipv4)).await;
            assert_eq!(kind(&inside, "tun0"), Some(InterfaceKind::Tunnel));
            assert_eq!(inside.outgoing.ipv4, Some(address("10.8.0.2")));
            assert_eq!(gateway(&inside, Family::Ipv4), Some(address("192.168.178.1")));
            assert_eq!(id(&inside), id(&before));
            for line in down {
                ip(line);
            }
            let (after, _) =
                until(&mut watch, "the tunnel's end", |network| !network.leaves_by_tunnel(Family::Ipv4))
                    .await;
            assert_eq!(gateway(&after, Family::Ipv4), Some(address("192.168.178.1")));
        }
    });
}

#[test]
fn an_ipv6_address_is_tentative_first_and_its_end_is_told() {
    story("an_ipv6_address_is_tentative_first_and_its_end_is_told", async |router| {
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        until(&mut watch, "home", |network| id(network).is_some()).await;
        sleep(Duration::from_secs(3)).await;
        let new = "2003:e1:1:2342::7";
        ip(&format!("address add {new}/64 dev eth0"));
        let (network, _) = until(&mut watch, "the address", |network| life(network, new).is_some()).await;
        assert_eq!(life(&network, new), Some(AddressLife::Tentative));
        let stable = |network: &Network| life(network, new) == Some(AddressLife::Preferred);
        until(&mut watch, "the end of its check", stable).await;
        // The router has the next one already.
        let taken = "2003:e1:1:2342::1";
        router.ip(&format!("address add {taken}/64 dev lan0 nodad"));
        ip(&format!("address add {taken}/64 dev eth0"));
        let (network, _) = until(&mut watch, "the taken one", |network| life(network, taken).is_some()).await;
        assert_eq!(life(&network, taken), Some(AddressLife::Tentative));
        sleep(Duration::from_secs(2)).await;
        let network = read(SALT).await.expect("the tables");
        assert_eq!(life(&network, taken), Some(AddressLife::Tentative), "it stays another machine's");
        // A prefix that ends.
        ip(&format!("address change {new}/64 dev eth0 preferred_lft 0 valid_lft 3600"));
        let deprecated = |network: &Network| life(network, new) == Some(AddressLife::Deprecated);
        until(&mut watch, "the end of its use", deprecated).await;
    });
}

#[test]
fn a_router_that_advertises_a_prefix_gives_a_stable_and_a_temporary_address() {
    const NAME: &str = "a_router_that_advertises_a_prefix_gives_a_stable_and_a_temporary_address";
    if !std::path::Path::new("/usr/sbin/radvd").is_file() {
        return skipped(NAME, "not installed: radvd");
    }
    story(NAME, async |router| {
        set("ipv6/conf/eth0/use_tempaddr", "2");
        set("ipv6/conf/eth0/accept_ra", "1");
        plug_in();
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
        let settings =
            "interface lan0 { AdvSendAdvert on; IgnoreIfMissing on; MinRtrAdvInterval 3; MaxRtrAdvInterval 4;
            prefix 2003:e1:1:2342::/64 { AdvValidLifetime 7200; AdvPreferredLifetime 3600; }; };";
        std::fs::write(at("radvd.conf"), settings).expect("settings");
        let mut watch = NetworkWatch::start(SALT);
        until(&mut watch, "IPv4", |network| id(network).is_some()).await;
        let _radvd = router.start(&[
            "/usr/sbin/radvd",
            "--nodaemon",
            "--config",
            &at("radvd.conf"),
            "--pidfile",
            &at("radvd.pid"),
            "--logmethod",
            "none",
        ]);
        let global = |network: &Network, is_temporary: bool| {
            let addresses = network.interfaces.iter().flat_map(|interface| &interface.addresses);
            let is_it =
                |at: &&LocalAddress| at.life == AddressLife::Preferred && at.is_temporary == is_temporary;
            addresses.filter(is_it).filter(|at| at.address.to_string().starts_with("2003:")).count()
        };
        let (network, _) = until(&mut watch, "both addresses", |network| {
            global(network, false) == 1 && global(network, true) == 1
        })
        .await;
        assert!(local(&network, "2003:e1:1:2342::ff:fe00:2").is_some_and(|at| at.is_stable()));
        assert_eq!(gateway(&network, Family::Ipv6), Some(address("fe80::ff:fe00:1")));
        // Packets leave from the temporary address; the interface is the same.
        let outgoing = network.outgoing.ipv6.expect("a way out").to_string();
        assert!(local(&network, &outgoing).is_some_and(|at| at.is_temporary));
        assert_eq!(network.way_out(Family::Ipv6).map(|way| way.name.as_str()), Some("eth0"));
        // Further advertisements of the same prefix change nothing.
        quiet(&mut watch).await;
    });
}

#[test]
fn containers_come_and_go_beside_the_way_out() {
    story("containers_come_and_go_beside_the_way_out", async |_| {
        plug_in();
        let mut watch = NetworkWatch::start(SALT);
        let (before, _) = until(&mut watch, "home", |network| id(network).is_some()).await;
        ip("link add docker0 type bridge");
        ip("address add 172.17.0.1/16 dev docker0");
        ip("link set docker0 up");
        let there = |network: &Network| kind(network, "docker0") == Some(InterfaceKind::Virtual);
        let (network, _) = until(&mut watch, "a bridge", there).await;
        assert_eq!(network.gateway, before.gateway);
        assert_eq!(network.outgoing, before.outgoing);
        ip("link delete docker0");
        until(&mut watch, "its end", |network| kind(network, "docker0").is_none()).await;
    });
}
