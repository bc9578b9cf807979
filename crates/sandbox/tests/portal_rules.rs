//! Tests of the portal's stricter rules: repeated failed log-ins, single families, reseller accounts.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::time::Duration;

use dyntray_sandbox::LockThreshold;
use harness::{Browser, CONFIRMED, HOST, Stage};

const PASSWORD: &str = "correct horse";

async fn anna(stage: &Stage) -> Browser {
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    browser
}

#[tokio::test]
async fn after_several_failed_log_ins_wrong_passwords_are_refused_for_a_while_and_the_right_one_is_not() {
    let stage = Stage::with(|options| {
        options.login_threshold = LockThreshold { count: 3, window: Duration::from_mins(1) };
        options.lock_duration = Duration::from_secs(8);
    })
    .await;
    anna(&stage).await;
    let mut thief = stage.browser();
    for _ in 0..3 {
        let page = thief.fill_in("/login", "/login", &[("name", "Anna"), ("password", "wrong horse")]).await;
        assert_eq!(page.status, 422);
    }
    let wrong = [("name", "anna"), ("password", "wrong horse")];
    let page = thief.fill_in("/login", "/login", &wrong).await;
    assert!(page.status == 429 && page.body.contains("Too many wrong passwords"), "{}", page.body);
    let mut bert = stage.browser();
    bert.enter("bert", PASSWORD).await; // other accounts are not affected
    tokio::time::sleep(Duration::from_secs(8)).await;
    assert_eq!(thief.fill_in("/login", "/login", &wrong).await.status, 422, "after the lock");
    let right = [("name", "anna"), ("password", PASSWORD)];
    assert_eq!(thief.fill_in("/login", "/login", &right).await.status, 303);
}

#[tokio::test]
async fn a_family_that_is_switched_off_is_neither_updated_nor_lost() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    let token = browser.create_token(HOST).await;
    let host_page = format!("/hosts/{HOST}");
    stage.update(&token, "84.160.1.1,2003:e1::1").await;
    let switch = format!("{host_page}/family");
    let page = browser.fill_in(&host_page, &switch, &[("family", "ipv6"), ("active", "off")]).await;
    assert_eq!(page.status, 303);
    assert!(browser.get("/hosts").await.body.contains("AAAA: off"));
    assert_eq!(stage.update(&token, "84.160.1.2,2003:e1::2").await, "good 84.160.1.2");
    assert_eq!(stage.update(&token, "2003:e1::3").await, "fatal");
    assert_eq!(stage.sandbox.state().await.unwrap().hosts[0].published.to_string(), "84.160.1.2,2003:e1::1");
    browser.fill_in(&host_page, &switch, &[("family", "ipv6"), ("active", "on")]).await;
    assert_eq!(stage.update(&token, "2003:e1::3").await, "good 2003:e1::3");
    let nonsense = browser.fill_in(&host_page, &switch, &[("family", "ipv5"), ("active", "on")]).await;
    assert_eq!(nonsense.status, 404);
}

#[tokio::test]
async fn a_reseller_account_needs_used_tokens_and_then_accepts_nothing_else() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    let by_account = format!("hostname={HOST}&myip=84.160.1.9");
    assert_eq!(stage.update_as("anna", PASSWORD, &by_account).await, "good 84.160.1.9");
    let refused = browser.fill_in("/account", "/account/link", &[]).await;
    assert!(refused.status == 422 && refused.body.contains("Not yet"), "no token");
    let token = browser.create_token(HOST).await;
    assert_eq!(
        browser.fill_in("/account", "/account/link", &[CONFIRMED]).await.status,
        422,
        "token not used"
    );
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
    assert!(browser.fill_in("/account", "/account/link", &[]).await.asks(), "it can't be undone");
    assert_eq!(stage.update_as("anna", PASSWORD, &by_account).await, "good 84.160.1.9", "not yet");
    assert_eq!(browser.fill_in("/account", "/account/link", &[CONFIRMED]).await.status, 303);
    assert!(browser.get("/account").await.body.contains("id=\"linked\""));
    assert_eq!(stage.update_as("anna", PASSWORD, &by_account).await, "badauth");
    assert_eq!(stage.update(&token, "84.160.1.2").await, "good 84.160.1.2");
    let forged = browser.post_raw("/account/link", &[]).await;
    assert_eq!(forged.status, 403);
}

#[tokio::test]
async fn the_token_page_has_a_copy_button_from_our_own_script_only() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    let host_page = format!("/hosts/{HOST}");
    let page = browser.fill_in(&host_page, &format!("{host_page}/token"), &[]).await;
    assert!(page.body.contains("id=\"copy\"") && page.body.contains("hidden>Copy</button>"));
    assert!(page.token().is_some(), "the token is shown without the script too");
    let script = stage.get("/copy.js").send().await.unwrap();
    let policy = script.headers().get("content-security-policy").unwrap().to_str().unwrap().to_owned();
    assert!(policy.contains("script-src 'self';") && !policy.contains("unsafe"));
    assert!(script.text().await.unwrap().contains("clipboard"));
}
