//! # dyntray-fuzz
//!
//! Every reader of untrusted input, as a function of any bytes. A panic, a hang or memory without bounds is a bug, and
//! so is a broken assertion of a target. `cargo fuzz run --fuzz-dir tests/fuzz/libfuzzer NAME` looks for such bytes;
//! the tests of this crate read the corpus and many random bytes in every run.

use std::net::IpAddr;

use dyntray_agent::{dns_check, router::fuzz_entry, settings_file};
use dyntray_core::import;
use dyntray_core::observe::observation::{Observation, read_web_resolver};
use dyntray_core::observe::release::Version;
use dyntray_core::protocol::reply::{Verdict, classify};
use dyntray_core::settings::form::Form;
use dyntray_core::types::address::{Addresses, Family, PublicAddress};
use dyntray_core::types::redact::redact;
use dyntray_core::types::server::WebAddress;
use dyntray_core::types::token::{self, TokenShape};

/// A target: its name, which is also the folder of its corpus, and its function.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 14] = [
    ("reply", reply),
    ("web_resolver", web_resolver),
    ("router_description", fuzz_entry::description),
    ("router_answer", fuzz_entry::answer),
    ("router_search", fuzz_entry::search),
    ("router_natpmp", fuzz_entry::natpmp),
    ("router_event", fuzz_entry::event),
    ("router_message", fuzz_entry::message),
    ("dns", dns_check::fuzz_entry),
    ("import", import),
    ("settings", settings),
    ("token", token),
    ("address", address),
    ("version", version),
];

/// An update server's answer, of any status: accepted only by a known first word.
pub fn reply(bytes: &[u8]) {
    let (status, body) =
        bytes.split_first().map_or((200, bytes), |(first, rest)| (u16::from(*first) * 3, rest));
    let address = "84.160.12.7".parse::<IpAddr>().ok().and_then(|ip| PublicAddress::try_from(ip).ok());
    let sent = Addresses { ipv4: address, ipv6: None };
    if let Verdict::Accepted(_) = classify(status, body, &sent) {
        let text = String::from_utf8_lossy(body);
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        assert!(
            lines.all(|line| {
                let word = line.split_whitespace().next().unwrap_or_default();
                word == "good" || word == "nochg"
            }),
            "{text:?} was taken for success"
        );
    }
}

/// A web resolver's answer: known only where it is a public address of the family that was asked for.
pub fn web_resolver(bytes: &[u8]) {
    for family in Family::BOTH {
        if let Observation::Known { address } = read_web_resolver(family, 200, bytes) {
            assert_eq!(address.family(), family);
            assert!(PublicAddress::try_from(address.ip()).is_ok());
        }
    }
}

/// A file to import; its preview holds no secret that the file has.
pub fn import(bytes: &[u8]) {
    let _ = import::decode(bytes);
    let text = String::from_utf8_lossy(bytes);
    for name in ["spdyn_update_token.csv", "ddclient.conf", "inadyn.conf", "ddns"] {
        let read = import::read(&text, name);
        let preview = import::preview(&read, &Form::default());
        assert!(preview.entries.len() <= 2_000, "{} entries", preview.entries.len());
    }
}

/// A settings file: everything read from it is valid, and is the same after it is written and read again.
pub fn settings(bytes: &[u8]) {
    if let Ok((form, settings)) = settings_file::read(bytes) {
        let text = settings_file::to_toml(&form).expect("a form can be written");
        assert_eq!(settings_file::read(text.as_bytes()), Ok((form, settings)));
    }
}

/// Any input as a token; everything that looks like one is masked in the log.
pub fn token(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let tidied = token::tidy(&text);
    assert!(tidied.len() <= text.len());
    if token::shape(&text) == TokenShape::UpdateToken {
        assert!(
            !redact(&format!("a line with {} in it", *tidied)).contains(tidied.as_str()),
            "a token stays in the log"
        );
    }
}

/// A URL as typed: a valid one is encrypted or on this machine, and parses to itself again.
pub fn address(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(server) = WebAddress::parse_server(&text) {
        assert!(server.is_encrypted() || server.is_loopback(), "{server}");
        assert_eq!(WebAddress::parse_server(&server.to_string()), Ok(server));
    }
}

/// An announced version: three numbers and nothing else.
pub fn version(bytes: &[u8]) {
    if let Ok(version) = String::from_utf8_lossy(bytes).parse::<Version>() {
        let text = version.to_string();
        assert!(text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'), "{text}");
        assert_eq!(text.parse(), Ok(version));
    }
}
