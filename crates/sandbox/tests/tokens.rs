//! Tests of the Token column: its kinds of tokens, the questions before something is lost, moving and combining hosts,
//! and those who may only look.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use dyntray_sandbox::TokenState;
use harness::{Browser, CONFIRMED, HOST, STRANGER, Stage};

const PASSWORD: &str = "correct horse";

async fn anna(stage: &Stage) -> Browser {
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    browser
}

#[tokio::test]
async fn the_list_and_the_hosts_page_have_a_token_column_with_a_drop_down() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    for path in ["/hosts", &format!("/hosts/{HOST}")] {
        let page = browser.get(path).await.body;
        for part in [
            ">Token</th>",
            "<option value=\"none\" selected>no token</option>",
            ">Update Token</option>",
            ">Move Token</option>",
            ">ACME Token</option>",
            ">+ Create Token</button>",
        ] {
            assert!(page.contains(part), "{path}: {part}");
        }
    }
    browser.create_token(HOST).await;
    assert!(browser.get("/hosts").await.body.contains("<option value=\"update\" selected>"));
    let legend = browser.get("/symbols").await.body;
    for meaning in ["Token used", "Token made but unused", "Host active", "Host inactive", "Company access"] {
        assert!(legend.contains(meaning), "{meaning}");
    }
}

#[tokio::test]
async fn the_tokens_page_says_what_to_enter_and_a_reload_that_it_was_shown_once() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    let form = browser.get("/hosts").await;
    let path = format!("/hosts/{HOST}/token");
    let fields = [("csrf", &*form.csrf()), ("replaces", &*form.replaces()), ("kind", "update")];
    let page = browser.post_raw(&path, &fields).await;
    let token = page.token().unwrap();
    for part in [
        "User name = host name",
        &format!("<dt>User</dt><dd><code>{HOST}</code>"),
        &stage.sandbox.authority(),
        "update.spdyn.de",
        "exactly once",
        "id=\"copy\"",
    ] {
        assert!(page.body.contains(part), "{part}");
    }
    let reloaded = browser.post_raw(&path, &fields).await;
    assert!(reloaded.status == 200 && reloaded.token().is_none(), "{}", reloaded.body);
    assert!(
        reloaded.body.contains("shown once")
            && reloaded.body.contains("hash")
            && reloaded.body.contains("make a new one")
    );
    assert!(browser.get(&path).await.body.contains("shown once"), "opened by its address");
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1", "the reload made no other token");
}

#[tokio::test]
async fn replacing_a_used_token_removing_one_and_deleting_a_host_ask_first() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    let unused = browser.choose_token(HOST, "update").await.token().unwrap();
    let token = browser.choose_token(HOST, "update").await.token().unwrap();
    assert_ne!(unused, token, "an unused one is replaced without a question");
    stage.update(&token, "84.160.1.1").await;
    let page = format!("/hosts/{HOST}");
    assert!(browser.choose_token(HOST, "update").await.asks());
    assert!(browser.choose_token(HOST, "none").await.asks());
    assert!(browser.fill_in(&page, &format!("{page}/token/remove"), &[]).await.asks());
    assert!(browser.fill_in(&page, &format!("{page}/delete"), &[]).await.asks());
    assert_eq!(stage.update(&token, "84.160.1.2").await, "good 84.160.1.2", "nothing has happened yet");
    let question = browser.choose_token(HOST, "update").await;
    let fields =
        [("csrf", &*question.csrf()), ("replaces", &*question.replaces()), ("kind", "update"), CONFIRMED];
    let new = browser.post_raw(&format!("{page}/token"), &fields).await.token().unwrap();
    assert_eq!(stage.update(&token, "84.160.1.3").await, "badauth");
    assert_eq!(stage.update(&new, "84.160.1.3").await, "good 84.160.1.3");
    browser.fill_in(&page, &format!("{page}/token"), &[("kind", "none"), CONFIRMED]).await;
    assert_eq!(stage.sandbox.state().await.unwrap().hosts[0].token, TokenState::None);
}

