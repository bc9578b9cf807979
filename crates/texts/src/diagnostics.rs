//! The diagnostics: all that helps to find a fault, in one text that a person reads first and passes on by hand.

use std::fmt::{Display, Write as _};
use std::net::IpAddr;

use dyntray_core::present::Snapshot;
use dyntray_core::record::HistoryItem;
use dyntray_core::state::NetworkReading;
use dyntray_core::types::network::{AddressLife, Interface, InterfaceKind, LocalAddress, Network};
use dyntray_core::types::redact::{redact, without_hardware_addresses};
use jiff::Timestamp;

use crate::catalogue::Texts;
use crate::history_table::Logins;

/// All that goes into the text.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The program's version.
    pub version: &'a str,
    /// The operating system, and the desktop on it.
    pub system: &'a str,
    /// The settings, as in their file.
    pub settings: &'a str,
    /// The state that people see.
    pub snapshot: &'a Snapshot,
    /// The program that keeps the secrets, or the file or folder.
    pub keyring: Option<&'a str>,
    /// This machine's network.
    pub network: &'a NetworkReading,
    /// False where a firewall keeps the program from hearing routers.
    pub hears_routers: bool,
    /// The last items of the history, the newest first.
    pub history: &'a [HistoryItem],
    /// The last lines of the log, the oldest first.
    pub log: &'a [String],
}

impl Texts {
    /// The diagnostics as one text. Anything of a token's shape is masked; network and log have no hardware addresses.
    pub fn diagnostics(&self, facts: &Facts<'_>, now: Timestamp) -> String {
        let Facts { snapshot, .. } = *facts;
        let program = [("version", facts.version), ("system", facts.system)];
        let mut text = self.say_with("diagnostics-program", &program) + "\n";
        text += &(self.say_with("diagnostics-made", &[("when", &Texts::full(now))]) + "\n");
        let mut network = without_hardware_addresses(&self.network_report(facts.network));
        if !facts.hears_routers {
            network = format!("{}\n{}\n", network.trim_end(), self.say("network-firewall"));
        }
        let log = without_hardware_addresses(&lines(facts.log));
        let issues: Vec<String> =
            snapshot.health_issues.iter().map(|issue| self.health_issue(issue)).collect();
        for (heading, part) in [
            ("diagnostics-state", self.report(snapshot, now)),
            ("diagnostics-why", self.why_report(snapshot, now)),
            ("diagnostics-ailments", lines(&issues)),
            ("diagnostics-keyring", facts.keyring.unwrap_or_default().to_owned()),
            ("diagnostics-network", network),
            ("diagnostics-settings", facts.settings.to_owned()),
            ("diagnostics-history", self.history_lines(facts)),
            ("diagnostics-log", log),
        ] {
            let part = if part.is_empty() { self.say("diagnostics-none") } else { part };
            // Writing to a String can't fail.
            let _ = write!(text, "\n# {}\n\n{}\n", self.say(heading), part.trim_end());
        }
        redact(&text)
    }

    fn history_lines(&self, facts: &Facts<'_>) -> String {
        let logins = Logins::of(facts.snapshot);
        let line = |item: &HistoryItem| {
            let result = self.history_result(item, logins.of_entry(item.entry));
            format!("{}  {}  {}  {result}", Texts::full(item.at), item.hostname, item.addresses)
        };
        lines(&facts.history.iter().map(line).collect::<Vec<_>>())
    }

    fn network_report(&self, reading: &NetworkReading) -> String {
        match reading {
            NetworkReading::Unread => self.say("network-unread"),
            NetworkReading::Unreadable => self.say("network-unreadable"),
            NetworkReading::Read { network, since } => {
                let since = self.say_with("network-since", &[("since", &Texts::full(*since))]);
                let mut told: Vec<String> = network.interfaces.iter().map(|at| self.interface(at)).collect();
                told.extend(self.ways_out(network));
                told.push(since);
                lines(&told)
            }
        }
    }

