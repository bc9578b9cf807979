//! The stage's networks: every condition that a story can bring about is there when asked for, and gone afterwards.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use dyntray_core::types::address::Family;
use dyntray_sandbox::Addresses;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, field};
use dyntray_stories::needs::skipped_without;
use dyntray_stories::network::{NetworkHome, Networks, SecurePort, addresses};
use dyntray_stories::portal::Portal;
use dyntray_stories::wait::eventually;
use dyntray_stories::{PATIENCE, Story};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};

/// The home's IPv4 address after a reconnect.
const NEXT: Ipv4Addr = Ipv4Addr::new(84, 160, 99, 1);
/// And after one more.
const LAST: Ipv4Addr = Ipv4Addr::new(84, 160, 99, 2);
/// The home's prefix after a reconnect.
const NEXT_PREFIX: Ipv6Addr = Ipv6Addr::new(0x2003, 0xe1, 1, 0x2400, 0, 0, 0, 0);

/// The router's answer to NAT-PMP (RFC 6886) about its address, asked from the home; none where it doesn't answer.
async fn nat_pmp(networks: &Networks) -> Story<Option<Ipv4Addr>> {
    let ask = async {
        let socket = UdpSocket::bind("0.0.0.0:0").await?;
        socket.connect((addresses::ROUTER_PRIVATE, 5351)).await?;
        socket.send(&[0, 0]).await?;
        let mut answer = [0; 12];
        let heard = tokio::time::timeout(Duration::from_millis(500), socket.recv(&mut answer)).await;
        let whole = heard.is_ok_and(|read| read.is_ok_and(|read| read == 12));
        let accepted = whole && answer[2..4] == [0, 0];
        std::io::Result::Ok(accepted.then(|| Ipv4Addr::new(answer[8], answer[9], answer[10], answer[11])))
    };
    Ok(networks.home().within(ask).await??)
}

/// Subscribes to the router's events (UPnP's GENA); they arrive in the channel.
async fn subscribe(networks: &Networks) -> Story<tokio::sync::mpsc::UnboundedReceiver<String>> {
    let (tell, events) = tokio::sync::mpsc::unbounded_channel();
    let work = async move {
        let listener = TcpListener::bind((addresses::HOME_PRIVATE, 0)).await?;
        let callback = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (mut event, mut part) = (String::new(), [0; 4096]);
                // It may come in pieces.
                while !event.contains("</e:propertyset>") {
                    match stream.read(&mut part).await {
                        Ok(read) if read > 0 => event.push_str(&String::from_utf8_lossy(&part[..read])),
                        Ok(_) | Err(_) => break,
                    }
                }
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
                drop(stream);
                let _ = tell.send(event);
            }
        });
        let mut router = TcpStream::connect((addresses::ROUTER_PRIVATE, 49000)).await?;
        let request = format!(
            "SUBSCRIBE /evt/IPConn HTTP/1.1\r\nHost: {}:49000\r\nCallback: <http://{callback}/>\r\nNT: upnp:event\r\n\
             Timeout: Second-1800\r\nConnection: close\r\n\r\n",
            addresses::ROUTER_PRIVATE
        );
        router.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        router.read_to_string(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    let answer = networks.home().within(work).await??;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    Ok(events)
}

#[tokio::test]
async fn the_home_sees_its_own_addresses_and_the_router_tells_the_same() -> Story {
    let begun = Instant::now();
    let Some(mut networks) = Networks::for_story("own-addresses").await? else { return Ok(()) };
    println!("the networks were there after {:?}", begun.elapsed());
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::HOME_IPV4));
    let (stable, temporary) = (networks.stable_ipv6().await?, networks.temporary_ipv6().await?);
    assert_ne!(stable, temporary);
    assert_eq!(networks.looked_up(Family::Ipv6).await?, IpAddr::V6(temporary));
    eventually("NAT-PMP", PATIENCE, async || nat_pmp(&networks).await.is_ok_and(|said| said.is_some()))
        .await?;
    assert_eq!(nat_pmp(&networks).await?, Some(addresses::HOME_IPV4));

    let reconnected = Instant::now();
    networks.reconnect(NEXT).await?;
    println!("a reconnect took {:?}", reconnected.elapsed());
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(NEXT));
    assert_eq!(nat_pmp(&networks).await?, Some(NEXT));
    if !skipped_without("UPnP by a client of others", &["upnpc"]) {
        let told = networks.home().run("upnpc", &["-u", addresses::ROUTER_DESCRIPTION, "-s"]).await?;
        assert!(told.contains(&format!("ExternalIPAddress = {NEXT}")), "{told}");
        let own = addresses::HOME_PRIVATE.to_string();
        let forward = ["-u", addresses::ROUTER_DESCRIPTION, "-a", &own, "8080", "8080", "TCP"];
        let told = networks.home().run("upnpc", &forward).await?;
        assert!(told.contains(&format!("external {NEXT}:8080 TCP is redirected")), "{told}");
    }
    let name = networks.home().name().to_owned();
    let ended = Instant::now();
    drop(networks);
    println!("the networks were gone after {:?}", ended.elapsed());
    assert!(
        !std::fs::exists(format!("/run/netns/{name}"))? && !std::fs::exists(format!("/etc/netns/{name}"))?
    );
    Ok(())
}

