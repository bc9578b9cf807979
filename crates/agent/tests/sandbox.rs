//! Stories of look-ups and updates with the sandbox, which simulates SPDYN.

mod wire;

use std::net::IpAddr;

use dyntray_agent::sender;
use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::reply::{Accepted, HaltReason, Verdict};
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Proxy;
use dyntray_core::types::address::{Addresses, Family, PublicAddress};
use dyntray_core::types::server::WebAddress;
use dyntray_sandbox::{Mode, Options, Sandbox};
use wire::{HOST, look_up};

struct Home {
    sandbox: Sandbox,
    _folder: tempfile::TempDir,
}

impl Home {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let sandbox = dyntray_sandbox::start(Options::new(folder.path())).await.expect("starts");
        Home { sandbox, _folder: folder }
    }

    async fn look_up(&self, family: Family) -> Observation {
        let path = if family == Family::Ipv4 { "checkip4" } else { "checkip6" };
        let address = format!("{}/{path}", self.sandbox.base_url());
        look_up(&WebAddress::parse(&address).expect("valid"), family).await
    }

    async fn addresses(&self) -> Addresses {
        let known = |seen| match seen {
            Observation::Known { address } => Some(address),
            other => panic!("{other:?}"),
        };
        Addresses {
            ipv4: known(self.look_up(Family::Ipv4).await),
            ipv6: known(self.look_up(Family::Ipv6).await),
        }
    }

    async fn send(&self, addresses: Addresses, token: &str) -> SendEnd {
        let server = WebAddress::parse_server(&self.sandbox.authority()).expect("valid");
        let request = UpdateRequest { addresses, ..wire::request(server) };
        sender::send(&request, &token.into(), &Proxy::System).await.end
    }
}

fn public(ip: impl Into<IpAddr>) -> PublicAddress {
    PublicAddress::try_from(ip.into()).expect("public")
}

#[tokio::test]
async fn what_the_look_up_tells_is_published_and_a_reconnect_follows() {
    let home = Home::new().await;
    let token = home.sandbox.make_token(HOST).await.expect("a token");
    for _ in 0..2 {
        let line = home.sandbox.reconnect().await.expect("reconnects").public;
        let addresses = home.addresses().await;
        assert_eq!(addresses.ipv4, line.ipv4.map(public));
        assert_eq!(addresses.ipv6, line.ipv6.map(public));
        let end = home.send(addresses, &token).await;
        assert_eq!(end, SendEnd::Answered(Verdict::Accepted(Accepted::Good)));
        let host = home.sandbox.state().await.expect("state").hosts.remove(0);
        assert_eq!(host.published, line);
    }
    let again = home.send(home.addresses().await, &token).await;
    assert_eq!(again, SendEnd::Answered(Verdict::Accepted(Accepted::NoChange)));
    let log = home.sandbox.state().await.expect("state").log;
    assert!(log.iter().all(|update| update.user.as_deref() == Some(HOST)), "{log:?}");
    assert!(log.iter().all(|update| update.user_agent.starts_with("Dyntray/")), "{log:?}");
}

#[tokio::test]
async fn a_replaced_token_is_refused() {
    let home = Home::new().await;
    let old = home.sandbox.make_token(HOST).await.expect("a token");
    let new = home.sandbox.make_token(HOST).await.expect("a token");
    let addresses = home.addresses().await;
    assert_eq!(home.send(addresses, &old).await, SendEnd::Answered(Verdict::Halt(HaltReason::BadAuth)));
    assert_eq!(home.send(addresses, &new).await, SendEnd::Answered(Verdict::Accepted(Accepted::Good)));
}

#[tokio::test]
async fn a_hotels_sign_in_page_is_neither_address_nor_success() {
    let home = Home::new().await;
    let token = home.sandbox.make_token(HOST).await.expect("a token");
    let addresses = home.addresses().await;
    home.sandbox.set_mode(Mode::Hotel).await.expect("a hotel");
    for family in Family::BOTH {
        let seen = home.look_up(family).await;
        assert!(
            matches!(
                &seen,
                Observation::Unavailable {
                    why: LookUpProblem::NotAnAddress { .. } | LookUpProblem::Redirected
                }
            ),
            "{seen:?}"
        );
    }
    let end = home.send(addresses, &token).await;
    assert!(matches!(&end, SendEnd::Answered(Verdict::Retry(RetryableError::Unreadable { .. }))), "{end:?}");
}

#[tokio::test]
async fn a_line_that_is_cut_tells_nothing_and_confirms_nothing() {
    let home = Home::new().await;
    let token = home.sandbox.make_token(HOST).await.expect("a token");
    let addresses = home.addresses().await;
    home.sandbox.set_mode(Mode::Offline).await.expect("offline");
    for family in Family::BOTH {
        let seen = home.look_up(family).await;
        assert!(matches!(&seen, Observation::Unavailable { .. }), "{seen:?}");
    }
    let end = home.send(addresses, &token).await;
    assert!(
        matches!(&end, SendEnd::Failed(RetryableError::Unconfirmed | RetryableError::Unreachable)),
        "{end:?}"
    );
}
