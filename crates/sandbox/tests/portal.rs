//! Tests of the portal: accounts, hosts, tokens, and attempts to get around them.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use dyntray_sandbox::TokenState;
use harness::{CONFIRMED, HOST, Stage, contains, database_bytes, encoded};

const PASSWORD: &str = "correct horse";

#[tokio::test]
async fn the_portal_leads_from_nothing_to_a_working_token() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    assert!(browser.get("/hosts").await.body.contains("token-none"));
    let token = browser.create_token(HOST).await;
    assert!(browser.get("/hosts").await.body.contains("made but unused"));
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
    assert!(browser.get("/hosts").await.body.contains("token-used"));
    let page = browser.get(&format!("/hosts/{HOST}")).await.body;
    assert!(
        page.contains("84.160.1.1")
            && page.contains("<code class=\"code\">good</code>")
            && page.contains("+ Create Token")
    );
    assert_eq!(
        stage.update_as("anna", PASSWORD, &format!("hostname={HOST}&myip=84.160.1.2")).await,
        "good 84.160.1.2"
    );
}

#[tokio::test]
async fn the_token_is_shown_once_and_stored_nowhere_in_plain_text() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    let token = browser.create_token(HOST).await;
    stage.update(&token, "84.160.1.1").await;
    stage.text(&format!("/nic/update?hostname={HOST}&myip=84.160.1.2&user={HOST}&pass={token}")).await;
    for path in ["/hosts", &format!("/hosts/{HOST}")] {
        assert!(!browser.get(path).await.body.contains(&token));
    }
    assert!(!stage.text("/control/state").await.contains(&token));
    let bytes = database_bytes(stage.dir.path());
    assert!(contains(&bytes, HOST), "the search reads the right files");
    assert!(!contains(&bytes, &token) && !contains(&bytes, PASSWORD));
    let cookie = browser.cookie.clone().unwrap();
    assert!(!contains(&bytes, cookie.split_once('=').unwrap().1));
}

#[tokio::test]
async fn a_new_token_replaces_the_old_and_a_removed_one_is_gone() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    let old = browser.create_token(HOST).await;
    let new = browser.create_token(HOST).await;
    assert_ne!(old, new);
    assert_eq!(stage.update(&old, "84.160.1.1").await, "badauth");
    assert_eq!(stage.update(&new, "84.160.1.1").await, "good 84.160.1.1");
    let host_page = format!("/hosts/{HOST}");
    assert_eq!(
        browser.fill_in(&host_page, &format!("{host_page}/token/remove"), &[CONFIRMED]).await.status,
        303
    );
    assert_eq!(stage.update(&new, "84.160.1.2").await, "badauth");
    assert_eq!(stage.sandbox.state().await.unwrap().hosts[0].token, TokenState::None);
}

#[tokio::test]
async fn a_token_never_logs_in() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    let token = browser.create_token(HOST).await;
    for name in [HOST, "anna", &token] {
        let mut thief = stage.browser();
        let page = thief.fill_in("/login", "/login", &[("name", name), ("password", &token)]).await;
        assert_eq!(page.status, 422);
        assert!(page.body.contains("User or password is wrong."));
        assert_eq!(thief.get("/hosts").await.location.as_deref(), Some("/login"));
    }
}

#[tokio::test]
async fn tokens_for_all_hosts_without_one_are_downloaded_as_a_file() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    for name in ["a.spdns.de", "b.spdns.de", HOST] {
        browser.add_host(name).await;
    }
    let kept = browser.create_token(HOST).await;
    let csv = browser.fill_in("/hosts", "/hosts/tokens", &[]).await.body;
    let rows: Vec<_> = csv.lines().skip(1).map(|row| row.split_once(';').unwrap()).collect();
    assert_eq!(rows.iter().map(|(name, _)| *name).collect::<Vec<_>>(), ["a.spdns.de", "b.spdns.de"]);
    for (name, token) in rows {
        let query = format!("hostname={name}&myip=84.160.1.1");
        assert_eq!(stage.update_as(name, token, &query).await, "good 84.160.1.1");
    }
    assert_eq!(stage.update(&kept, "84.160.1.1").await, "good 84.160.1.1");
}

#[tokio::test]
async fn hosts_are_switched_off_and_on_and_deleted() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    let token = browser.create_token(HOST).await;
    let host_page = format!("/hosts/{HOST}");
    browser.fill_in(&host_page, &format!("{host_page}/active"), &[("active", "off")]).await;
    assert_eq!(stage.update(&token, "84.160.1.1").await, "fatal");
    assert!(browser.get("/hosts").await.body.contains("inactive"));
    browser.fill_in(&host_page, &format!("{host_page}/active"), &[("active", "on")]).await;
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
    browser.delete_host(HOST).await;
    assert_eq!(browser.get(&host_page).await.status, 404);
    assert_eq!(stage.update(&token, "84.160.1.2").await, "badauth");
}