#[tokio::test]
async fn the_router_tells_a_new_address_by_itself_unless_its_events_are_lost() -> Story {
    let Some(mut networks) = Networks::for_story("router-events").await? else { return Ok(()) };
    eventually("NAT-PMP", PATIENCE, async || nat_pmp(&networks).await.is_ok_and(|said| said.is_some()))
        .await?;
    let mut events = subscribe(&networks).await?;
    let first = tokio::time::timeout(PATIENCE, events.recv()).await?.ok_or("no first event")?;
    assert!(first.contains(&addresses::HOME_IPV4.to_string()), "{first}");
    // miniupnpd drops an event while it is busy with the one before, and the machine decides for how long.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut changes = [NEXT, addresses::HOME_IPV4].into_iter().cycle().take(4);
    let begun = loop {
        let next = changes.next().ok_or("of four changes none was told")?;
        let begun = Instant::now();
        networks.reconnect(next).await?;
        let told = async {
            while !events.recv().await?.contains(&next.to_string()) {}
            Some(())
        };
        if tokio::time::timeout(PATIENCE / 4, told).await.is_ok_and(|told| told.is_some()) {
            break begun;
        }
    };
    println!("the event came after {:?}", begun.elapsed());

    networks.router_events_off().await?;
    networks.reconnect(LAST).await?;
    assert_eq!(nat_pmp(&networks).await?, Some(LAST), "who asks is told");
    assert!(tokio::time::timeout(Duration::from_secs(2), events.recv()).await.is_err());
    networks.router_events_on().await?;

    networks.router_upnp_off().await;
    assert_eq!(nat_pmp(&networks).await?, None);
    networks.router_upnp_on().await?;
    eventually("NAT-PMP", PATIENCE, async || nat_pmp(&networks).await.is_ok_and(|said| said.is_some()))
        .await?;
    Ok(())
}

#[tokio::test]
async fn shared_addresses_are_seen_by_the_world_and_the_routers_own_by_nobody() -> Story {
    let Some(mut networks) = Networks::for_story("shared-addresses").await? else { return Ok(()) };
    networks.carrier_nat().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::CARRIER_SHARED));
    assert_eq!(networks.router_ipv4(), Some(addresses::CARRIER_INNER));
    networks.ds_lite().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::DS_LITE_SHARED));
    networks.double_nat().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::HOME_IPV4));
    assert_eq!(nat_pmp(&networks).await?, None, "miniupnpd tells no address that isn't public");
    networks.router_upnp_of_a_fritzbox().await?;
    if !skipped_without("UPnP by a client of others", &["upnpc"]) {
        let ask = ["-i", "-m", "eth0", "-s"];
        let told = networks.home().run("upnpc", &ask).await?;
        assert!(told.contains(&format!("ExternalIPAddress = {}", addresses::DOUBLE_NAT_INNER)), "{told}");
        networks.carrier_nat().await?;
        let told = networks.home().run("upnpc", &ask).await?;
        assert!(told.contains(&format!("ExternalIPAddress = {}", addresses::CARRIER_INNER)), "{told}");
    }
    networks.ipv6_only().await?;
    let error = networks.looked_up(Family::Ipv4).await.expect_err("there is no IPv4").to_string();
    assert!(!error.contains("timed out"), "the router says so at once: {error}");
    assert_eq!(networks.looked_up(Family::Ipv6).await?, IpAddr::V6(networks.temporary_ipv6().await?));

    networks.reconnect(NEXT).await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(NEXT));
    networks.ipv6_off().await?;
    networks.looked_up(Family::Ipv6).await.expect_err("the line has IPv4 only");
    networks.unplug().await?;
    networks.plug().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(NEXT));
    networks.looked_up(Family::Ipv6).await.expect_err("the line still has IPv4 only");
    networks.ipv6_on().await?;
    networks.looked_up(Family::Ipv6).await?;
    Ok(())
}

