//! Observations: a look-up reports an address, that there is none, or a failure. A failure never means "no address".

use std::net::{IpAddr, Ipv4Addr};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::protocol::reply::first_line;
use crate::types::address::{Family, PublicAddress, Unpublishable};

/// One source's answer for one family.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Observation {
    /// This line's public address.
    Known {
        /// The address.
        address: PublicAddress,
    },
    /// This line certainly has no address of this family.
    NoAddress,
    /// The source couldn't tell, which changes nothing.
    Unavailable {
        /// The reason.
        why: LookUpProblem,
    },
}

/// The reason why a look-up gave no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum LookUpProblem {
    /// No connection: no internet, no name resolution, or the service is down.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// The certificate isn't that service's: a sign-in page or somebody in between.
    NotTrusted,
    /// This system has no root certificates, so no server can be verified and nobody was asked.
    NoCertificates,
    /// The certificate isn't valid on the date that this computer's clock shows, and that date looks wrong.
    WrongClock {
        /// The date that the clock shows.
        #[cfg_attr(feature = "bindings", ts(type = "string"))]
        shows: Date,
    },
    /// The service's certificate has expired.
    CertificateExpired,
    /// The service's certificate isn't valid yet.
    CertificateNotYetValid,
    /// An HTTP status other than success.
    Status {
        /// The status.
        status: u16,
    },
    /// A redirect: usually a sign-in page.
    Redirected,
    /// The body isn't one address.
    NotAnAddress {
        /// The first line of the answer, cleaned.
        line: String,
    },
    /// The router's answer can't be understood, or none of it came.
    NotUnderstood,
    /// An address of the other family.
    WrongFamily,
    /// An address that must not be published.
    Unpublishable {
        /// The address.
        address: String,
        /// The block it lies in.
        why: Unpublishable,
    },
    /// The operating system's list of interfaces couldn't be read.
    Interfaces,
    /// The service's name couldn't be resolved although there is a way out.
    NameNotFound,
    /// A sign-in page answered in the service's place.
    SignInPage,
    /// No router was found, or it reports no address to anybody.
    NoRouter,
    /// The router is a FRITZ!Box that tells nobody its address: its status by UPnP is switched off.
    FritzBoxSilent,
    /// The router is connected, and keeps its address for itself. miniupnpd, which is in most routers, names none that
    /// isn't public (`upnpsoap.c`, `GetExternalIPAddress`, 2025): neither one in another router's network nor one that the
    /// provider shares.
    AddressKept {
        /// The next box on the way to the internet, where it told its address.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(type = "string", optional))]
        next: Option<Ipv4Addr>,
        /// The external address that this box tells by UPnP, if it is in a private network and tells one. It is only compared
        /// with others, never published.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[cfg_attr(feature = "bindings", ts(type = "string", optional))]
        outer: Option<Ipv4Addr>,
    },
    /// The router has no IPv4 address of its own, and always tells one that it has (DS-Lite, RFC 6333).
    DsLite,
}

impl LookUpProblem {
    /// True when the question never reached the source, so that asking again soon is no burden to it.
    pub fn was_not_asked(&self) -> bool {
        matches!(
            self,
            LookUpProblem::Unreachable
                | LookUpProblem::NoCertificates
                | LookUpProblem::Interfaces
                | LookUpProblem::NameNotFound
                | LookUpProblem::SignInPage
                | LookUpProblem::NoRouter
                | LookUpProblem::FritzBoxSilent
        )
    }

    /// True when another clock may end it.
    pub fn is_of_the_clock(&self) -> bool {
        matches!(
            self,
            LookUpProblem::WrongClock { .. }
                | LookUpProblem::CertificateExpired
                | LookUpProblem::CertificateNotYetValid
        )
    }
}

impl Observation {
    /// True when the question never reached the source.
    pub fn was_not_asked(&self) -> bool {
        matches!(self, Observation::Unavailable { why } if why.was_not_asked())
    }
}

/// Reads a web resolver's answer: one address of the right family, publishable, and nothing else but white space or a
/// byte-order mark around it.
pub fn read_web_resolver(family: Family, status: u16, body: &[u8]) -> Observation {
    let why = match status {
        200..=299 => match read_address(family, body) {
            Ok(address) => return Observation::Known { address },
            Err(why) => why,
        },
        300..=399 => LookUpProblem::Redirected,
        _ => LookUpProblem::Status { status },
    };
    Observation::Unavailable { why }
}

