//! Tests of the simulated WAN: look-ups, reconnects, modes, injected faults.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use dyntray_sandbox::{ClientAddresses, Fault, Mode, Target};
use harness::{HOST, Stage};
use serde_json::{Value, json};

async fn seen(stage: &Stage) -> (Ipv4Addr, Ipv6Addr) {
    let parse = |text: String| text.strip_suffix('\n').unwrap().to_owned();
    let (ipv4, ipv6) = (parse(stage.text("/checkip4").await), parse(stage.text("/checkip6").await));
    (ipv4.parse().unwrap(), ipv6.parse().unwrap())
}

#[tokio::test]
async fn the_look_up_returns_the_address_of_the_wan_plain_and_as_json() {
    let stage = Stage::new().await;
    let (ipv4, ipv6) = seen(&stage).await;
    assert_eq!(stage.text("/checkip").await, format!("{ipv6}\n"));
    for (path, ip) in [("4", ipv4.to_string()), ("6", ipv6.to_string()), ("", ipv6.to_string())] {
        let text = stage.text(&format!("/checkip{path}/json")).await;
        let answer: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(answer, json!({"ipinfo": [{"ip": ip, "source": "REMOTE_ADDR"}]}));
    }
    assert_eq!(stage.sandbox.state().await.unwrap().lookups, 6);
}

#[tokio::test]
async fn a_reconnect_changes_both_addresses_to_publishable_ones() {
    let stage = Stage::new().await;
    for _ in 0..20 {
        let before = seen(&stage).await;
        let wan: Value =
            stage.control("/control/reconnect", json!({})).await.text().await.unwrap().parse().unwrap();
        let after = seen(&stage).await;
        assert!(before.0 != after.0 && before.1 != after.1);
        assert_eq!(wan["ipv4"], after.0.to_string());
        assert_eq!(wan["ipv6"], after.1.to_string());
        assert!(after.0.octets()[0] == 84 && (160..168).contains(&after.0.octets()[1]));
        assert_eq!(after.1.segments()[..2], [0x2003, 0xe1]);
    }
}

#[tokio::test]
async fn a_wan_without_ipv6_has_no_ipv6_look_up_and_either_family_is_ipv4() {
    let stage = Stage::new().await;
    let answer = stage.control("/control/line", json!({"ipv4": "100.64.3.4", "ipv6": null})).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(stage.get("/checkip6").send().await.unwrap().status(), 503);
    assert_eq!(stage.text("/checkip").await, "100.64.3.4\n");
    let nonsense = stage.control("/control/line", json!({"ipv4": "nonsense"})).await;
    assert_eq!(nonsense.status(), 422);
    assert_eq!(stage.text("/checkip4").await, "100.64.3.4\n");
}

#[tokio::test]
async fn at_the_control_endpoint_the_wan_is_called_line() {
    let stage = Stage::new().await;
    let answer: Value = serde_json::from_str(&stage.text("/control/state").await).unwrap();
    let wan = stage.sandbox.state().await.unwrap().wan;
    assert_eq!(answer["line"]["ipv4"], wan.public.ipv4.unwrap().to_string());
    assert_eq!(answer["line"]["mode"], "normal");
}

#[tokio::test]
async fn the_control_endpoint_refuses_web_pages() {
    let stage = Stage::new().await;
    let request = stage.client.post(stage.url("/control/reconnect")).header("origin", "https://example.org");
    assert_eq!(request.send().await.unwrap().status(), 403);
}

#[tokio::test]
async fn in_a_hotel_every_response_is_a_page_that_says_good() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.sandbox.set_mode(Mode::Hotel).await.unwrap();
    for text in [stage.text("/checkip4").await, stage.update(&token, "84.160.1.1").await] {
        assert!(text.contains("<html") && text.contains("good"));
    }
    let after = stage.sandbox.state().await.unwrap();
    assert!(after.hosts[0].published.is_empty());
    assert_eq!(after.log[0].code, "(hotel)");
}

