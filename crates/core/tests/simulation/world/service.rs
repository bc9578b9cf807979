//! An update server and the keyring, which a request meets on its way.

use std::collections::BTreeMap;
use std::net::IpAddr;

use dyntray_core::protocol::dialect::Batching;
use dyntray_core::protocol::request::UpdateRequest;
use dyntray_core::protocol::retry_after::RetryAfter;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::{SecretPresence, SendEnd};
use dyntray_core::types::address::{Family, PerFamily};
use dyntray_core::types::entry_id::EntryId;
use jiff::Timestamp;
use jiff::civil::Date;

/// A secret, as a number: the portal's newest is the right one.
pub type Secret = u32;

/// The behaviour of a server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// `good` or `nochg`, and `badauth` for a secret that isn't the portal's.
    #[default]
    Faithful,
    /// The same after so many seconds.
    Slow(i64),
    /// This HTTP status and body, whatever was asked; the request may have been carried out all the same.
    Says(u16, &'static str, CarriedOut),
    /// This HTTP status, and the wish to be left alone for so many seconds.
    AsksToWait(u16, i64),
    /// No answer comes.
    Silent(CarriedOut),
    /// No connection.
    Away,
    /// A wrong certificate.
    Untrusted,
    /// A certificate that isn't valid by this machine's clock.
    NotValidNow,
}

/// The fate of a request at a server that then fails to confirm it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CarriedOut {
    Yes,
    No,
}

/// What a host name is to a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// One host, with an A and an AAAA record.
    OfBothRecords,
    /// Two hosts, of one record and one token each.
    OfOneRecord,
}

/// One update server.
#[derive(Default)]
pub struct Server {
    pub mood: Mood,
    /// The records of each host name.
    pub records: BTreeMap<String, PerFamily<Option<IpAddr>>>,
    /// The number of its `nochg` answers.
    pub nochg: usize,
    /// The records that it deleted because a request didn't name their family.
    pub deleted: Vec<IpAddr>,
}

impl Server {
    /// The end of a request, and the seconds until then.
    pub fn take(&mut self, request: &UpdateRequest, host: Host, secret_is_right: bool) -> (SendEnd, i64) {
        let answered = |status, body: &str| SendEnd::Answered(request.classify(status, body.as_bytes()));
        match self.mood {
            Mood::Away => (SendEnd::Failed(RetryableError::Unreachable), 5),
            Mood::Untrusted => (SendEnd::Failed(RetryableError::NotTrusted), 1),
            Mood::NotValidNow => {
                (SendEnd::Failed(RetryableError::WrongClock { shows: Date::constant(2038, 1, 19) }), 1)
            }
            Mood::Silent(carried_out) => {
                if carried_out == CarriedOut::Yes {
                    self.publish(request, host);
                }
                (SendEnd::Failed(RetryableError::Unconfirmed), 30)
            }
            Mood::Says(status, body, carried_out) => {
                if carried_out == CarriedOut::Yes {
                    self.publish(request, host);
                }
                (answered(status, body), 1)
            }
            Mood::AsksToWait(status, _) => (answered(status, "Request was throttled."), 1),
            Mood::Faithful | Mood::Slow(_) => {
                let body = if secret_is_right { self.publish(request, host) } else { "badauth".to_owned() };
                let seconds = if let Mood::Slow(seconds) = self.mood { seconds } else { 1 };
                self.nochg += usize::from(body.starts_with("nochg"));
                (answered(200, &body), seconds)
            }
        }
    }

    /// The wish that comes with its answer.
    pub fn wish(&self, request: &UpdateRequest, now: Timestamp) -> Option<RetryAfter> {
        let Mood::AsksToWait(status, seconds) = self.mood else { return None };
        RetryAfter::read(&request.server, status, [seconds.to_string().as_str()], None, now)
    }

    fn publish(&mut self, request: &UpdateRequest, host: Host) -> String {
        let records = self.records.entry(request.hostname.to_string()).or_default();
        let mut changed = false;
        for address in request.addresses.iter() {
            let record = records.get_mut(address.family());
            changed |= *record != Some(address.ip());
            *record = Some(address.ip());
        }
        if request.dialect.batching == Batching::AlwaysBoth && host == Host::OfBothRecords {
            for family in Family::BOTH.into_iter().filter(|family| request.addresses.get(*family).is_none()) {
                self.deleted.extend(records.get_mut(family).take());
            }
        }
        format!("{} {}", if changed { "good" } else { "nochg" }, request.addresses)
    }
}

/// The state of the keyring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Door {
    #[default]
    Open,
    Locked,
    Absent,
}

/// The keyring.
#[derive(Default)]
pub struct Keyring {
    pub door: Door,
    pub secrets: BTreeMap<EntryId, Secret>,
}

impl Keyring {
    /// Whether an entry's secret is there.
    pub fn has(&self, entry: EntryId) -> SecretPresence {
        match (self.door, self.secrets.contains_key(&entry)) {
            (Door::Locked | Door::Absent, _) => SecretPresence::Unknown,
            (Door::Open, true) => SecretPresence::Found,
            (Door::Open, false) => SecretPresence::Missing { keyring: None },
        }
    }

    /// The secret of an entry.
    ///
    /// # Errors
    /// The end of the request without it.
    pub fn read(&self, entry: EntryId) -> Result<Secret, SendEnd> {
        match self.door {
            Door::Locked => Err(SendEnd::Failed(RetryableError::KeyringLocked)),
            Door::Absent => Err(SendEnd::Failed(RetryableError::KeyringAbsent)),
            Door::Open => self.secrets.get(&entry).copied().ok_or(SendEnd::NoSecret { keyring: None }),
        }
    }
}
