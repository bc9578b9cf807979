//! SPDYN's DNS zones, filled from the database for each query.

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
/// The time to live of records, in seconds. SPDYN's own is unpublished; dynamic names have a low one.
const TTL: u32 = 60;
/// The name server's own name. It doesn't resolve, since no zone is delegated here.
const SERVER: &str = "ns.spdyn.test.";

/// The response to one query.
pub(crate) struct DnsResponse {
    pub(crate) code: ResponseCode,
    /// True if the name lies in one of the zones.
    pub(crate) authoritative: bool,
    pub(crate) answers: Vec<Record>,
    /// The zone's SOA record, if there are no answers.
    pub(crate) soa: Option<Record>,
}

impl DnsResponse {
    /// A response with a code and nothing else.
    pub(crate) fn code_only(code: ResponseCode) -> Self {
        Self { code, authoritative: false, answers: Vec::new(), soa: None }
    }
}

/// Answers a query. A host or family that is switched off isn't published.
pub(crate) fn resolve(
    db: &Connection,
    query_name: &Name,
    class: DNSClass,
    record_type: RecordType,
) -> Result<DnsResponse, SandboxError> {
    let name = normalized(query_name);
    let Some(zone) = ZONES.into_iter().find(|zone| within(&name, zone)) else {
        return Ok(DnsResponse::code_only(ResponseCode::Refused));
    };
    if class != DNSClass::IN || matches!(record_type, RecordType::AXFR | RecordType::IXFR) {
        return Ok(DnsResponse::code_only(ResponseCode::Refused));
    }
    let soa = soa(db, zone)?;
    let mut records = Vec::new();
    let mut exists = name == zone;
    if exists {
        records.push(soa.clone());
        records.push(Record::from_rdata(query_name.clone(), TTL, RData::NS(NS(parsed(SERVER)))));
    }
    for host in hosts::named(db, &name)?.iter().filter(|host| host.active) {
        exists = true;
        let public = host.public();
        let addresses =
            [public.ipv4.map(|ip| RData::A(ip.into())), public.ipv6.map(|ip| RData::AAAA(ip.into()))];
        records.extend(
            addresses.into_iter().flatten().map(|data| Record::from_rdata(query_name.clone(), TTL, data)),
        );
    }
    exists = exists || has_children(db, &name)?;
    records.retain(|record| record_type == RecordType::ANY || record.record_type() == record_type);
    Ok(DnsResponse {
        code: if exists { ResponseCode::NoError } else { ResponseCode::NXDomain },
        authoritative: true,
        soa: records.is_empty().then_some(soa),
        answers: records,
    })
}

/// The SOA record of a zone. Its serial grows with each change of any host (see the triggers in `store.rs`).
fn soa(db: &Connection, zone: &str) -> Result<Record, SandboxError> {
    let serial: i64 = db.query_row("SELECT n FROM counts WHERE what = 'serial'", [], |row| row.get(0))?;
    let serial = u32::try_from(serial & i64::from(u32::MAX)).unwrap_or(1); // it wraps, as serials do
    let data = SOA::new(parsed(SERVER), parsed("hostmaster.spdyn.test."), serial, 3600, 600, 86400, TTL);
    Ok(Record::from_rdata(parsed(&format!("{zone}.")), TTL, RData::SOA(data)))
}

/// Returns true if an active host lies below a name. The name then exists, though it has no records.
fn has_children(db: &Connection, name: &str) -> Result<bool, SandboxError> {
    let sql = "SELECT 1 FROM hosts WHERE active AND substr(name, -length(?1)) = ?1 LIMIT 1";
    Ok(db.query_row(sql, [format!(".{name}")], |_| Ok(())).optional()?.is_some())
}

fn within(name: &str, zone: &str) -> bool {
    name.strip_suffix(zone).is_some_and(|front| front.is_empty() || front.ends_with('.'))
}

/// A name in the database's form: lower case, no trailing dot.
fn normalized(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

fn parsed(name: &str) -> Name {
    Name::from_ascii(name).unwrap_or_default() // all of them are constants above
}