    fn interface(&self, interface: &Interface) -> String {
        let kind = match interface.kind {
            InterfaceKind::Lan => "network-kind-lan",
            InterfaceKind::Dialled => "network-kind-dialled",
            InterfaceKind::Tunnel => "network-kind-tunnel",
            InterfaceKind::Virtual => "network-kind-virtual",
        };
        let addresses: Vec<_> = interface.addresses.iter().map(|at| self.local_address(at)).collect();
        let values =
            [("name", interface.name.clone()), ("kind", self.say(kind)), ("addresses", addresses.join(", "))];
        self.say_with("network-interface", &values.each_ref().map(|(name, value)| (*name, value.as_str())))
    }

    fn local_address(&self, at: &LocalAddress) -> String {
        let address = format!("{}/{}", at.address, at.prefix_length);
        let life = match at.life {
            AddressLife::Preferred => None,
            AddressLife::Deprecated => Some("network-life-deprecated"),
            AddressLife::Tentative => Some("network-life-tentative"),
        };
        let temporary = at.is_temporary.then_some("network-life-temporary");
        let said: Vec<String> = [temporary, life].into_iter().flatten().map(|id| self.say(id)).collect();
        if said.is_empty() { address } else { format!("{address} ({})", said.join(", ")) }
    }

    /// The addresses of the way out and of the router. The router's identity is left out: it is made from its hardware
    /// address.
    fn ways_out(&self, network: &Network) -> [String; 2] {
        let gateway = network.gateway.as_ref().map(|gateway| gateway.addresses).unwrap_or_default();
        [("network-way-out", network.outgoing), ("network-gateway", gateway)].map(|(id, addresses)| {
            let there: Vec<String> = [addresses.ipv4, addresses.ipv6]
                .into_iter()
                .flatten()
                .map(|at: IpAddr| at.to_string())
                .collect();
            let none = || self.say("diagnostics-none");
            let addresses = if there.is_empty() { none() } else { there.join(", ") };
            self.say_with(id, &[("addresses", &addresses)])
        })
    }
}

