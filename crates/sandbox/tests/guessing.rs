//! Tests of guessed tokens and passwords: guesses are slowed down, and nobody is locked out by a stranger's.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use harness::{Browser, HOST, STRANGER, Stage, client_at};

const PASSWORD: &str = "correct horse";
const WRONG: &str = "aaaa-bbbb-cccc";

#[tokio::test]
async fn a_stranger_with_wrong_tokens_locks_neither_the_host_nor_its_owner() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let query = format!("hostname={HOST}&myip=84.160.1.1");
    for _ in 0..5 {
        assert_eq!(stage.update_from(STRANGER, HOST, WRONG, &query).await, "badauth");
    }
    assert_eq!(stage.update_from(STRANGER, HOST, WRONG, &query).await, "abuse", "guesses are stopped");
    assert_eq!(stage.update(WRONG, "84.160.1.1").await, "badauth", "elsewhere, another count");
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");
    let right = format!("hostname={HOST}&myip=84.160.1.2");
    assert_eq!(
        stage.update_from(STRANGER, HOST, &token, &right).await,
        "good 84.160.1.2",
        "the right secret"
    );
}

#[tokio::test]
async fn wrong_log_ins_of_a_stranger_keep_no_owner_out() {
    let stage = Stage::new().await;
    stage.browser().enter("anna", PASSWORD).await;
    let log_in = async |browser: &mut Browser, password: &str| {
        browser.fill_in("/login", "/login", &[("name", "anna"), ("password", password)]).await.status
    };
    let mut thief = stage.browser_from(STRANGER);
    for _ in 0..10 {
        assert_eq!(log_in(&mut thief, "wrong horse").await, 422);
    }
    assert_eq!(log_in(&mut thief, "wrong horse").await, 429, "guesses are stopped");
    assert_eq!(log_in(&mut stage.browser(), PASSWORD).await, 303, "the owner elsewhere");
    assert_eq!(log_in(&mut stage.browser_from(STRANGER), PASSWORD).await, 303, "the owner right there");
}

#[tokio::test]
async fn other_spellings_of_a_name_count_as_the_same_name() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("Änna", PASSWORD).await;
    browser.add_host(HOST).await;
    let query = format!("hostname={HOST}&myip=84.160.1.1");
    for user in ["änna", "ÄNNA", " Änna", "änna\t", "\u{a0}Änna "] {
        assert_eq!(stage.update_from(STRANGER, user, WRONG, &query).await, "badauth", "{user:?}");
    }
    assert_eq!(stage.update_from(STRANGER, "  änna", WRONG, &query).await, "abuse");
    for user in [HOST, "HOME.spdns.DE", " home.spdns.de", "home.spdns.de ", "Home.spdns.de"] {
        assert_eq!(stage.update_as(user, WRONG, &query).await, "badauth", "{user:?}");
    }
    assert_eq!(stage.update_as("\tHOME.SPDNS.DE", WRONG, &query).await, "abuse");
    for (at, name) in ["änna", " Änna", "ÄNNA "].iter().cycle().take(10).enumerate() {
        let fields = [("name", *name), ("password", "wrong horse")];
        assert_eq!(stage.browser().fill_in("/login", "/login", &fields).await.status, 422, "{at}");
    }
    let fields = [("name", "Änna\u{2003}"), ("password", "wrong horse")];
    assert_eq!(stage.browser().fill_in("/login", "/login", &fields).await.status, 429);
    assert_eq!(
        stage.update_as(" ÄNNA ", PASSWORD, &query).await,
        "good 84.160.1.1",
        "one account in any spelling"
    );
    let again = [("name", "ÄNNA"), ("password", PASSWORD)];
    assert_eq!(stage.browser().fill_in("/register", "/register", &again).await.status, 422, "taken");
}

#[tokio::test]
async fn an_address_that_guesses_at_many_names_is_stopped() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let mut answers = Vec::new();
    for at in 0..40 {
        let query = format!("hostname=h{at}.spdns.de&myip=84.160.1.1");
        answers.push(stage.update_from(STRANGER, &format!("h{at}.spdns.de"), WRONG, &query).await);
    }
    assert_eq!(answers.iter().filter(|answer| *answer == "badauth").count(), 30, "{answers:?}");
    assert!(answers[30..].iter().all(|answer| answer == "abuse"), "{answers:?}");
    assert_eq!(stage.update(&token, "84.160.1.1").await, "good 84.160.1.1");

    let (mut refused, mut stopped) = (0, 0);
    let mut thief = stage.browser_from(STRANGER);
    for at in 0..40 {
        let fields = [("name", &*format!("name{at}")), ("password", "wrong horse")];
        match thief.fill_in("/login", "/login", &fields).await.status {
            422 => refused += 1,
            429 => stopped += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((refused, stopped), (30, 10));

    let (mut made, mut stopped) = (0, 0);
    for at in 0..40 {
        let fields = [("name", &*format!("name{at}")), ("password", PASSWORD)];
        match thief.fill_in("/register", "/register", &fields).await.status {
            303 => made += 1,
            429 => stopped += 1,
            other => panic!("{other}"),
        }
    }
    assert_eq!((made, stopped), (30, 10));
    stage.browser().enter("anna", PASSWORD).await;
    assert!(client_at(STRANGER).get(stage.url("/checkip4")).send().await.unwrap().status().is_success());
}
