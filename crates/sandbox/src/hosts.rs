//! Host names with their records, on/off switch and update token.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

use crate::addresses::Addresses;
use crate::clock::{now_ms, timestamp};
use crate::error::SandboxError;
use crate::token::TokenKind;

/// The records of a host. New hosts have both; older accounts can have an A and an AAAA host of one name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Records {
    /// A and AAAA with one token.
    Both,
    /// A only.
    A,
    /// AAAA only.
    Aaaa,
}

impl Records {
    /// The name in the database and in forms.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::A => "a",
            Self::Aaaa => "aaaa",
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Self> {
        [Self::Both, Self::A, Self::Aaaa].into_iter().find(|records| records.key() == key)
    }

    /// The given addresses, without those that these records can't hold.
    pub(crate) fn keep(self, addresses: Addresses) -> Addresses {
        Addresses {
            ipv4: addresses.ipv4.filter(|_| self != Self::Aaaa),
            ipv6: addresses.ipv6.filter(|_| self != Self::A),
        }
    }
}

/// The state of a host's update token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenState {
    /// There is no token.
    None,
    /// The token was created, but never used.
    Unused,
    /// The token was used at least once.
    Used,
}

/// A host, with everything that the portal shows of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostState {
    /// The ID of its row in the database.
    #[serde(skip)]
    pub(crate) id: i64,
    #[serde(skip)]
    pub(crate) account: i64,
    /// The host name, in lower case.
    pub name: String,
    /// Its records.
    pub records: Records,
    /// True while the host is switched on.
    pub active: bool,
    /// True while its A record is switched on.
    pub ipv4_on: bool,
    /// True while its AAAA record is switched on.
    pub ipv6_on: bool,
    /// Its published addresses. One that is switched off stays here, but name servers don't return it.
    #[serde(flatten)]
    pub published: Addresses,
    /// The time of the last change of its addresses.
    pub updated_at: Option<Timestamp>,
    /// The state of its update token.
    pub token: TokenState,
    /// The times when its tokens were created, in the order of [`TokenKind::ALL`].
    #[serde(skip)]
    pub(crate) tokens_made_ms: [Option<i64>; 3],
}

impl HostState {
    /// The host's key in the portal's URLs: the name, and `~a` or `~aaaa` for hosts with one record.
    pub(crate) fn key(&self) -> String {
        match self.records {
            Records::Both => self.name.clone(),
            one => format!("{}~{}", self.name, one.key()),
        }
    }

    /// Identifiers of the present tokens: the times when they were created, or `none`. A form on the host's page carries
    /// them to say which token it replaces.
    pub(crate) fn token_versions(&self) -> String {
        let version = |made: Option<i64>| made.map_or_else(|| "none".to_owned(), |ms| ms.to_string());
        self.tokens_made_ms.map(version).join(".")
    }

    /// Returns true if the token of a kind is still the one that a form was made for. A form may leave out the versions.
    pub(crate) fn token_is_still(&self, kind: TokenKind, versions: &str) -> bool {
        let now = self.token_versions();
        let of_kind = |versions: &str| versions.split('.').nth(kind as usize).map(str::to_owned);
        versions.is_empty() || of_kind(versions) == of_kind(&now)
    }

    /// Returns true if the host has a token of this kind.
    pub(crate) fn has(&self, kind: TokenKind) -> bool {
        self.tokens_made_ms.get(kind as usize).is_some_and(Option::is_some)
    }

    /// Returns true if somebody may be using the token of this kind. Only of update tokens it is known whether one does.
    pub(crate) fn loses_by_replacing(&self, kind: TokenKind) -> bool {
        match kind {
            TokenKind::Update => self.token == TokenState::Used,
            TokenKind::Move | TokenKind::Acme => self.has(kind),
        }
    }

    /// The given addresses, without those whose family is switched off or not among the host's records.
    pub(crate) fn keep(&self, addresses: Addresses) -> Addresses {
        let kept = self.records.keep(addresses);
        Addresses { ipv4: kept.ipv4.filter(|_| self.ipv4_on), ipv6: kept.ipv6.filter(|_| self.ipv6_on) }
    }