/// Waits until a look-up tells this address: what was cut may take a moment to settle.
async fn works_again(networks: &Networks, address: IpAddr) -> Story {
    let family = Family::of(address);
    eventually(&format!("a look-up of {family:?}"), PATIENCE, async || {
        networks.looked_up(family).await.is_ok_and(|told| told == address)
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn without_line_or_name_servers_nothing_works_and_afterwards_everything_does() -> Story {
    let Some(mut networks) = Networks::for_story("no-line").await? else { return Ok(()) };
    networks.unplug().await?;
    for family in [Family::Ipv4, Family::Ipv6] {
        let error = networks.looked_up(family).await.expect_err("there is no line").to_string();
        assert!(!error.contains("timed out"), "the router says so at once: {error}");
    }
    networks.plug().await?;
    works_again(&networks, IpAddr::V4(addresses::HOME_IPV4)).await?;
    works_again(&networks, IpAddr::V6(networks.temporary_ipv6().await?)).await?;
    networks.block_dns().await?;
    let error = networks.looked_up(Family::Ipv4).await.expect_err("there are no name servers").to_string();
    assert!(error.contains("resolve") || error.contains("Resolving"), "{error}");
    networks.allow_dns().await?;
    works_again(&networks, IpAddr::V4(addresses::HOME_IPV4)).await?;
    networks.server_away().await;
    let error = networks.looked_up(Family::Ipv4).await.expect_err("the service is away").to_string();
    assert!(error.contains("connect"), "{error}");
    networks.server_back().await?;
    works_again(&networks, IpAddr::V4(addresses::HOME_IPV4)).await?;
    Ok(())
}

#[tokio::test]
async fn another_prefix_leaves_the_old_addresses_deprecated() -> Story {
    let Some(mut networks) = Networks::for_story("another-prefix").await? else { return Ok(()) };
    let (stable, temporary) = (networks.stable_ipv6().await?, networks.temporary_ipv6().await?);
    let begun = Instant::now();
    networks.change_prefix(NEXT_PREFIX).await?;
    println!("the new prefix was there after {:?}", begun.elapsed());
    let all = networks.home_ipv6().await?;
    for old in [stable, temporary] {
        assert!(all.iter().any(|known| known.address == old && known.deprecated), "{all:?}");
    }
    let (next, shown) = (networks.stable_ipv6().await?, networks.temporary_ipv6().await?);
    assert_eq!(next.to_bits() & u128::from(u64::MAX), stable.to_bits() & u128::from(u64::MAX));
    assert_eq!(next.to_bits() >> 64, NEXT_PREFIX.to_bits() >> 64);
    assert_eq!(networks.looked_up(Family::Ipv6).await?, IpAddr::V6(shown));

    networks.local_prefix("fd12:3456:789a:1::".parse()?).await?;
    assert_eq!(networks.stable_ipv6().await?, next, "addresses of one's own are none of the world's");
    assert_eq!(networks.looked_up(Family::Ipv6).await?, IpAddr::V6(shown));
    let listed = networks.home().run("ip", &["-6", "addr"]).await?;
    assert!(listed.contains("fd12:3456:789a:1:") && listed.contains("temporary dynamic"), "{listed}");
    Ok(())
}

#[tokio::test]
async fn through_a_vpn_the_world_sees_the_vpns_address_and_afterwards_the_homes() -> Story {
    let Some(mut networks) = Networks::for_story("vpn").await? else { return Ok(()) };
    for _ in 0..2 {
        networks.vpn_up().await?;
        assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::VPN_EXIT));
        let link = networks.home().run("ip", &["-d", "link", "show", "tun0"]).await?;
        assert!(link.contains("link/none") && link.contains("tun type tun"), "{link}");
        let way = networks.home().run("ip", &["route", "get", "185.55.72.10"]).await?;
        assert!(way.contains("dev tun0 src 10.8.0.2"), "{way}");
        networks.vpn_down().await?;
        assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::HOME_IPV4));
    }
    Ok(())
}

#[tokio::test]
async fn in_a_cafe_the_router_is_another_with_the_same_inner_address() -> Story {
    let Some(mut networks) = Networks::for_story("cafe").await? else { return Ok(()) };
    let hardware = async |networks: &Networks| {
        networks.looked_up(Family::Ipv4).await?;
        networks.home().run("ip", &["-4", "neigh", "show", "192.168.178.1"]).await
    };
    let seen = hardware(&networks).await?;
    assert!(seen.contains(addresses::ROUTER_HARDWARE), "{seen}");
    networks.to_cafe().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::CAFE_IPV4));
    let seen = hardware(&networks).await?;
    assert!(seen.contains(addresses::CAFE_HARDWARE), "{seen}");
    assert!(networks.home_ipv6().await?.is_empty());
    networks.captive_portal_on(SecurePort::Dropped).await?;
    networks.looked_up(Family::Ipv4).await.expect_err("nobody has signed in");

    networks.to_home().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::HOME_IPV4));
    assert_eq!(networks.looked_up(Family::Ipv6).await?, IpAddr::V6(networks.temporary_ipv6().await?));
    Ok(())
}