#[tokio::test]
async fn another_account_neither_sees_nor_changes_a_host() {
    let stage = Stage::new().await;
    let (mut anna, mut bert) = (stage.browser(), stage.browser());
    anna.enter("anna", PASSWORD).await;
    anna.add_host(HOST).await;
    let token = anna.create_token(HOST).await;
    bert.enter("bert", PASSWORD).await;
    assert!(!bert.get("/hosts").await.body.contains(&format!("/hosts/{HOST}")));
    assert_eq!(bert.get(&format!("/hosts/{HOST}")).await.status, 404);
    for form in ["token", "token/remove", "active", "delete"] {
        assert_eq!(bert.fill_in("/hosts", &format!("/hosts/{HOST}/{form}"), &[]).await.status, 404);
    }
    assert_eq!(bert.fill_in("/hosts", "/hosts", &[("name", HOST)]).await.status, 422);
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
}

#[tokio::test]
async fn a_form_without_its_csrf_token_is_refused() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let fields = [("name", "anna"), ("password", PASSWORD)];
    for form in ["/register", "/login", "/logout", "/hosts", "/hosts/tokens", "/line/reconnect", "/line/mode"]
    {
        assert_eq!(browser.post_raw(form, &fields).await.status, 403, "{form}");
    }
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    let host_page = format!("/hosts/{HOST}");
    for form in ["token", "token/remove", "active", "delete"] {
        assert_eq!(
            browser.post_raw(&format!("{host_page}/{form}"), &[("csrf", "guessed")]).await.status,
            403
        );
    }
    assert_eq!(browser.get(&host_page).await.status, 200);
}

#[tokio::test]
async fn the_cookie_is_hidden_from_scripts_and_changes_at_log_in_and_log_out() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let page = browser.get("/login").await;
    let set = page.set_cookie.unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Strict"));
    let before = browser.cookie.clone();
    browser.enter("anna", PASSWORD).await;
    let logged_in = browser.cookie.clone();
    assert_ne!(before, logged_in);
    assert_eq!(browser.fill_in("/hosts", "/logout", &[]).await.status, 303);
    assert_eq!(browser.get("/hosts").await.status, 303);
    browser.cookie = logged_in;
    assert_eq!(browser.get("/hosts").await.status, 303, "the old cookie no longer opens anything");
}

#[tokio::test]
async fn an_account_needs_a_name_of_its_own_and_a_password() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    for (name, password) in [("", PASSWORD), ("bert", "short"), ("Anna", PASSWORD), ("a\u{7}b", PASSWORD)] {
        let page = browser.fill_in("/register", "/register", &[("name", name), ("password", password)]).await;
        assert_eq!(page.status, 422, "{name}");
        assert!(page.body.contains("role=\"alert\""));
    }
}

#[tokio::test]
async fn every_page_says_that_it_is_a_sandbox_in_the_browsers_language() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", PASSWORD).await;
    browser.add_host(HOST).await;
    let host_page = format!("/hosts/{HOST}");
    for path in ["/login", "/register", "/hosts", &host_page, "/line", "/nowhere"] {
        for (language, tag) in
            [("en", "lang=\"en\""), ("de-DE,de;q=0.9,en;q=0.5", "lang=\"de\""), ("fr", "lang=\"en\"")]
        {
            browser.language = language;
            let body = browser.get(path).await.body;
            assert!(body.to_lowercase().contains("sandbox") && body.contains(tag), "{path} {language}");
        }
    }
    browser.language = "de";
    let page = browser.fill_in(&host_page, &format!("{host_page}/token"), &[]).await;
    assert!(page.body.contains("Sandbox") && page.body.contains("Bitte das Token jetzt kopieren"));
}

#[tokio::test]
async fn sql_and_html_in_any_field_stay_text() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    let nasty = "x'\"); DROP TABLE hosts;-- <script>alert(1)</script>{{7*7}}";
    browser.enter(nasty, nasty).await;
    let page = browser.get("/hosts").await;
    assert!(!page.body.contains("<script>") && page.body.contains("DROP TABLE"));
    assert_eq!(browser.fill_in("/hosts", "/hosts", &[("name", nasty)]).await.status, 422);
    assert_eq!(browser.fill_in("/hosts", "/hosts", &[("name", HOST), ("records", nasty)]).await.status, 422);
    browser.add_host(HOST).await;
    let token = browser.create_token(HOST).await;
    let odd = encoded(nasty);
    assert_eq!(browser.get(&format!("/hosts/{odd}")).await.status, 404);
    for query in [
        format!("hostname={odd}&myip={odd}"),
        format!("hostname={HOST}&myip={odd}"),
        format!("hostname={HOST}&myip=84.160.1.1&user={odd}&pass={odd}"),
    ] {
        let request =
            stage.client.get(stage.url(&format!("/nic/update?{query}"))).header("user-agent", nasty);
        request.send().await.unwrap();
    }
    stage.update_as(nasty, nasty, &format!("hostname={HOST}&myip=84.160.1.9")).await;
    let body = browser.get(&format!("/hosts/{HOST}")).await.body;
    assert!(!body.contains("<script>") && body.contains("DROP TABLE"));
    let wrong =
        stage.browser().fill_in("/login", "/login", &[("name", nasty), ("password", "wrong password")]).await;
    assert!(wrong.status == 422 && !wrong.body.contains("<script>"));
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
}