fn lines(lines: &[impl Display]) -> String {
    lines.iter().fold(String::new(), |mut text, line| {
        // Writing to a String can't fail.
        let _ = writeln!(text, "{line}");
        text
    })
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::catalogue::Language;
    use dyntray_core::observe::dns::Live;
    use dyntray_core::observe::finding::{Explanation, Outcome, SourceReport, Weight};
    use dyntray_core::observe::observation::{LookUpProblem, Observation};
    use dyntray_core::present::{EntryStatus, FamilyStatus, Mood, SecretStatus, Status};
    use dyntray_core::protocol::reply::HaltReason;
    use dyntray_core::protocol::retryable::RetryableError;
    use dyntray_core::record::UpdateResult;
    use dyntray_core::settings::{LanguageChoice, LoginKind, ThemeChoice};
    use dyntray_core::state::entry::Halt;
    use dyntray_core::state::health_issue::HealthIssue;
    use dyntray_core::types::address::{Family, PerFamily};
    use dyntray_core::types::entry_id::EntryId;
    use dyntray_core::types::network::{Gateway, NetworkId};
    use dyntray_core::types::source::Origin;

    const CANARY: &str = "kana-rien-vogl";

    fn now() -> Timestamp {
        "2026-11-23T12:00:00Z".parse().expect("a time")
    }

    /// An entry that stopped, with the canary wherever somebody else's words are shown.
    pub(crate) fn snapshot() -> Snapshot {
        let why = LookUpProblem::NotAnAddress { line: format!("<p>{CANARY}</p>") };
        let said = SourceReport {
            origin: Origin::WebResolver,
            host: Some(format!("{CANARY}.example")),
            observation: Observation::Unavailable { why: why.clone() },
            at: now(),
            weight: Weight::Unused,
        };
        let family = FamilyStatus {
            family: Family::Ipv4,
            why: Explanation {
                family: Family::Ipv4,
                said: vec![said],
                outcome: Outcome::Nothing { why },
                kept: None,
                device: None,
            }
            .into(),
            detected_at: Some(now()),
            published: None,
            live: Live::Foreign { there: CANARY.into(), since: now() },
            is_outdated: false,
        };
        let reason = HaltReason::OtherAddress { named: CANARY.into() };
        let entry = EntryStatus {
            revision: 1,
            id: EntryId(1),
            hostname: "home.spdns.de".into(),
            login: LoginKind::Token,
            mood: Mood::NeedsYou,
            status: Status::Halted { halt: Halt { reason, at: now() } },
            families: vec![family],
            last_reply: None,
            next: None,
            secret: SecretStatus::default(),
        };
        Snapshot {
            revision: 1,
            mood: Mood::NeedsYou,
            pause: None,
            entries: vec![entry],
            diagnoses: Vec::new(),
            homes: 1,
            has_no_identity: false,
            health_issues: vec![HealthIssue::CannotRemember { why: format!("disk full near {CANARY}") }],
            language: LanguageChoice::En,
            theme: ThemeChoice::System,
            newer: None,
        }
    }

    fn network() -> NetworkReading {
        let local = |address: &str, is_temporary| LocalAddress {
            address: address.parse().expect("an address"),
            prefix_length: 64,
            life: AddressLife::Preferred,
            is_temporary,
        };
        let stable = local("2003:e1:bf0a:4d00:9c5e:21ff:fe4a:7b30", false);
        let temporary = local("2003:e1:bf0a:4d00:5a1:92be:77c4:e01", true);
        let addresses = PerFamily { ipv4: None, ipv6: "fe80::1234:56ff:fe78:9abc".parse().ok() };
        let network = Network {
            interfaces: vec![Interface {
                name: "eth0".into(),
                kind: InterfaceKind::Lan,
                addresses: vec![stable, temporary],
            }],
            outgoing: PerFamily { ipv4: None, ipv6: Some(temporary.address) },
            gateway: Some(Gateway {
                addresses,
                ids: vec![NetworkId("a1b2c3d4".into())],
                is_resolving: false,
            }),
        };
        NetworkReading::Read { network, since: now() }
    }

    fn text(language: Language) -> String {
        let history = [
            UpdateResult::Failed { error: RetryableError::Server { code: CANARY.into() } },
            UpdateResult::Failed { error: RetryableError::Unreadable { line: CANARY.into() } },
        ]
        .map(|result| HistoryItem {
            at: now(),
            entry: EntryId(1),
            hostname: "home.spdns.de".into(),
            addresses: "84.160.12.7".into(),
            result,
            why: Vec::new(),
            repeated: None,
        });
        let log = [
            format!("INFO dyntray_agent::run: request ended end=Answered {{ body: \"good\\n{CANARY}\\n\" }}"),
            "WARN dyntray: from fe80::1234:56ff:fe78:9abc, 12:34:56:78:9a:bc".to_owned(),
        ];
        let facts = Facts {
            version: "0.1.0",
            system: "Linux",
            settings: &format!("[[entries]]\nhostname = \"home.spdns.de\"\nuser = \"{CANARY}\"\n"),
            snapshot: &snapshot(),
            keyring: Some("gnome-keyring-daemon"),
            network: &network(),
            hears_routers: false,
            history: &history,
            log: &log,
        };
        Texts::of(language).diagnostics(&facts, now())
    }

    #[test]
    fn a_token_that_got_anywhere_is_found_nowhere() {
        for language in [Language::De, Language::En] {
            let text = text(language).to_lowercase();
            for part in ["kana", "rien", "vogl"] {
                assert!(!text.contains(part), "{text}");
            }
            assert!(text.matches("****-****-****").count() >= 9, "{text}");
        }
    }

    #[test]
    fn the_text_tells_all_that_helps_and_names_the_host() {
        let text = text(Language::En);
        for part in [
            "Dyntray 0.1.0 on Linux",
            "# Why this address?",
            "hostname = \"home.spdns.de\"",
            "disk full near",
            "# Keyring\n\ngnome-keyring-daemon\n",
            "eth0 (local network): ",
            "No rule of Windows' firewall",
            "2003:e1:bf0a:4d00:5a1:92be:77c4:e01/64 (temporary)",
            "request ended",
            "84.160.12.7",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("diagnostics-") && !text.contains("network-"), "{text}");
    }

    #[test]
    fn no_hardware_address_is_told() {
        let text = text(Language::En);
        for part in ["21ff:fe4a", "56ff:fe78", "12:34:56:78", "a1b2c3"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}
