//! Stories of proxies: from the environment, and from the settings.

mod wire;

use std::ffi::OsStr;

use dyntray_core::observe::observation::{LookUpProblem, Observation};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::SendEnd;
use dyntray_core::settings::Proxy;
use dyntray_core::types::address::Family;
use dyntray_core::types::server::{ProxyAddress, WebAddress};
use wire::{Act, IPV4, Server, TOKEN, header, look_up, public, request, send, send_through};

const PORT: &str = "DYNTRAY_TEST_PROXY_PORT";

/// The variables that name a proxy for web addresses, or none.
const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const EXCEPTIONS: [&str; 2] = ["no_proxy", "NO_PROXY"];

/// Runs a story in a process whose environment names a proxy. The proxy answers every request with `act`.
fn behind_a_proxy(test: &str, act: Act, story: impl AsyncFnOnce(Server)) {
    // The port must be known before the process that listens at it starts.
    let port = std::env::var(PORT).unwrap_or_else(|_| {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port().to_string()
    });
    let url = format!("http://127.0.0.1:{port}");
    let mut variables: Vec<(&str, &OsStr)> = PROXIES.iter().map(|name| (*name, url.as_ref())).collect();
    variables.extend(EXCEPTIONS.map(|name| (name, OsStr::new(""))));
    variables.push((PORT, port.as_ref()));
    wire::in_environment(test, &variables, async || {
        story(Server::on(port.parse().expect("a port"), act).await).await;
    });
}

#[test]
fn a_look_up_goes_past_every_proxy() {
    behind_a_proxy("a_look_up_goes_past_every_proxy", Act::status(200, "84.160.99.99"), async |proxy| {
        let page = Server::start(Act::status(200, IPV4)).await;
        for host in ["127.0.0.1", "localhost"] {
            let resolver = WebAddress::parse(&format!("http://{host}:{}/", page.port())).expect("valid");
            let seen = look_up(&resolver, Family::Ipv4).await;
            assert_eq!(seen, Observation::Known { address: public(IPV4) });
        }
        assert_eq!(page.requests().len(), 2);
        if cfg!(target_os = "linux") {
            // The system itself refuses connections to multicast addresses: nothing leaves this machine.
            let far = WebAddress::parse("https://224.0.0.5/").expect("valid");
            let seen = look_up(&far, Family::Ipv4).await;
            assert_eq!(seen, Observation::Unavailable { why: LookUpProblem::Unreachable });
            let far = WebAddress::parse("https://[ff0e::1]/").expect("valid");
            assert_eq!(look_up(&far, Family::Ipv6).await, Observation::NoAddress);
        }
        assert_eq!(proxy.connections(), 0);
    });
}

#[test]
fn an_update_to_this_machine_goes_past_every_proxy() {
    behind_a_proxy(
        "an_update_to_this_machine_goes_past_every_proxy",
        Act::status(200, "good"),
        async |proxy| {
            let server = Server::start(Act::status(200, "nohost")).await;
            let end = send(server.update()).await;
            assert!(matches!(end, SendEnd::Answered(_)), "{end:?}");
            assert_eq!((server.requests().len(), proxy.connections()), (1, 0));
        },
    );
}

#[test]
fn an_update_to_the_world_may_go_through_a_proxy_that_never_sees_the_secret() {
    behind_a_proxy(
        "an_update_to_the_world_may_go_through_a_proxy_that_never_sees_the_secret",
        Act::status(200, "good"),
        async |proxy| {
            let server = WebAddress::parse_server("https://update.spdyn.invalid").expect("valid");
            // The tunnel ends at once, so nothing was sent.
            assert_eq!(send(server).await, SendEnd::Failed(RetryableError::Unreachable));
            let requests = proxy.requests();
            let [head] = &requests[..] else { panic!("{requests:?}") };
            assert!(head.starts_with("CONNECT update.spdyn.invalid:443 HTTP/1.1\r\n"), "{head}");
            assert_eq!(header(head, "authorization"), None);
            assert!(!head.contains(TOKEN) && !head.contains("home.spdns.de"), "{head}");
        },
    );
}

#[test]
fn a_proxy_that_refuses_is_no_answer_of_the_server() {
    behind_a_proxy(
        "a_proxy_that_refuses_is_no_answer_of_the_server",
        Act::status(407, "good"),
        async |proxy| {
            let server = WebAddress::parse_server("https://update.spdyn.invalid").expect("valid");
            assert_eq!(send(server).await, SendEnd::Failed(RetryableError::Unreachable));
            assert_eq!(proxy.requests().len(), 1);
        },
    );
}

