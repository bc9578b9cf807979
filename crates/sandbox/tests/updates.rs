//! Tests of the update endpoint: every return code and the rules around it.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::time::Duration;

use dyntray_sandbox::LockThreshold;
use harness::{HOST, Stage};

const V4: &str = "84.160.12.7";
const V6: &str = "2003:e1::7";

#[tokio::test]
async fn an_update_with_the_token_answers_good_with_the_addresses_and_publishes_them() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    assert_eq!(stage.update(&token, V4).await, format!("good {V4}"));
    assert_eq!(stage.update(&token, &format!("84.160.12.8,{V6}")).await, format!("good 84.160.12.8,{V6}"));
    let after = stage.sandbox.state().await.unwrap();
    assert_eq!(after.hosts[0].published.to_string(), format!("84.160.12.8,{V6}"));
    assert!(after.hosts[0].updated_at.is_some());
}

#[tokio::test]
async fn a_family_that_is_not_named_keeps_its_record() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.update(&token, &format!("{V4},{V6}")).await;
    stage.update(&token, "84.160.12.8").await;
    let published = stage.sandbox.state().await.unwrap().hosts[0].published;
    assert_eq!(published.to_string(), format!("84.160.12.8,{V6}"));
}

#[tokio::test]
async fn the_same_address_again_is_nochg_and_too_much_of_it_is_abuse_until_cleared() {
    let threshold = LockThreshold { count: 3, window: Duration::from_mins(1) };
    let stage = Stage::with(|options| options.nochg_threshold = threshold).await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    assert_eq!(stage.update(&token, V4).await, format!("good {V4}"));
    for _ in 0..3 {
        assert_eq!(stage.update(&token, V4).await, format!("nochg {V4}"));
    }
    assert_eq!(stage.update(&token, "84.160.12.9").await, "abuse");
    assert_eq!(stage.sandbox.state().await.unwrap().locks[0].subject, format!("host:{HOST}"));
    assert_eq!(stage.control("/control/clear", serde_json::json!({})).await.status(), 204);
    assert_eq!(stage.update(&token, "84.160.12.9").await, "good 84.160.12.9");
}

#[tokio::test]
async fn a_lock_ends_by_itself() {
    let stage = Stage::with(|options| {
        options.nochg_threshold = LockThreshold { count: 1, window: Duration::from_mins(1) };
        options.lock_duration = Duration::from_secs(5);
    })
    .await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.update(&token, V4).await;
    assert_eq!(stage.update(&token, V4).await, format!("nochg {V4}"));
    assert_eq!(stage.update(&token, "84.160.12.9").await, "abuse");
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(stage.update(&token, "84.160.12.9").await, "good 84.160.12.9");
}

#[tokio::test]
async fn a_wrong_token_is_badauth_and_after_five_of_them_abuse_until_the_right_one_comes() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    for _ in 0..5 {
        assert_eq!(stage.update("aaaa-bbbb-cccc", V4).await, "badauth");
    }
    assert_eq!(stage.update("aaaa-bbbb-cccc", V4).await, "abuse");
    assert_eq!(stage.sandbox.state().await.unwrap().locks[0].subject, format!("user:{HOST} from 127.0.0.1"));
    assert_eq!(stage.update(&token, V4).await, format!("good {V4}"));
    assert!(stage.sandbox.state().await.unwrap().locks.is_empty());
}

#[tokio::test]
async fn no_login_at_all_is_badauth_with_a_challenge() {
    let stage = Stage::new().await;
    let response = stage.get(&format!("/nic/update?hostname={HOST}&myip={V4}")).send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers().contains_key("www-authenticate"));
    assert_eq!(response.text().await.unwrap(), "badauth");
}

#[tokio::test]
async fn a_token_never_updates_another_host_nor_a_list() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.sandbox.make_token("other.spdns.de").await.unwrap();
    let query = format!("hostname=other.spdns.de&myip={V4}");
    assert_eq!(stage.update_as(HOST, &token, &query).await, "!yours");
    assert_eq!(stage.update_as("other.spdns.de", &token, &query).await, "badauth");
    let list = format!("hostname={HOST},other.spdns.de&myip={V4}");
    assert_eq!(stage.update_as(HOST, &token, &list).await, "!yours\n!yours");
    let after = stage.sandbox.state().await.unwrap();
    assert!(after.hosts.iter().all(|host| host.published.is_empty()));
}

#[tokio::test]
async fn malformed_unknown_and_inactive_host_names_are_told_apart() {
    let stage = Stage::new().await;
    let (mut browser, token) = stage.owner().await;
    let ask = |name: &'static str| format!("hostname={name}&myip={V4}");
    assert_eq!(stage.update_as(HOST, &token, &ask("home")).await, "notfqdn");
    assert_eq!(stage.update_as(HOST, &token, &ask("")).await, "notfqdn");
    assert_eq!(stage.update_as(HOST, &token, &format!("myip={V4}")).await, "notfqdn");
    assert_eq!(stage.update_as(HOST, &token, &ask("gone.spdns.de")).await, "nohost");
    browser.set_active(HOST, false).await;
    assert_eq!(stage.update(&token, V4).await, "fatal");
    browser.set_active(HOST, true).await;
    assert_eq!(stage.update(&token, V4).await, format!("good {V4}"));
}