#[tokio::test]
async fn move_and_acme_tokens_are_no_logins_and_a_second_move_token_voids_the_first() {
    let stage = Stage::new().await;
    let mut browser = anna(&stage).await;
    let update = browser.create_token(HOST).await;
    let acme = browser.choose_token(HOST, "acme").await.token().unwrap();
    let first = browser.choose_token(HOST, "move").await.token().unwrap();
    let (number, letters) = first.split_once('-').unwrap();
    assert!(number.len() == 7 && number.bytes().all(|byte| byte.is_ascii_digit()), "{first}");
    for secret in [&acme, &first, letters] {
        assert_eq!(stage.update(secret, "84.160.1.1").await, "badauth");
    }
    assert_eq!(stage.update(&update, "84.160.1.1").await, "good 84.160.1.1", "the others leave it alone");
    let page = browser.get(&format!("/hosts/{HOST}")).await.body;
    assert!(page.contains("move token made") && page.contains("ACME token made"));
    assert!(browser.choose_token(HOST, "acme").await.asks());
    assert!(browser.choose_token(HOST, "move").await.asks());
    let path = format!("/hosts/{HOST}");
    let fields = [("kind", "move"), CONFIRMED];
    let second = browser.fill_in(&path, &format!("{path}/token"), &fields).await.token().unwrap();
    let mut bert = stage.browser();
    bert.enter("bert", PASSWORD).await;
    for wrong in [&*first, &*update, &*acme, letters, "", "1000001", "9999999-abcd-efgh-ijkl"] {
        let page = bert.fill_in("/hosts", "/hosts/take", &[("token", wrong)]).await;
        assert!(page.status == 422 && page.body.contains("no valid move token"), "{wrong}");
    }
    assert_eq!(
        browser.fill_in("/hosts", "/hosts/take", &[("token", &second)]).await.status,
        422,
        "one's own"
    );
    assert_eq!(bert.fill_in("/hosts", "/hosts/take", &[("token", &format!(" {second} "))]).await.status, 303);
    let page = bert.get(&path).await;
    assert!(page.status == 200 && !page.body.contains(harness::AGENT), "the log is its owner's of then");
    assert_eq!(browser.get(&path).await.status, 404);
    assert_eq!(stage.update(&update, "84.160.1.2").await, "badauth", "its tokens are void");
    let new = bert.create_token(HOST).await;
    assert_eq!(stage.update(&new, "84.160.1.2").await, "good 84.160.1.2");
    assert_eq!(browser.fill_in("/hosts", "/hosts/take", &[("token", &second)]).await.status, 422, "used up");
}

#[tokio::test]
async fn guesses_at_move_tokens_are_stopped() {
    let stage = Stage::new().await;
    let mut thief = stage.browser_from(STRANGER);
    thief.enter("thief", PASSWORD).await;
    for at in 0..11 {
        let page = thief.fill_in("/hosts", "/hosts/take", &[("token", "1000001-aaaa-bbbb-cccc")]).await;
        assert_eq!(page.status, if at < 10 { 422 } else { 429 });
    }
}

#[tokio::test]
async fn an_a_and_an_aaaa_host_are_combined_and_the_other_token_is_refused() {
    for keep in ["a", "aaaa"] {
        let stage = Stage::new().await;
        let mut browser = stage.browser();
        browser.enter("old", PASSWORD).await;
        for records in ["a", "aaaa"] {
            browser.fill_in("/hosts", "/hosts", &[("name", HOST), ("records", records)]).await;
        }
        let (a, aaaa) = (format!("{HOST}~a"), format!("{HOST}~aaaa"));
        let tokens = [browser.create_token(&a).await, browser.create_token(&aaaa).await];
        stage.update(&tokens[0], "84.160.1.1").await;
        stage.update(&tokens[1], "2003:e1::1").await;
        let page = format!("/hosts/{a}");
        assert!(browser.get(&page).await.body.contains("Combine A and AAAA"));
        let form = format!("{page}/combine");
        for nonsense in ["", "both", "x"] {
            assert_eq!(browser.fill_in(&page, &form, &[("keep", nonsense)]).await.status, 404);
        }
        let combined = browser.fill_in(&page, &form, &[("keep", keep)]).await;
        assert_eq!((combined.status, combined.location.as_deref()), (303, Some(&*format!("/hosts/{HOST}"))));
        let (kept, void) = if keep == "a" { (&tokens[0], &tokens[1]) } else { (&tokens[1], &tokens[0]) };
        assert_eq!(stage.update(void, "84.160.1.2,2003:e1::2").await, "badauth");
        let hosts = stage.sandbox.state().await.unwrap().hosts;
        assert_eq!((hosts.len(), hosts[0].published.to_string().as_str()), (1, "84.160.1.1,2003:e1::1"));
        assert_eq!(stage.update(kept, "84.160.1.2,2003:e1::2").await, "good 84.160.1.2,2003:e1::2");
        let page = browser.get(&format!("/hosts/{HOST}")).await.body;
        assert!(!page.contains("Combine A and AAAA"));
        assert!(page.contains("84.160.1.1") && page.contains("2003:e1::1"), "both logs are kept");
        assert_eq!(browser.fill_in("/hosts", &form, &[("keep", "a")]).await.status, 404, "there is no pair");
    }
}