#[tokio::test]
async fn before_somebody_signs_in_every_page_is_the_sign_in_page() -> Story {
    let Some(mut networks) = Networks::for_story("captive-portal").await? else { return Ok(()) };
    let page = ["-s", "-m", "3", "-i", "http://www.spdyn.de/"];
    assert!(networks.home().run("curl", &page).await?.contains("303 See Other"));
    networks.captive_portal_on(SecurePort::WrongCertificate).await?;
    let told = networks.home().run("curl", &page).await?;
    assert!(told.contains("302 Found") && told.contains("http://login.hotel.test/"), "{told}");
    let error = networks.looked_up(Family::Ipv4).await.expect_err("a wrong certificate").to_string();
    assert!(error.contains("certificate"), "{error}");
    networks.looked_up(Family::Ipv6).await.expect_err("IPv6 isn't signed in either");
    assert!(networks.live("update.spdyn.de").await?.ipv4.is_some(), "names are answered");

    networks.captive_portal_on(SecurePort::Dropped).await?;
    let told = networks.home().run("curl", &page).await?;
    assert!(told.contains("302 Found"), "{told}");
    let error = networks.looked_up(Family::Ipv4).await.expect_err("nothing answers").to_string();
    assert!(error.contains("timed out") || error.contains("Timeout"), "{error}");
    networks.captive_portal_off().await?;
    assert_eq!(networks.looked_up(Family::Ipv4).await?, IpAddr::V4(addresses::HOME_IPV4));
    Ok(())
}

#[tokio::test]
async fn what_the_service_accepts_is_what_name_servers_answer_until_somebody_else_changes_it() -> Story {
    let Some(networks) = Networks::for_story("name-servers").await? else { return Ok(()) };
    let (_portal, token) = Portal::with_host(networks.portal_url(), HOST).await?;
    assert_eq!(networks.live(HOST).await?, Addresses::default());
    let servers = networks.home().run("dig", &["+short", "spdns.de", "NS"]).await?;
    assert!(servers.contains("ns1.spdns.de.") && servers.contains("ns2.spdns.de."), "{servers}");

    let ca = networks.ca_file().display().to_string();
    let update = format!("https://update.spdyn.de/nic/update?hostname={HOST}");
    let login = format!("{HOST}:{token}");
    let send = ["-sS", "-m", "5", "-4", "--cacert", &ca, "-u", &login, &update];
    assert_eq!(networks.home().run("curl", &send).await?, format!("good {}", addresses::HOME_IPV4));
    let accepted = Instant::now();
    let wanted = Addresses { ipv4: Some(addresses::HOME_IPV4), ipv6: None };
    eventually("the record", PATIENCE, async || networks.live(HOST).await.is_ok_and(|live| live == wanted))
        .await?;
    println!("name servers answered it after {:?}", accepted.elapsed());
    for server in
        [IpAddr::V4(addresses::NS2_IPV4), IpAddr::V6(addresses::NS1_IPV6), IpAddr::V6(addresses::NS2_IPV6)]
    {
        assert_eq!(networks.live_at(server, HOST).await?, wanted);
    }

    let foreign = Addresses { ipv4: Some(Ipv4Addr::new(5, 9, 1, 2)), ipv6: Some("2a01:4f8::7".parse()?) };
    networks.foreign_record(HOST, foreign).await?;
    assert_eq!(networks.live(HOST).await?, foreign);
    Ok(())
}

#[tokio::test]
async fn dyntrays_window_can_be_used_though_it_is_in_the_homes_network() -> Story {
    let options = DesktopOptions::with_recorder();
    let story = NetworkHome::for_story(options, "window-in-the-home", &["WebKitWebDriver"]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    home.command(&["open"]).await?;
    let (window, _relay) = home.window().await?;
    window.wait_for_text(&field("status-1"), HOST).await?;
    window.close(&home.desktop).await?;
    Ok(())
}

#[tokio::test]
async fn what_a_killed_story_has_left_is_removed_by_the_next_one() -> Story {
    // No process has such a number.
    let own = std::process::id();
    let (left, of_others) = (format!("dyntray-4194305-{own}-home"), format!("dyntray-else-{own}-1-home"));
    let (left, of_others) = (left.as_str(), of_others.as_str());
    let ip = async |arguments: &[&str]| tokio::process::Command::new("ip").args(arguments).status().await;
    assert!(
        ip(&["netns", "add", left]).await?.success() && ip(&["netns", "add", of_others]).await?.success()
    );
    let Some(networks) = Networks::for_story("left-overs").await? else { return Ok(()) };
    drop(networks);
    let is_there = |name: &str| std::fs::exists(format!("/run/netns/{name}"));
    let (left, of_others_is_there) = (is_there(left)?, is_there(of_others)?);
    assert!(ip(&["netns", "del", of_others]).await?.success());
    assert!(!left && of_others_is_there);
    Ok(())
}
