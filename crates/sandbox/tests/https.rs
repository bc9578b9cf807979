//! Tests of HTTPS: the sandbox's own CA, and certificates that no client should accept.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

mod harness;

use std::error::Error as _;

use dyntray_sandbox::{Fault, PlainFault, Target};
use harness::{HOST, Stage};
use reqwest::{Certificate, Client};
use serde_json::json;

async fn stage() -> Stage {
    Stage::with(|options| options.https_port = Some(0)).await
}

/// A client that trusts the sandbox's CA and no other, with a new connection for each request.
fn trusting(stage: &Stage) -> Client {
    let pem = std::fs::read(stage.sandbox.ca_file().unwrap()).unwrap();
    harness::builder()
        .tls_certs_only([Certificate::from_pem(&pem).unwrap()])
        .pool_max_idle_per_host(0)
        .build()
        .unwrap()
}

async fn look_up(client: &Client, stage: &Stage) -> Result<String, String> {
    let answer = client.get(format!("{}/checkip4", stage.sandbox.https_url().unwrap())).send().await;
    match answer {
        Ok(answer) => Ok(answer.text().await.unwrap()),
        Err(error) => {
            let mut causes = Vec::new();
            let mut cause = error.source();
            while let Some(next) = cause {
                causes.push(next.to_string());
                cause = next.source();
            }
            Err(causes.join(": "))
        }
    }
}

#[tokio::test]
async fn an_update_over_https_is_good_for_every_name_of_the_certificate() {
    let stage = stage().await;
    let token = stage.sandbox.make_token(HOST).await.unwrap();
    let url = stage.sandbox.https_url().unwrap();
    let port = url.rsplit(':').next().unwrap().to_owned();
    let pem = std::fs::read(stage.sandbox.ca_file().unwrap()).unwrap();
    let names = ["update.spdyn.test", "checkip.spdyn.test", "checkip4.spdyn.test", "checkip6.spdyn.test"];
    let here = ([127, 0, 0, 1], 0).into();
    let builder = harness::builder().tls_certs_only([Certificate::from_pem(&pem).unwrap()]);
    let client = names.iter().fold(builder, |builder, name| builder.resolve(name, here)).build().unwrap();
    for (at, name) in ["localhost", "127.0.0.1"].iter().chain(&names).enumerate() {
        let url = format!("https://{name}:{port}/nic/update?hostname={HOST}&myip=84.160.1.{at}");
        let request = client.get(url).header("user-agent", "x").basic_auth(HOST, Some(&token));
        assert_eq!(request.send().await.unwrap().text().await.unwrap(), format!("good 84.160.1.{at}"));
    }
}

#[tokio::test]
async fn the_certificate_covers_further_names_and_no_others() {
    let stage = Stage::with(|options| {
        options.https_port = Some(0);
        options.names = vec!["update.spdyn.de".to_owned()];
    })
    .await;
    let pem = std::fs::read(stage.sandbox.ca_file().unwrap()).unwrap();
    let url = stage.sandbox.https_url().unwrap();
    let here = ([127, 0, 0, 1], 0).into();
    let builder = harness::builder().tls_certs_only([Certificate::from_pem(&pem).unwrap()]);
    let names = ["update.spdyn.de", "www.spdyn.de"];
    let client = names.iter().fold(builder, |builder, name| builder.resolve(name, here)).build().unwrap();
    let ask = |name| client.get(url.replace("localhost", name) + "/checkip4").send();
    assert_eq!(ask("update.spdyn.de").await.unwrap().status(), 200);
    assert!(ask("www.spdyn.de").await.is_err());
}

#[tokio::test]
async fn a_client_without_the_ca_does_not_trust_the_sandbox() {
    let stage = stage().await;
    assert!(look_up(&stage.client, &stage).await.unwrap_err().contains("UnknownIssuer"));
    let plain = Stage::new().await;
    assert!(plain.sandbox.https_url().is_none() && plain.sandbox.ca_file().is_none());
}

#[tokio::test]
async fn certificates_are_bad_as_injected_and_then_valid_again() {
    let stage = stage().await;
    let client = trusting(&stage);
    let faults = [
        (PlainFault::Expired, "expired"),
        (PlainFault::NotYetValid, "not valid yet"),
        (PlainFault::WrongName, "not valid for name"),
        (PlainFault::SelfSigned, "UnknownIssuer"),
    ];
    for (fault, meaning) in faults {
        stage.sandbox.fault(Target::Update, Fault::Plain(fault), 2);
        for _ in 0..2 {
            let error = look_up(&client, &stage).await.unwrap_err();
            assert!(error.contains(meaning), "{fault:?}: {error}");
        }
        look_up(&client, &stage).await.unwrap();
    }
    let request = json!({"target": "checkip", "kind": "wrong-name"});
    assert_eq!(stage.control("/control/fault", request).await.status(), 204);
    assert!(look_up(&client, &stage).await.is_err());
    assert_eq!(stage.sandbox.state().await.unwrap().faults, 0);
}

#[tokio::test]
async fn the_ca_is_created_once_and_only_its_owner_can_read_its_key() {
    let Stage { dir, sandbox, .. } = stage().await;
    let file = sandbox.ca_file().unwrap();
    let before = std::fs::read(&file).unwrap();
    sandbox.stop().await;
    let again =
        dyntray_sandbox::start(dyntray_sandbox::Options::new(dir.path()).https_port(0)).await.unwrap();
    assert_eq!(std::fs::read(again.ca_file().unwrap()).unwrap(), before);
    let stage = Stage { dir, sandbox: again, client: harness::client() };
    look_up(&trusting(&stage), &stage).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = std::fs::metadata(stage.dir.path().join("ca.key")).unwrap();
        assert_eq!(key.permissions().mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_reset_over_tls_is_a_reset() {
    let stage = stage().await;
    stage.sandbox.fault(Target::Checkip, Fault::RESET, 1);
    assert!(look_up(&trusting(&stage), &stage).await.is_err());
}
