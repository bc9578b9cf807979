//! macOS' switch for the local network: without a person's leave, a program's packets to the home's own network are dropped.
//!
//! Since macOS 15, everything that leaves for the local network counts, also through plain sockets; root and launchd's daemons
//! are exempt (eclecticlight.co, 2026-01-14, after Apple's TN3179). A program in an app bundle is asked for once, then listed in
//! the settings. `NSBonjourServices` is for Bonjour, which isn't used here. There is no way to ask for the switch: what it
//! holds back fails at once with `EHOSTUNREACH` (Apple's developer forums, threads 765285 and 776552, seen in November 2026).

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

/// `EHOSTUNREACH` of macOS (`sys/errno.h`).
const HOST_UNREACHABLE: i32 = 65;

/// The systems, in as far as they have such a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum System {
    /// macOS.
    MacOs,
    /// Another system, which keeps no program from the local network in this way.
    Other,
}

impl System {
    /// The one that this program was built for.
    const CURRENT: System = if cfg!(target_os = "macos") { System::MacOs } else { System::Other };
}

/// True if an error on the way to the home's router, in whose network this machine has an address, comes from the switch, as
/// far as is known.
fn is_denied(system: System, error: &io::Error) -> bool {
    system == System::MacOs && error.raw_os_error() == Some(HOST_UNREACHABLE)
}

/// The system's leave to send to the local network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalNetworkAccess {
    /// Not denied, as far as is known.
    Open,
    /// Denied by a switch in the system's settings.
    Denied,
}

/// Whether the system lets this program into the local network, as far as was seen.
#[derive(Debug, Default)]
pub(super) struct LocalNetwork {
    is_denied: AtomicBool,
}

impl LocalNetwork {
    /// Notes that a packet to the router couldn't be sent.
    pub(super) fn failed(&self, error: &io::Error) {
        self.failed_on(System::CURRENT, error);
    }

    fn failed_on(&self, system: System, error: &io::Error) {
        self.is_denied.store(is_denied(system, error), Ordering::Relaxed);
    }

    /// Notes that the router has answered.
    pub(super) fn answered(&self) {
        self.is_denied.store(false, Ordering::Relaxed);
    }

    /// The system's leave, as far as it is known.
    pub(super) fn access(&self) -> LocalNetworkAccess {
        if self.is_denied.load(Ordering::Relaxed) {
            LocalNetworkAccess::Denied
        } else {
            LocalNetworkAccess::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_macos_keeps_programs_from_the_local_network_and_only_by_this_error() {
        let error = io::Error::from_raw_os_error;
        // EHOSTDOWN, ENETUNREACH and ECONNREFUSED of macOS.
        for (system, number, expected) in [
            (System::MacOs, HOST_UNREACHABLE, true),
            (System::MacOs, 64, false),
            (System::MacOs, 51, false),
            (System::MacOs, 61, false),
            (System::Other, HOST_UNREACHABLE, false),
        ] {
            assert_eq!(is_denied(system, &error(number)), expected, "{system:?} {number}");
        }
        assert!(!is_denied(System::MacOs, &io::ErrorKind::TimedOut.into()));
    }

    #[test]
    fn an_answer_or_another_error_ends_it() {
        let denied = io::Error::from_raw_os_error(HOST_UNREACHABLE);
        let network = LocalNetwork::default();
        assert_eq!(network.access(), LocalNetworkAccess::Open);
        network.failed_on(System::MacOs, &denied);
        assert_eq!(network.access(), LocalNetworkAccess::Denied);
        network.answered();
        assert_eq!(network.access(), LocalNetworkAccess::Open);
        network.failed_on(System::MacOs, &denied);
        network.failed_on(System::MacOs, &io::ErrorKind::ConnectionRefused.into());
        assert_eq!(network.access(), LocalNetworkAccess::Open);
    }
}
