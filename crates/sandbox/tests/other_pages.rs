//! Tests of web pages elsewhere: none reaches the sandbox through the browser of somebody who only looks at it.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use harness::{HOST, Stage, client};
use reqwest::Method;

const PAGES: [&str; 5] =
    ["/login", "/hosts", "/line", "/control/state", "/nic/update?hostname=home.spdns.de&myip=84.160.1.1"];

/// The status of a request with these headers.
async fn status(stage: &Stage, method: Method, path: &str, headers: &[(&str, &str)]) -> u16 {
    let request = stage.client.request(method, stage.url(path)).header("user-agent", "x");
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn a_name_that_leads_here_but_is_nobody_we_know_is_refused() {
    let stage = Stage::with(|options| options.names = vec!["Update.spdyn.de".to_owned()]).await;
    for path in PAGES {
        for host in [
            "evil.example",
            "evil.example:8245",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "192.168.1.5",
            "",
            "[::1",
            "a b",
        ] {
            assert_eq!(status(&stage, Method::GET, path, &[("host", host)]).await, 421, "{path} as {host}");
        }
        let port = stage.sandbox.port();
        for host in [
            "127.0.0.1",
            "localhost:1",
            "LOCALHOST.",
            "[::1]:80",
            "127.9.9.9",
            "update.spdyn.de",
            &format!("UPDATE.spdyn.de:{port}"),
            "update.spdyn.test",
        ] {
            let control_of_a_name = path.starts_with("/control") && host.contains("spdyn");
            let status = status(&stage, Method::GET, path, &[("host", host)]).await;
            assert_eq!(status == 421, control_of_a_name, "{path} as {host}: {status}");
        }
    }
    assert_eq!(status(&stage, Method::GET, "/checkip4", &[("host", "checkip4.spdyn.de")]).await, 200);
}

#[tokio::test]
async fn requests_that_a_foreign_page_makes_are_refused() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let mut browser = stage.browser();
    browser.enter("anna", "correct horse").await;
    let base = stage.sandbox.base_url();
    let before = stage.sandbox.state().await.unwrap();
    let foreign: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site"), ("sec-fetch-dest", "image")],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "http://127.0.0.1:1")],
        &[("referer", "http://evil.example/page")],
    ];
    for headers in foreign {
        for path in PAGES {
            assert_eq!(status(&stage, Method::GET, path, headers).await, 403, "{path} {headers:?}");
        }
        for form in ["/login", "/line/reconnect", "/line/mode", "/control/reconnect", "/control/clear"] {
            assert_eq!(status(&stage, Method::POST, form, headers).await, 403, "{form} {headers:?}");
        }
        // With the right cookie and the right token of the form, as if both had leaked.
        let csrf = browser.get("/line").await.csrf();
        let cookie = browser.cookie.clone().unwrap();
        let request = stage.client.post(stage.url("/line/reconnect")).header("cookie", cookie);
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(format!("csrf={csrf}"));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        assert_eq!(request.send().await.unwrap().status(), 403, "{headers:?}");
        // An image whose address has the login in it.
        let image = format!("/nic/update?hostname={HOST}&myip=84.160.1.1&user={HOST}&pass={token}");
        assert_eq!(status(&stage, Method::GET, &image, headers).await, 403, "{headers:?}");
    }
    let after = stage.sandbox.state().await.unwrap();
    assert_eq!((after.wan, after.updates, after.hosts), (before.wan, before.updates, before.hosts));

    let csrf = browser.get("/line").await.csrf();
    let own =
        stage.client.post(stage.url("/line/reconnect")).header("cookie", browser.cookie.clone().unwrap());
    let own = own.header("content-type", "application/x-www-form-urlencoded").body(format!("csrf={csrf}"));
    let own = own
        .header("origin", &base)
        .header("sec-fetch-site", "same-origin")
        .header("referer", format!("{base}/line"));
    assert_eq!(own.send().await.unwrap().status(), 303, "our own page");
    for path in PAGES {
        let typed = status(&stage, Method::GET, path, &[("sec-fetch-site", "none")]).await;
        assert!(typed != 403, "typed by hand: {path} {typed}");
    }
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1", "a client sends none of it");
}

#[tokio::test]
async fn on_a_network_address_the_line_and_the_control_are_for_this_machine_only() {
    // No packet is sent: it only tells which address this machine would use.
    let probe = UdpSocket::bind("0.0.0.0:0").unwrap();
    let own = probe.connect("192.0.2.1:9").and_then(|()| probe.local_addr()).map(|address| address.ip());
    let Some(own) = own.ok().filter(|ip| !ip.is_loopback() && !ip.is_unspecified()) else {
        harness::skipped("a sandbox on a network address: this machine has no network");
        return;
    };
    let stage = Stage::with(|options| options.bind = IpAddr::V4(Ipv4Addr::UNSPECIFIED)).await;
    let there = format!("http://{own}:{}", stage.sandbox.port());
    for path in ["/line", "/control/state"] {
        assert_eq!(client().get(format!("{there}{path}")).send().await.unwrap().status(), 403, "{path}");
        let here = format!("http://127.0.0.1:{}{path}", stage.sandbox.port());
        assert_eq!(client().get(here).send().await.unwrap().status(), 200, "{path}");
    }
    for form in ["/line/reconnect", "/line/mode", "/line/fault", "/line/clear"] {
        assert_eq!(client().post(format!("{there}{form}")).send().await.unwrap().status(), 403, "{form}");
    }
    assert_eq!(
        client().get(format!("{there}/login")).send().await.unwrap().status(),
        200,
        "the portal is open"
    );
}