/// Checks an address's family, and takes it through the publish gate.
///
/// # Errors
/// The [`LookUpProblem`] that the source's answer amounts to.
pub fn admit(family: Family, address: IpAddr) -> Result<PublicAddress, LookUpProblem> {
    if Family::of(address) != family {
        return Err(LookUpProblem::WrongFamily);
    }
    PublicAddress::try_from(address)
        .map_err(|why| LookUpProblem::Unpublishable { address: address.to_string(), why })
}

fn read_address(family: Family, body: &[u8]) -> Result<PublicAddress, LookUpProblem> {
    let not_an_address = || LookUpProblem::NotAnAddress { line: first_line(body) };
    let text = std::str::from_utf8(body).map_err(|_| not_an_address())?;
    // Pages are made by hand and by editors: they put blank lines, tabs and byte-order marks around the address.
    let alone = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
    let address: IpAddr = alone.parse().map_err(|_| not_an_address())?;
    admit(family, address)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(family: Family, body: &str) -> LookUpProblem {
        match read_web_resolver(family, 200, body.as_bytes()) {
            Observation::Unavailable { why } => why,
            other => panic!("{body:?} was taken as {other:?}"),
        }
    }

    #[test]
    fn one_address_is_read_whatever_white_space_or_mark_stands_around_it() {
        for body in [
            "84.160.12.7",
            "84.160.12.7\n",
            "84.160.12.7\r\n",
            " 84.160.12.7 \n",
            "84.160.12.7\n\n",
            "84.160.12.7\r\n\r\n",
            "84.160.12.7\r",
            "\n\r\n84.160.12.7",
            "\t84.160.12.7\t",
            " \t\r\n 84.160.12.7 \t\r\n \x0c",
            "\u{feff}84.160.12.7",
            "\u{feff}\r\n\t84.160.12.7\r\n\r\n",
            "\n\u{feff}84.160.12.7\u{feff}\n",
        ] {
            let seen = read_web_resolver(Family::Ipv4, 200, body.as_bytes());
            assert!(
                matches!(&seen, Observation::Known { address } if address.to_string() == "84.160.12.7"),
                "{body:?}: {seen:?}"
            );
        }
    }

    #[test]
    fn what_other_clients_publish_is_refused_here() {
        assert!(matches!(why(Family::Ipv4, "192.168.1.5"), LookUpProblem::Unpublishable { .. }));
        assert!(matches!(why(Family::Ipv4, "100.64.1.2"), LookUpProblem::Unpublishable { .. }));
        assert!(matches!(why(Family::Ipv4, "127.0.0.1"), LookUpProblem::Unpublishable { .. }));
        assert!(matches!(why(Family::Ipv6, "::ffff:84.160.12.7"), LookUpProblem::Unpublishable { .. }));
        assert_eq!(why(Family::Ipv4, "2003:e1::7"), LookUpProblem::WrongFamily);
        for body in [
            "",
            "\n",
            "\u{feff}",
            " \t\r\n\u{feff}\n",
            "FW 7.28.1.9",
            "84.160.12.7\n\n84.160.12.7",
            "84.160.12.7 84.160.12.7",
            "84.160.12.7\t84.160.12.8",
            "84.160. 12.7",
            "84.160.\n12.7",
            "84.160\u{feff}.12.7",
            "84.160.12.7\nok",
            "ip\n84.160.12.7",
            "84.160.12.7\n<br>",
            "\u{a0}84.160.12.7",
            "84.160.12.7\u{a0}\n",
            "84.160.12.7\u{3000}",
            "84.160.12.7\u{2028}",
            "\u{200b}84.160.12.7",
            "<html>84.160.12.7</html>",
            "84.160.12.7\n84.160.12.8",
            "84.160.12.7,84.160.12.8",
            "84.160.12.7\0",
            "084.160.12.7",
            "good",
        ] {
            assert!(matches!(why(Family::Ipv4, body), LookUpProblem::NotAnAddress { .. }), "{body:?}");
        }
    }

    #[test]
    fn a_status_other_than_success_is_no_answer_even_with_an_address_in_it() {
        let seen = |status| read_web_resolver(Family::Ipv4, status, b"84.160.12.7");
        assert_eq!(seen(302), Observation::Unavailable { why: LookUpProblem::Redirected });
        assert_eq!(seen(503), Observation::Unavailable { why: LookUpProblem::Status { status: 503 } });
    }
}
