//! Whether Windows' firewall lets this program be spoken to. Where no rule does, Windows asks the person as soon as the
//! program listens, minutes after it was started. So then nothing listens, and the router is only asked at regular looks.
//!
//! The rules are read where Windows keeps them, in the form of [MS-GPFAS] 2.2.2.19, "Firewall Rule" (November 2026).

use super::gateway::LanGateway;

/// What comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Incoming {
    /// The router's events.
    Tcp,
    /// The gateway's announcements.
    Udp,
}

impl Incoming {
    /// The protocol's number, as rules name it.
    #[cfg(any(windows, test))]
    fn number(self) -> &'static str {
        match self {
            Incoming::Tcp => "6",
            Incoming::Udp => "17",
        }
    }
}

/// True where listening to this gateway makes no firewall ask. Within this machine none does.
pub(super) fn lets_in(incoming: Incoming, gateway: LanGateway) -> bool {
    gateway.address.is_loopback() || has_rule(incoming)
}

/// True where the firewall lets in everything that a router tells by itself.
pub(super) fn lets_routers_in() -> bool {
    [Incoming::Tcp, Incoming::Udp].into_iter().all(has_rule)
}

/// No other system asks because of a listener.
#[cfg(not(windows))]
fn has_rule(_: Incoming) -> bool {
    true
}

#[cfg(windows)]
fn has_rule(incoming: Incoming) -> bool {
    /// The computer's own rules, and those of its administrators' policy.
    const KEYS: [&str; 2] = [
        r"SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy\FirewallRules",
        r"SOFTWARE\Policies\Microsoft\WindowsFirewall\FirewallRules",
    ];
    let Ok(program) = std::env::current_exe() else { return false };
    let program = program.to_string_lossy();
    KEYS.into_iter().filter_map(|key| windows_registry::LOCAL_MACHINE.open(key).ok()).any(|key| {
        let rules = key.values().into_iter().flatten();
        let mut texts = rules.filter_map(|(_, rule)| String::try_from(rule).ok());
        texts.any(|rule| lets_program_in(&rule, &program, incoming, |name| std::env::var(name).ok()))
    })
}

/// Whether this rule is about `program`, in force, and lets `incoming` in at home. Environment variables in paths are looked
/// up by `variable`.
#[cfg(any(windows, test))]
fn lets_program_in(
    rule: &str,
    program: &str,
    incoming: Incoming,
    variable: impl Fn(&str) -> Option<String>,
) -> bool {
    let fields: Vec<_> = rule.split('|').filter_map(|field| field.split_once('=')).collect();
    let values = |name: &str| -> Vec<&str> {
        fields.iter().filter(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| *value).collect()
    };
    let says = |name: &str, value: &str| values(name).iter().any(|said| said.eq_ignore_ascii_case(value));
    // A rule that names nothing is about all of it.
    let says_or_is_silent = |name: &str, value: &str| values(name).is_empty() || says(name, value);
    // Any of these would limit it to some ports or computers.
    let is_limited = ["LPort", "LPort2_10", "RPort", "RPort2_10", "RA4", "LA4", "IF", "IFType"]
        .into_iter()
        .any(|name| !values(name).is_empty() && !says(name, "LocalSubnet"));
    says("Action", "Allow")
        && says("Active", "TRUE")
        && says("Dir", "In")
        && says_or_is_silent("Protocol", incoming.number())
        && says_or_is_silent("Profile", "Private")
        && !is_limited
        && values("App").iter().any(|path| expanded(path, &variable).eq_ignore_ascii_case(program))
}

/// The path with its `%variables%` replaced.
#[cfg(any(windows, test))]
fn expanded(path: &str, variable: &impl Fn(&str) -> Option<String>) -> String {
    let mut pieces = path.split('%');
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    while let Some(name) = pieces.next() {
        match (variable(name), pieces.next()) {
            (Some(value), Some(after)) => whole.extend([&value, after]),
            (_, after) => whole.extend(["%", name, after.map_or("", |_| "%"), after.unwrap_or_default()]),
        }
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = r"C:\Users\Ann\AppData\Local\Dyntray\dyntray.exe";

    fn lets_in(rule: &str, incoming: Incoming) -> bool {
        let variable =
            |name: &str| (name == "LOCALAPPDATA").then(|| r"C:\Users\Ann\AppData\Local".to_owned());
        lets_program_in(rule, PROGRAM, incoming, variable)
    }

    #[test]
    fn a_rule_of_windows_own_question_lets_one_protocol_in() {
        let rule = format!(
            "v2.33|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Private|App={}|Name=dyntray|Desc=dyntray|Defer=User|",
            PROGRAM.to_lowercase()
        );
        assert!(lets_in(&rule, Incoming::Tcp));
        assert!(!lets_in(&rule, Incoming::Udp));
        for (said, other) in [
            ("Action=Allow", "Action=Block"),
            ("Active=TRUE", "Active=FALSE"),
            ("Dir=In", "Dir=Out"),
            ("Profile=Private", "Profile=Public"),
            ("Profile=Private", "LPort=5000"),
            ("Profile=Private", "RA4=192.0.2.1"),
            (r"\dyntray.exe", r"\other.exe"),
        ] {
            let changed = rule.replace(said, other);
            assert_ne!(changed, rule);
            assert!(!lets_in(&changed, Incoming::Tcp), "{changed}");
        }
    }

    #[test]
    fn a_rule_that_names_neither_protocol_nor_profile_lets_everything_in() {
        let rule =
            r"v2.30|Action=Allow|Active=TRUE|Dir=In|App=%LOCALAPPDATA%\Dyntray\dyntray.exe|Name=Dyntray|";
        assert!(lets_in(rule, Incoming::Tcp) && lets_in(rule, Incoming::Udp));
        let several = rule.replace("Dir=In", "Dir=In|Profile=Domain|Profile=Private|RA4=LocalSubnet");
        assert!(lets_in(&several, Incoming::Tcp));
        assert!(!lets_in(&rule.replace("LOCALAPPDATA", "OTHER"), Incoming::Tcp));
        for odd in ["", "v2.30|", "Action=Allow|Active=TRUE|Dir=In|", "|||", "%"] {
            assert!(!lets_in(odd, Incoming::Tcp), "{odd}");
        }
    }

    #[test]
    fn only_whole_variables_are_replaced_in_a_path() {
        let variable = |name: &str| (name == "A").then(|| "x".to_owned());
        for (path, whole) in [("%A%\\b", "x\\b"), ("50%", "50%"), ("%B%", "%B%"), ("a%A", "a%A"), ("", "")] {
            assert_eq!(expanded(path, &variable), whole);
        }
    }
}
