//! Tests of the update log: whose it is, what it keeps, and what it never shows.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use harness::{HOST, STRANGER, Stage, contains, database_bytes};

const PASSWORD: &str = "correct horse";

#[tokio::test]
async fn a_deleted_hosts_log_goes_with_it_and_the_next_owner_sees_nothing_of_it() {
    let stage = Stage::new().await;
    let (mut anna, mut bert) = (stage.browser(), stage.browser());
    anna.enter("anna", PASSWORD).await;
    anna.add_host(HOST).await;
    let token = anna.create_token(HOST).await;
    assert_eq!(stage.update(&token, "84.160.7.7").await, "good 84.160.7.7");
    anna.delete_host(HOST).await;
    assert!(stage.sandbox.state().await.unwrap().log.is_empty(), "it went along");
    bert.enter("bert", PASSWORD).await;
    bert.add_host(HOST).await;
    let page = bert.get(&format!("/hosts/{HOST}")).await.body;
    assert!(!page.contains("84.160.7.7") && !page.contains(harness::AGENT), "{page}");
}

#[tokio::test]
async fn requests_without_the_right_login_push_nothing_of_the_owners_out() {
    let stage = Stage::new().await;
    let mut anna = stage.browser();
    anna.enter("anna", PASSWORD).await;
    anna.add_host(HOST).await;
    let token = anna.create_token(HOST).await;
    assert_eq!(stage.update(&token, "84.160.7.7").await, "good 84.160.7.7");
    for at in 0..120 {
        let query = format!("/nic/update?hostname={HOST}&myip=84.160.1.{at}");
        stage.get(&query).send().await.unwrap();
    }
    for _ in 0..4 {
        stage
            .update_from(STRANGER, HOST, "aaaa-bbbb-cccc", &format!("hostname={HOST}&myip=84.160.1.1"))
            .await;
    }
    let page = anna.get(&format!("/hosts/{HOST}")).await.body;
    assert!(page.contains("84.160.7.7"), "the owner's line stays");
    assert!(page.matches("badauth").count() <= 20, "strangers have a small share of the page");
    assert!(page.contains("badauth"), "yet the owner sees that somebody is refused");
}

#[tokio::test]
async fn the_shape_of_a_token_is_masked_wherever_it_stands() {
    let stage = Stage::new().await;
    let token = stage.sandbox.make_token("burg-wald-haus.spdns.de").await.unwrap();
    let capitals = token.to_uppercase();
    let moved = format!("1234567-{token}");
    for text in [&token, &capitals, &moved] {
        let agent = format!("my client/1 ({text})");
        for query in [
            format!("hostname={text}.de&myip=84.160.1.1"),
            format!("hostname={text}&myip={text}"),
            format!("hostname=x.spdns.de,{text}&myip=84.160.1.1"),
            format!("hostname={HOST}&myip=84.160.1.1,{text}&user={text}&pass=x"),
        ] {
            let request = stage.get(&format!("/nic/update?{query}")).header("user-agent", &agent);
            request.basic_auth(format!("{text}x"), Some("x")).send().await.unwrap();
            let request =
                stage.client.get(stage.url(&format!("/nic/update?{query}"))).header("user-agent", &agent);
            request.send().await.unwrap();
        }
    }
    let told = stage.text("/control/state").await.to_lowercase();
    assert!(!told.contains(&token) && told.contains("****-****-****"), "{told}");
    let bytes = database_bytes(stage.dir.path());
    assert!(!contains(&bytes, &token) && !contains(&bytes, &capitals));
    let query = "hostname=burg-wald-haus.spdns.de&myip=84.160.1.1";
    assert_eq!(stage.update_as("burg-wald-haus.spdns.de", &token, query).await, "good 84.160.1.1");
    let log = stage.sandbox.state().await.unwrap().log;
    assert_eq!(log.last().unwrap().hostname, "burg-wald-haus.spdns.de", "a host's own name is no secret");
}

#[cfg(unix)]
#[tokio::test]
async fn the_database_is_for_its_owner_only() {
    use std::os::unix::fs::PermissionsExt as _;

    let stage = Stage::new().await;
    stage.sandbox.make_token(HOST).await.unwrap();
    let files = || std::fs::read_dir(stage.dir.path()).unwrap().map(|entry| entry.unwrap());
    let mode =
        |name: &str| std::fs::metadata(stage.dir.path().join(name)).unwrap().permissions().mode() & 0o777;
    for file in files().map(|file| file.file_name().into_string().unwrap()) {
        assert_eq!(mode(&file), 0o600, "{file}");
    }
    assert!(files().count() >= 2, "the database and its WAL");
    let Stage { dir, sandbox, .. } = stage;
    sandbox.stop().await;
    let file = dir.path().join("sandbox.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let again = dyntray_sandbox::start(dyntray_sandbox::Options::new(dir.path())).await.unwrap();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "an older one, too");
    again.stop().await;
}