#[tokio::test]
async fn an_account_updates_a_list_with_one_line_for_each_host_and_twenty_at_most() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("anna", "correct horse").await;
    browser.add_host("a.spdns.de").await;
    browser.add_host("b.spdns.de").await;
    stage.sandbox.make_token("foreign.spdns.de").await.unwrap();
    let list = format!("hostname=a.spdns.de,b.spdns.de,c.spdns.de,foreign.spdns.de,d&myip={V4}");
    let answer = stage.update_as("anna", "correct horse", &list).await;
    assert_eq!(answer, format!("good {V4}\ngood {V4}\nnohost\n!yours\nnotfqdn"));
    let many = |n: usize| vec!["a.spdns.de"; n].join(",");
    let answer = stage.update_as("anna", "correct horse", &format!("hostname={}&myip={V4}", many(21))).await;
    assert_eq!(answer, "numhost");
    let answer =
        stage.update_as("anna", "correct horse", &format!("hostname={}&myip=84.160.1.1", many(20))).await;
    assert_eq!(answer.lines().count(), 20);
    assert_eq!(stage.sandbox.state().await.unwrap().updates, 3);
}

#[tokio::test]
async fn an_empty_user_agent_is_badagent() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let url = stage.url(&format!("/nic/update?hostname={HOST}&myip={V4}"));
    let bare = stage.client.get(&url).basic_auth(HOST, Some(&token)).send().await.unwrap();
    assert_eq!(bare.text().await.unwrap(), "badagent");
    let empty = stage.client.get(&url).basic_auth(HOST, Some(&token)).header("user-agent", "");
    assert_eq!(empty.send().await.unwrap().text().await.unwrap(), "badagent");
}

#[tokio::test]
async fn the_query_can_carry_the_login_but_the_header_wins() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let query =
        |pass: &str, myip: &str| format!("/nic/update?hostname={HOST}&myip={myip}&user={HOST}&pass={pass}");
    assert_eq!(stage.text(&query(&token, V4)).await, format!("good {V4}"));
    let wrong_header = stage.get(&query(&token, V4)).basic_auth(HOST, Some("aaaa-bbbb-cccc"));
    assert_eq!(wrong_header.send().await.unwrap().text().await.unwrap(), "badauth");
    let wrong_query = stage.get(&query("aaaa-bbbb-cccc", "84.160.12.8")).basic_auth(HOST, Some(&token));
    assert_eq!(wrong_query.send().await.unwrap().text().await.unwrap(), "good 84.160.12.8");
    let broken_header = stage.get(&query(&token, V4)).header("authorization", "Basic %%%");
    assert_eq!(broken_header.send().await.unwrap().text().await.unwrap(), "badauth");
}

#[tokio::test]
async fn an_empty_or_unreadable_myip_is_http_400() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    for myip in ["", "nonsense", "84.160.1.1,84.160.1.2", "84.160.1.1,"] {
        let request = stage.get(&format!("/nic/update?hostname={HOST}&myip={myip}"));
        let response = request.basic_auth(HOST, Some(&token)).send().await.unwrap();
        assert_eq!(response.status(), 400, "{myip}");
    }
    assert_eq!(stage.sandbox.state().await.unwrap().log[0].code, "400");
}

#[tokio::test]
async fn a_private_or_missing_address_is_replaced_by_that_of_the_wan() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let wan = stage.sandbox.state().await.unwrap().wan.public.ipv4.unwrap();
    let answer = stage.update(&token, &format!("192.168.178.20,{V6}")).await;
    assert_eq!(answer, format!("good {wan},{V6}"));
    let new = stage.sandbox.reconnect().await.unwrap().public.ipv4.unwrap();
    let answer = stage.update_as(HOST, &token, &format!("hostname={HOST}")).await;
    assert_eq!(answer, format!("good {new}"));
}

#[tokio::test]
async fn an_a_host_and_an_aaaa_host_of_one_name_have_a_token_each() {
    let stage = Stage::new().await;
    let mut browser = stage.browser();
    browser.enter("old", "old password").await;
    for records in ["a", "aaaa"] {
        let page = browser.fill_in("/hosts", "/hosts", &[("name", HOST), ("records", records)]).await;
        assert_eq!(page.status, 303);
    }
    let both = browser.fill_in("/hosts", "/hosts", &[("name", HOST), ("records", "both")]).await;
    assert_eq!(both.status, 422);
    let (a, aaaa) = (
        browser.create_token(&format!("{HOST}~a")).await,
        browser.create_token(&format!("{HOST}~aaaa")).await,
    );
    assert_eq!(stage.update(&a, V4).await, format!("good {V4}"));
    assert_eq!(stage.update(&aaaa, V6).await, format!("good {V6}"));
    assert_eq!(stage.update(&a, V6).await, "nohost");
}

#[tokio::test]
async fn every_request_is_logged_without_its_secret() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    stage.update(&token, V4).await;
    stage.update_as(&token, &token, &format!("hostname={token}.de&myip={V4}")).await;
    stage.update_as(&token, &token, &format!("hostname={HOST}&myip={V4}")).await;
    let after = stage.sandbox.state().await.unwrap();
    let codes: Vec<_> = after.log.iter().map(|entry| entry.code.as_str()).collect();
    assert_eq!(codes, ["good", "badauth", "badauth"]);
    assert_eq!(after.log[0].hostname, HOST);
    assert_eq!(after.log[0].myip.as_deref(), Some(V4));
    assert_eq!(after.log[0].user.as_deref(), Some(HOST));
    assert_eq!(after.log[0].user_agent, harness::AGENT);
    assert_eq!(after.log[2].user.as_deref(), Some("****-****-****"));
}
