//! What the name server knows: SPDYN's zones, filled from the database at the moment of the question.

use hickory_server::proto::op::ResponseCode;
use hickory_server::proto::rr::rdata::{NS, SOA};
use hickory_server::proto::rr::{DNSClass, Name, RData, Record, RecordType};
use rusqlite::{Connection, OptionalExtension as _};

use crate::error::SandboxError;
use crate::hosts;

/// The zones of the service.
const ZONES: [&str; 10] = [
    "spdns.de",
    "spdns.eu",
    "spdns.org",
    "firewall-gateway.de",
    "firewall-gateway.com",
    "firewall-gateway.net",
    "my-gateway.de",
    "my-router.de",
    "my-firewall.org",
    "myfirewall.org",
];
/// In seconds. SPDYN's own is unpublished; dynamic names have a low one.
const TTL: u32 = 60;
/// The name server's own name, which leads nowhere: nobody is delegated here.
const SERVER: &str = "ns.spdyn.test.";

/// The answer to one question.
pub(crate) struct Answer {
    pub(crate) code: ResponseCode,
    /// Whether the name lies in one of the zones.
    pub(crate) authoritative: bool,
    pub(crate) answers: Vec<Record>,
    /// The zone's SOA, where there is no record to answer with.
    pub(crate) soa: Option<Record>,
}

impl Answer {
    /// An answer that is only a code.
    pub(crate) fn only(code: ResponseCode) -> Self {
        Self { code, authoritative: false, answers: Vec::new(), soa: None }
    }
}

/// Answers a question. What is switched off, host or family, isn't published.
pub(crate) fn answer(
    db: &Connection,
    asked: &Name,
    class: DNSClass,
    kind: RecordType,
) -> Result<Answer, SandboxError> {
    let name = text(asked);
    let Some(zone) = ZONES.into_iter().find(|zone| within(&name, zone)) else {
        return Ok(Answer::only(ResponseCode::Refused));
    };
    if class != DNSClass::IN || matches!(kind, RecordType::AXFR | RecordType::IXFR) {
        return Ok(Answer::only(ResponseCode::Refused));
    }
    let soa = soa(db, zone)?;
    let mut records = Vec::new();
    let mut exists = name == zone;
    if exists {
        records.push(soa.clone());
        records.push(Record::from_rdata(asked.clone(), TTL, RData::NS(NS(parsed(SERVER)))));
    }
    for host in hosts::named(db, &name)?.iter().filter(|host| host.active) {
        exists = true;
        let public = host.public();
        let addresses =
            [public.ipv4.map(|ip| RData::A(ip.into())), public.ipv6.map(|ip| RData::AAAA(ip.into()))];
        records
            .extend(addresses.into_iter().flatten().map(|data| Record::from_rdata(asked.clone(), TTL, data)));
    }
    exists = exists || has_children(db, &name)?;
    records.retain(|record| kind == RecordType::ANY || record.record_type() == kind);
    Ok(Answer {
        code: if exists { ResponseCode::NoError } else { ResponseCode::NXDomain },
        authoritative: true,
        soa: records.is_empty().then_some(soa),
        answers: records,
    })
}

/// The start of a zone. Its serial grows with each change of any host (see the triggers in `store.rs`).
fn soa(db: &Connection, zone: &str) -> Result<Record, SandboxError> {
    let serial: i64 = db.query_row("SELECT n FROM counts WHERE what = 'serial'", [], |row| row.get(0))?;
    let serial = u32::try_from(serial & i64::from(u32::MAX)).unwrap_or(1); // it wraps, as serials do
    let data = SOA::new(parsed(SERVER), parsed("hostmaster.spdyn.test."), serial, 3600, 600, 86400, TTL);
    Ok(Record::from_rdata(parsed(&format!("{zone}.")), TTL, RData::SOA(data)))
}

/// Whether there is an active host below a name; then the name exists, though it has no records.
fn has_children(db: &Connection, name: &str) -> Result<bool, SandboxError> {
    let sql = "SELECT 1 FROM hosts WHERE active AND substr(name, -length(?1)) = ?1 LIMIT 1";
    Ok(db.query_row(sql, [format!(".{name}")], |_| Ok(())).optional()?.is_some())
}

fn within(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// A name as the database has it: lower case, no dot at the end.
fn text(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

fn parsed(name: &str) -> Name {
    Name::from_ascii(name).unwrap_or_default() // all of them are constants above
}