    /// The addresses that name servers return while the host is active.
    pub fn public(&self) -> Addresses {
        self.keep(self.published)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (created, used): (Option<i64>, Option<i64>) = (row.get("made_ms")?, row.get("used_ms")?);
        let text = |column: &str| row.get::<_, Option<String>>(column);
        Ok(Self {
            id: row.get("id")?,
            account: row.get("account")?,
            name: row.get("name")?,
            records: Records::from_key(&row.get::<_, String>("records")?).unwrap_or(Records::Both),
            active: row.get("active")?,
            ipv4_on: row.get("ipv4_on")?,
            ipv6_on: row.get("ipv6_on")?,
            published: Addresses {
                ipv4: text("ipv4")?.and_then(|text| text.parse().ok()),
                ipv6: text("ipv6")?.and_then(|text| text.parse().ok()),
            },
            updated_at: row.get::<_, Option<i64>>("updated_ms")?.map(timestamp),
            tokens_made_ms: [created, row.get("move_made_ms")?, row.get("acme_made_ms")?],
            token: match (created, used) {
                (None, _) => TokenState::None,
                (Some(_), None) => TokenState::Unused,
                (Some(_), Some(_)) => TokenState::Used,
            },
        })
    }
}

const SELECT: &str = "SELECT hosts.*, tokens.made_ms, tokens.used_ms,
    (SELECT made_ms FROM tokens WHERE host = hosts.id AND kind = 'move') AS move_made_ms,
    (SELECT made_ms FROM tokens WHERE host = hosts.id AND kind = 'acme') AS acme_made_ms
    FROM hosts LEFT JOIN tokens ON tokens.host = hosts.id AND tokens.kind = 'update'";

/// All hosts, or those of one account, by name.
pub(crate) fn all(db: &Connection, account: Option<i64>) -> Result<Vec<HostState>, SandboxError> {
    let sql = format!("{SELECT} WHERE ?1 IS NULL OR account = ?1 ORDER BY name, records");
    let mut query = db.prepare(&sql)?;
    Ok(query.query_map([account], HostState::from_row)?.collect::<Result<_, _>>()?)
}

/// The hosts of one name: one, or an A and an AAAA host.
pub(crate) fn named(db: &Connection, name: &str) -> Result<Vec<HostState>, SandboxError> {
    let mut query = db.prepare(&format!("{SELECT} WHERE name = ?1 ORDER BY records"))?;
    Ok(query.query_map([name], HostState::from_row)?.collect::<Result<_, _>>()?)
}

/// The host of an account with this key, see [`HostState::key`].
pub(crate) fn by_key(db: &Connection, account: i64, key: &str) -> Result<Option<HostState>, SandboxError> {
    let (name, records) = key.split_once('~').unwrap_or((key, Records::Both.key()));
    let sql = format!("{SELECT} WHERE account = ?1 AND name = ?2 AND records = ?3");
    Ok(db.query_row(&sql, params![account, name, records], HostState::from_row).optional()?)
}

/// Adds a host. Returns false when the name is taken, by another account or by a host with overlapping records.
pub(crate) fn add(db: &Connection, account: i64, name: &str, records: Records) -> Result<bool, SandboxError> {
    let existing = named(db, name)?;
    let clash = existing.iter().any(|host| {
        host.account != account || host.records == records || [host.records, records].contains(&Records::Both)
    });
    if !clash {
        let insert = "INSERT INTO hosts (account, name, records) VALUES (?1, ?2, ?3)";
        db.execute(insert, params![account, name, records.key()])?;
    }
    Ok(!clash)
}

/// Deletes a host with its token.
pub(crate) fn delete(db: &Connection, host: i64) -> Result<(), SandboxError> {
    db.execute("DELETE FROM hosts WHERE id = ?1", [host])?;
    Ok(())
}

/// Switches a host on or off.
pub(crate) fn set_active(db: &Connection, host: i64, active: bool) -> Result<(), SandboxError> {
    db.execute("UPDATE hosts SET active = ?2 WHERE id = ?1", params![host, active])?;
    Ok(())
}

/// An address family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Ipv4,
    Ipv6,
}

/// Switches one family of a host on or off.
pub(crate) fn set_family(db: &Connection, host: i64, family: Family, on: bool) -> Result<(), SandboxError> {
    let sql = match family {
        Family::Ipv4 => "UPDATE hosts SET ipv4_on = ?2 WHERE id = ?1",
        Family::Ipv6 => "UPDATE hosts SET ipv6_on = ?2 WHERE id = ?1",
    };
    db.execute(sql, params![host, on])?;
    Ok(())
}

