//! Tests of fault injection, from the control endpoint and from the portal's page.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::time::{Duration, Instant};

use dyntray_sandbox::{Fault, Mode, PlainFault, Target};
use harness::{HOST, Stage};
use reqwest::Response;
use serde_json::json;

/// Injects a fault through the control endpoint and sends an update that runs into it.
async fn under(stage: &Stage, kind: &str) -> Response {
    let request = json!({"target": "update", "kind": kind});
    assert_eq!(stage.control("/control/fault", request).await.status(), 204, "{kind}");
    let query = format!("/nic/update?hostname={HOST}&myip=84.160.1.1");
    stage.get(&query).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap().to_str().unwrap()
}

#[tokio::test]
async fn a_truncated_response_announces_more_than_it_sends() {
    let stage = Stage::new().await;
    let response = under(&stage, "truncated").await;
    assert_eq!((response.status().as_u16(), header(&response, "content-length")), (200, "100"));
    assert!(response.text().await.is_err());
    assert_eq!(stage.sandbox.state().await.unwrap().log[0].code, "(truncated)");
}

#[tokio::test]
async fn bad_responses_look_good_to_a_careless_client() {
    let stage = Stage::new().await;
    let error = under(&stage, "error").await;
    assert_eq!(error.status(), 500);
    let picture = under(&stage, "wrong-type").await;
    assert_eq!(header(&picture, "content-type"), "image/png");
    assert!(picture.text().await.unwrap().starts_with("good"));
    let html = under(&stage, "html").await;
    assert!(header(&html, "content-type").starts_with("text/html"));
    assert!(html.text().await.unwrap().contains("good"));
    let away = under(&stage, "redirect").await;
    assert_eq!(
        (away.status().as_u16(), header(&away, "location").contains("elsewhere.invalid")),
        (302, true)
    );
}

#[tokio::test]
async fn a_huge_body_is_64_mib_and_need_not_be_read() {
    let stage = Stage::new().await;
    let mut response = under(&stage, "huge").await;
    assert!(response.chunk().await.unwrap().unwrap().starts_with(b"good"));
    drop(response);
    let mut response = under(&stage, "huge").await;
    let mut length = 0;
    while let Some(chunk) = response.chunk().await.unwrap() {
        length += chunk.len();
    }
    assert!(length > 64 * 1024 * 1024);
}

#[tokio::test]
async fn a_dripping_body_comes_byte_by_byte_and_does_not_delay_the_stop() {
    let stage = Stage::new().await;
    let mut response = under(&stage, "drip").await;
    let begun = Instant::now();
    assert_eq!(response.chunk().await.unwrap().unwrap().as_ref(), b"g");
    assert_eq!(response.chunk().await.unwrap().unwrap().as_ref(), b"o");
    assert!(begun.elapsed() >= Duration::from_millis(900));
    stage.sandbox.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_wrong_clock_shows_an_old_date_with_a_proper_answer() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.sandbox.fault(Target::Update, Fault::Plain(PlainFault::Clock), 1);
    let query = format!("/nic/update?hostname={HOST}&myip=84.160.1.1");
    let year = |response: &Response| header(response, "date")[12..16].parse::<i32>().unwrap();
    let then = stage.get(&query).basic_auth(HOST, Some(&token)).send().await.unwrap();
    let now = stage.get(&query).basic_auth(HOST, Some(&token)).send().await.unwrap();
    assert!((9..=11).contains(&(year(&now) - year(&then))));
    assert_eq!(then.text().await.unwrap(), "good 84.160.1.1");
}

#[tokio::test]
async fn faults_are_injected_and_cleared_from_the_page() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let fields =
        |kind, detail, count| [("target", "update"), ("kind", kind), ("detail", detail), ("count", count)];
    for (kind, detail, count) in [("code", "dnserr", "2"), ("delay", "5", "1"), ("reset", "", "3")] {
        let page = browser.fill_in("/line", "/line/fault", &fields(kind, detail, count)).await;
        assert_eq!(page.status, 303, "{}", page.body);
    }
    assert!(browser.get("/line").await.body.contains("<span id=\"faults-left\">6</span>"));
    assert_eq!(stage.text(&format!("/nic/update?hostname={HOST}&myip=84.160.1.1")).await, "dnserr");
    let wrong = [
        ("delay", "soon", "1"),
        ("code", "", "1"),
        ("explode", "", "1"),
        ("reset", "", "0"),
        ("reset", "", "x"),
    ];
    for (kind, detail, count) in wrong {
        let page = browser.fill_in("/line", "/line/fault", &fields(kind, detail, count)).await;
        assert!(page.status == 422 && page.body.contains("role=\"alert\""), "{kind} {detail} {count}");
    }
    assert_eq!(browser.post_raw("/line/fault", &fields("reset", "", "1")).await.status, 403, "no CSRF token");
    assert_eq!(stage.sandbox.state().await.unwrap().faults, 5);
    assert_eq!(browser.fill_in("/line", "/line/clear", &[]).await.status, 303);
    assert_eq!(stage.sandbox.state().await.unwrap().faults, 0);
}

#[tokio::test]
async fn behind_a_vpn_the_service_sees_its_exit_and_no_ipv6() {
    let stage = Stage::new().await;
    let own = stage.text("/checkip4").await;
    let wan = stage.sandbox.set_mode(Mode::Vpn).await.unwrap();
    assert_eq!(format!("{}\n", wan.router_ipv4.unwrap()), own);
    let seen = stage.text("/checkip4").await;
    assert_ne!(seen, own);
    assert_eq!(stage.get("/checkip6").send().await.unwrap().status(), 503);
    assert_eq!(stage.text("/checkip").await, seen);
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    assert_eq!(stage.update(&token, "192.168.1.2").await, format!("good {}", seen.trim()));
    stage.sandbox.set_mode(Mode::Normal).await.unwrap();
    assert_eq!(stage.text("/checkip4").await, own);
}