#[test]
fn the_chosen_proxy_takes_the_place_of_the_systems() {
    behind_a_proxy(
        "the_chosen_proxy_takes_the_place_of_the_systems",
        Act::status(200, "good"),
        async |system_proxy| {
            let chosen = Server::start(Act::status(200, "good")).await;
            let address = ProxyAddress::parse(&format!("127.0.0.1:{}", chosen.port())).expect("valid");
            let far = request(WebAddress::parse_server("https://update.spdyn.invalid").expect("valid"));
            let end = send_through(&far, &Proxy::Manual(address.clone())).await;
            assert_eq!(end, SendEnd::Failed(RetryableError::Unreachable));
            let requests = chosen.requests();
            let [head] = &requests[..] else { panic!("{requests:?}") };
            assert!(head.starts_with("CONNECT update.spdyn.invalid:443 HTTP/1.1\r\n"), "{head}");
            assert!(!head.contains(TOKEN), "{head}");

            let near = Server::start(Act::status(200, "nohost")).await;
            let end = send_through(&request(near.update()), &Proxy::Manual(address)).await;
            assert!(matches!(end, SendEnd::Answered(_)), "{end:?}");
            assert_eq!((near.connections(), chosen.connections(), system_proxy.connections()), (1, 1, 0));
        },
    );
}

#[test]
fn without_a_proxy_the_systems_is_not_used() {
    behind_a_proxy("without_a_proxy_the_systems_is_not_used", Act::status(200, "good"), async |proxy| {
        // The system itself refuses connections to multicast addresses: nothing leaves this machine.
        let far = request(WebAddress::parse_server("https://224.0.0.5").expect("valid"));
        assert_eq!(send_through(&far, &Proxy::None).await, SendEnd::Failed(RetryableError::Unreachable));
        assert_eq!(proxy.connections(), 0);
    });
}

#[cfg(windows)]
#[expect(unsafe_code, reason = "Windows gives a process another registry by this call alone")]
mod in_the_systems_settings {
    use windows_registry::{CURRENT_USER, Key};
    use windows_sys::Win32::System::Registry::{HKEY_CURRENT_USER, RegOverridePredefKey};

    use super::*;

    const INTERNET_SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";

    /// Sends an update with a proxy in Windows' settings and none in the environment. Returns what the proxy received.
    async fn update(is_enabled: bool, exceptions: &str) -> Vec<String> {
        let proxy = Server::start(Act::status(200, "good")).await;
        let settings = CURRENT_USER.create(INTERNET_SETTINGS).expect("a key");
        settings.set_string("ProxyServer", format!("127.0.0.1:{}", proxy.port())).expect("written");
        settings.set_u32("ProxyEnable", is_enabled.into()).expect("written");
        settings.set_string("ProxyOverride", exceptions).expect("written");
        let server = WebAddress::parse_server("https://update.spdyn.invalid").expect("valid");
        assert_eq!(send(server).await, SendEnd::Failed(RetryableError::Unreachable));
        proxy.requests()
    }

    /// Runs a story in a process that has a registry of its own.
    fn with_own_registry(test: &str, story: impl AsyncFnOnce()) {
        let nothing = OsStr::new("");
        let variables: Vec<_> = PROXIES.into_iter().chain(EXCEPTIONS).map(|name| (name, nothing)).collect();
        wire::in_environment(test, &variables, async || {
            let path = format!(r"Software\Dyntray\Test {}", std::process::id());
            let own: Key = CURRENT_USER.create(&path).expect("a key");
            // SAFETY: the key is open to the end of the story, and the handle is the system's own.
            let replaced = unsafe { RegOverridePredefKey(HKEY_CURRENT_USER, own.as_raw()) };
            assert_eq!(replaced, 0);
            story().await;
            // SAFETY: a null handle gives the system's own key back.
            let restored = unsafe { RegOverridePredefKey(HKEY_CURRENT_USER, std::ptr::null_mut()) };
            assert_eq!(restored, 0);
            CURRENT_USER.remove_tree(&path).expect("removed");
        });
    }

    #[test]
    fn the_proxy_of_windows_settings_is_used_while_it_is_switched_on() {
        let name = "in_the_systems_settings::the_proxy_of_windows_settings_is_used_while_it_is_switched_on";
        with_own_registry(name, async || {
            let requests = update(true, "").await;
            let [head] = &requests[..] else { panic!("{requests:?}") };
            assert!(head.starts_with("CONNECT update.spdyn.invalid:443 HTTP/1.1\r\n"), "{head}");
            assert!(!head.contains(TOKEN), "{head}");
            assert!(update(false, "").await.is_empty());
            assert!(update(true, "*.spdyn.invalid;<local>").await.is_empty());
        });
    }
}