#[tokio::test]
async fn offline_connections_break_and_the_portal_still_opens() {
    let stage = Stage::new().await;
    stage.sandbox.set_mode(Mode::Offline).await.unwrap();
    assert!(stage.get("/checkip4").send().await.is_err());
    assert!(stage.get("/nic/update?hostname=home.spdns.de&myip=84.160.1.1").send().await.is_err());
    assert_eq!(stage.get("/line").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn on_a_shared_wan_the_router_has_an_address_of_the_provider() {
    let stage = Stage::new().await;
    let wan = stage.sandbox.set_mode(Mode::Shared).await.unwrap();
    let octets = wan.router_ipv4.unwrap().octets();
    assert!(octets[0] == 100 && (64..128).contains(&octets[1]));
    assert_eq!(stage.text("/checkip4").await, format!("{}\n", wan.public.ipv4.unwrap()));
}

#[tokio::test]
async fn the_buttons_of_the_wan_page_work() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let (ipv4, _) = seen(&stage).await;
    assert!(browser.get("/line").await.body.contains(&ipv4.to_string()));
    assert_eq!(browser.fill_in("/line", "/line/reconnect", &[]).await.status, 303);
    assert_ne!(seen(&stage).await.0, ipv4);
    assert_eq!(browser.fill_in("/line", "/line/mode", &[("mode", "offline")]).await.status, 303);
    assert_eq!(stage.sandbox.state().await.unwrap().wan.mode, Mode::Offline);
    assert_eq!(browser.fill_in("/line", "/line/mode", &[("mode", "upside down")]).await.status, 404);
}

#[tokio::test]
async fn injected_faults_hit_their_target_in_turn_and_then_stop() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let fault = |kind: Value, count: u32| json!({"target": "update", "kind": kind, "count": count});
    let page = json!({"body": "<p>busy</p>", "content_type": "text/html", "status": 502});
    for request in [fault(json!({"code": "badauth"}), 2), fault(page, 1), fault(json!("reset"), 1)] {
        assert_eq!(stage.control("/control/fault", request).await.status(), 204);
    }
    assert_eq!(stage.sandbox.state().await.unwrap().faults, 4);
    assert_eq!(stage.get("/checkip4").send().await.unwrap().status(), 200);
    assert_eq!(stage.update(&token, "84.160.1.1").await, "badauth");
    assert_eq!(stage.update(&token, "84.160.1.1").await, "badauth");
    assert_eq!(stage.update(&token, "84.160.1.1").await, "<p>busy</p>");
    assert!(stage.get(&format!("/nic/update?hostname={HOST}")).send().await.is_err());
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
    let after = stage.sandbox.state().await.unwrap();
    let codes: Vec<_> = after.log.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["badauth", "badauth", "(body)", "(reset)", "good"]);
    let unknown = fault(json!({"explode": true}), 1);
    assert_eq!(stage.control("/control/fault", unknown).await.status(), 422);
}

#[tokio::test]
async fn a_delayed_answer_comes_late_a_hanging_one_never_and_clear_ends_both() {
    let stage = Stage::new().await;
    let begun = Instant::now();
    stage.sandbox.fault(Target::Checkip, Fault::Delay { delay_ms: 300 }, 1);
    assert_eq!(stage.get("/checkip4").send().await.unwrap().status(), 200);
    assert!(begun.elapsed() >= Duration::from_millis(300));
    stage.sandbox.fault(Target::Checkip, Fault::Hang { hang_seconds: 60 }, 9);
    let hung = stage.get("/checkip4").timeout(Duration::from_millis(300)).send().await;
    assert!(hung.unwrap_err().is_timeout());
    stage.sandbox.clear().await.unwrap();
    assert_eq!(stage.get("/checkip4").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn stopping_does_not_wait_for_a_hanging_answer() {
    let stage = Stage::new().await;
    stage.sandbox.fault(Target::Checkip, Fault::Hang { hang_seconds: 60 }, 1);
    let hanging = tokio::spawn(stage.get("/checkip4").send());
    while stage.sandbox.state().await.unwrap().faults > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let begun = Instant::now();
    stage.sandbox.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn on_an_ipv6_only_wan_the_address_of_the_connection_is_ipv6() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.control("/control/line", json!({"ipv4": null, "ipv6": "2003:e1::9"})).await;
    assert_eq!(stage.update_as(HOST, &token, &format!("hostname={HOST}")).await, "good 2003:e1::9");
}

#[tokio::test]
async fn with_peer_addresses_each_client_has_the_address_of_its_own_connection() {
    let stage = Stage::with(|options| options.client_addresses = ClientAddresses::Peer).await;
    for path in ["/checkip4", "/checkip"] {
        assert_eq!(stage.text(path).await, "127.0.0.1\n");
    }
    assert_eq!(stage.get("/checkip6").send().await.unwrap().status(), 503, "the connection has one family");

    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let update = stage.get(&format!("/nic/update?hostname={HOST}")).basic_auth(HOST, Some(&token));
    assert_eq!(update.send().await.unwrap().text().await.unwrap(), "good 127.0.0.1");
}

#[tokio::test]
async fn on_its_own_host_name_the_front_page_is_the_look_up() {
    let stage = Stage::new().await;
    let (ipv4, ipv6) = seen(&stage).await;
    for (name, ip) in [("checkip4", ipv4.to_string()), ("checkip6", ipv6.to_string())] {
        let host = format!("{name}.spdyn.de");
        let page = stage.get("/").header("host", &host).send().await.unwrap();
        assert_eq!(page.text().await.unwrap(), format!("{ip}\n"));
        let page = stage.get("/json").header("host", &host).send().await.unwrap();
        assert!(page.text().await.unwrap().contains(&ip));
    }
    assert_eq!(stage.get("/").send().await.unwrap().status(), 303, "on other names it is the portal");
}
