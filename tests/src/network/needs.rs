//! The needs of the networks: programs, rights and parts of the kernel.

use std::{process::Command, sync::OnceLock};

use crate::needs;

const PROGRAMS: [&str; 15] = [
    "ip",
    "nft",
    "conntrack",
    "knotd",
    "knsupdate",
    "radvd",
    "dnsmasq",
    "miniupnpd",
    "socat",
    "dig",
    "curl",
    "ss",
    "sh",
    "cat",
    "rm",
];

/// A trial of everything that a kernel may lack, in a namespace that is removed afterwards.
const TRY: &str = r#"
says() { "$@" 2>&1 || { echo "($*)"; exit 1; }; }
says ip netns add "$1"
trap 'ip netns del "$1"' EXIT
says ip link add one netns "$1" type veth peer name two netns "$1"
says ip link add lan netns "$1" type bridge
says ip -n "$1" tuntap add tun0 mode tun
says ip netns exec "$1" nft 'table ip t { chain c { type nat hook postrouting priority srcnat; masquerade; }; }'
says ip netns exec "$1" conntrack -F
"#;

/// Everything that is missing on this machine, in words.
fn missing() -> Vec<String> {
    let mut missing: Vec<String> = needs::missing(&PROGRAMS).into_iter().map(str::to_owned).collect();
    if !rustix::process::geteuid().is_root() {
        missing.push("root's rights (to make network namespaces)".to_owned());
    } else if missing.is_empty() {
        missing.extend(refusal());
    }
    missing
}

/// Tells whether a story that needs networks has to be skipped here; see [`needs::skipped`].
///
/// # Panics
/// When something is missing and the environment has `DYNTRAY_NO_SKIP`.
pub(super) fn skipped(story: &str) -> bool {
    let missing = missing();
    needs::skipped(story, &missing.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The kernel's refusal, if it refuses; tried once for all stories of this process.
fn refusal() -> Option<String> {
    static REFUSAL: OnceLock<Option<String>> = OnceLock::new();
    REFUSAL.get_or_init(try_everything).clone()
}

fn try_everything() -> Option<String> {
    let name = format!("dyntray-{}-0-try", std::process::id());
    let output = Command::new("sh")
        .args(["-c", TRY, "dyntray-networks-try", &name])
        .env("PATH", needs::SEARCH_PATH)
        .output();
    match output {
        Ok(output) if output.status.success() => None,
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).trim().replace('\n', " ");
            Some(format!("a part of the kernel's networks: {said}"))
        }
        Err(error) => Some(error.to_string()),
    }
}