/// Publishes addresses of a host.
pub(crate) fn publish(
    db: &Connection,
    host: i64,
    addresses: Addresses,
    now: i64,
) -> Result<(), SandboxError> {
    let (ipv4, ipv6) = (addresses.ipv4.map(|ip| ip.to_string()), addresses.ipv6.map(|ip| ip.to_string()));
    db.execute(
        "UPDATE hosts SET ipv4 = ?2, ipv6 = ?3, updated_ms = ?4 WHERE id = ?1",
        params![host, ipv4, ipv6, now],
    )?;
    Ok(())
}

/// Stores the hash of a host's new token, which replaces an older one of its kind.
pub(crate) fn set_token(db: &Connection, host: i64, kind: TokenKind, hash: &str) -> Result<(), SandboxError> {
    db.execute(
        "INSERT OR REPLACE INTO tokens (host, kind, hash, made_ms) VALUES (?1, ?2, ?3, ?4)",
        params![host, kind.key(), hash, now_ms()],
    )?;
    Ok(())
}

/// The same for a host that has no update token yet. Returns false if it has one, which stays.
pub(crate) fn set_first_token(db: &Connection, host: i64, hash: &str) -> Result<bool, SandboxError> {
    let rows = db.execute(
        "INSERT OR IGNORE INTO tokens (host, kind, hash, made_ms) VALUES (?1, 'update', ?2, ?3)",
        params![host, hash, now_ms()],
    )?;
    Ok(rows == 1)
}

/// Removes a host's update token.
pub(crate) fn remove_token(db: &Connection, host: i64) -> Result<(), SandboxError> {
    db.execute("DELETE FROM tokens WHERE host = ?1 AND kind = 'update'", [host])?;
    Ok(())
}

/// The hash of a host's token of a kind.
pub(crate) fn token_hash(
    db: &Connection,
    host: i64,
    kind: TokenKind,
) -> Result<Option<String>, SandboxError> {
    let sql = "SELECT hash FROM tokens WHERE host = ?1 AND kind = ?2";
    Ok(db.query_row(sql, params![host, kind.key()], |row| row.get(0)).optional()?)
}

/// Records that a host's update token was used.
pub(crate) fn mark_token_used(db: &Connection, host: i64, now: i64) -> Result<(), SandboxError> {
    db.execute("UPDATE tokens SET used_ms = ?2 WHERE host = ?1 AND kind = 'update'", params![host, now])?;
    Ok(())
}

/// Combines an A and an AAAA host of one name into a host with both records. The host with the records `keep` keeps its
/// tokens and its on/off switch's meaning; the other one's tokens are void.
pub(crate) fn combine(db: &Connection, pair: [&HostState; 2], keep: Records) -> Result<(), SandboxError> {
    let [a, aaaa] = pair;
    let (kept, gone) = if keep == Records::A { (a, aaaa) } else { (aaaa, a) };
    db.execute("UPDATE update_log SET host = ?1 WHERE host = ?2", [kept.id, gone.id])?;
    db.execute("DELETE FROM hosts WHERE id = ?1", [gone.id])?;
    // What was switched off stays off.
    let active = a.active || aaaa.active;
    let (ipv4_on, ipv6_on) = (a.ipv4_on && (a.active || !active), aaaa.ipv6_on && (aaaa.active || !active));
    db.execute(
        "UPDATE hosts SET records = 'both', active = ?2, ipv4_on = ?3, ipv6_on = ?4, ipv4 = ?5, ipv6 = ?6,
         updated_ms = ?7 WHERE id = ?1",
        params![
            kept.id,
            active,
            ipv4_on,
            ipv6_on,
            a.published.ipv4.map(|ip| ip.to_string()),
            aaaa.published.ipv6.map(|ip| ip.to_string()),
            a.updated_at.max(aaaa.updated_at).map(jiff::Timestamp::as_millisecond),
        ],
    )?;
    Ok(())
}

/// Returns true for a fully qualified host name: two labels or more of letters, digits and hyphens.
pub(crate) fn is_fqdn(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let labels: Vec<_> = name.split('.').collect();
    name.len() <= 253
        && labels.len() >= 2
        && labels.iter().all(|text| label(text))
        && labels.last().is_some_and(|top| top.bytes().any(|byte| byte.is_ascii_alphabetic()))
}