/// An account that is linked to a reseller account, with a host and its token.
async fn linked(stage: &Stage) -> (Browser, String) {
    let mut browser = anna(stage).await;
    let token = browser.create_token(HOST).await;
    stage.update(&token, "84.160.1.1").await;
    browser.fill_in("/account", "/account/link", &[CONFIRMED]).await;
    (browser, token)
}

#[tokio::test]
async fn a_linked_account_logs_in_by_the_reseller_button_only() {
    let stage = Stage::new().await;
    let (_anna, token) = linked(&stage).await;
    stage.browser().enter("bert", PASSWORD).await;
    let log_in = async |form: &str, name: &str| {
        stage.browser().fill_in("/login", form, &[("name", name), ("password", PASSWORD)]).await
    };
    assert!(log_in("/login", "anna").await.body.contains("Please use “Login with Reseller Account”"));
    assert_eq!(log_in("/login/reseller", "anna").await.status, 303);
    assert!(log_in("/login/reseller", "bert").await.body.contains("not linked"));
    let wrong = [("name", "anna"), ("password", "wrong horse")];
    let page = stage.browser().fill_in("/login", "/login", &wrong).await;
    assert!(!page.body.contains("linked"), "only who has the password learns of it");
    let by_account = stage.update_as("anna", PASSWORD, &format!("hostname={HOST}&myip=84.160.1.9")).await;
    assert_eq!(by_account, "badauth");
    assert_eq!(stage.update(&token, "84.160.1.2").await, "good 84.160.1.2");
}

#[tokio::test]
async fn a_viewer_sees_the_hosts_and_changes_nothing() {
    let stage = Stage::new().await;
    let (mut anna, _token) = linked(&stage).await;
    let viewer = [("name", "Vera"), ("password", PASSWORD)];
    assert_eq!(anna.fill_in("/account", "/account/viewers", &viewer).await.status, 303);
    let mut vera = stage.browser();
    assert_eq!(vera.fill_in("/login", "/login/reseller", &viewer).await.status, 303);
    let page = format!("/hosts/{HOST}");
    let log = vera.get(&page).await.body;
    assert!(vera.get("/hosts").await.body.contains(HOST) && log.contains(harness::AGENT));
    for path in ["/hosts", &page, "/account", "/symbols"] {
        let body = vera.get(path).await.body;
        assert!(
            !body.contains("+ Create Token") && !body.contains("/delete\"") && body.contains("(Viewer)"),
            "{path}"
        );
    }
    for form in ["token", "token/remove", "active", "family", "delete", "combine"] {
        let fields = [CONFIRMED, ("keep", "a"), ("family", "ipv4"), ("kind", "update")];
        assert_eq!(vera.fill_in("/hosts", &format!("{page}/{form}"), &fields).await.status, 403, "{form}");
    }
    for form in [
        "/hosts",
        "/hosts/tokens",
        "/hosts/take",
        "/account/link",
        "/account/viewers",
        "/account/viewers/remove",
    ] {
        assert_eq!(
            vera.fill_in("/hosts", form, &[CONFIRMED, ("name", "x.spdns.de")]).await.status,
            403,
            "{form}"
        );
    }
    assert_eq!(
        stage.update_as("vera", PASSWORD, &format!("hostname={HOST}&myip=84.160.1.9")).await,
        "badauth"
    );
    assert_eq!(anna.fill_in("/account", "/account/viewers/remove", &[("name", "vera")]).await.status, 303);
    assert_eq!(vera.get("/hosts").await.status, 303, "out at once");
    let mut bert = stage.browser();
    bert.enter("bert", PASSWORD).await;
    assert_eq!(bert.fill_in("/account", "/account/viewers", &viewer).await.status, 404, "not linked");
}

#[tokio::test]
async fn a_database_of_another_version_is_refused_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let db = rusqlite::Connection::open(dir.path().join("sandbox.db")).unwrap();
    db.execute_batch("CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT)").unwrap();
    drop(db);
    let refused = dyntray_sandbox::start(dyntray_sandbox::Options::new(dir.path())).await;
    let text = refused.err().map(|error| error.to_string()).unwrap_or_default();
    assert!(text.contains("sandbox.db") && text.contains("another version"), "{text}");
}
