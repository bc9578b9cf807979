//! A table of host names and tokens. The columns of SPDYN's own file are not documented, so they are found by their
//! headings and contents.

use super::candidate::Candidate;
mod records;

use self::records::{MOST_COLUMNS, Record, read_records};
use super::found::LeftOutWhy;
use super::name::below;
use super::reading::Reading;
use crate::types::hostname::{Hostname, HostnameError, is_label};
use crate::types::token::{TokenShape, shape};

const SEPARATORS: [char; 4] = [';', ',', '\t', '|'];
/// The number of rows that are examined to find the columns.
const SAMPLE: usize = 200;

/// The position of each column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Columns {
    host: Option<usize>,
    /// The domain of host names that are labels.
    domain: Option<usize>,
    secret: Option<usize>,
    user: Option<usize>,
    server: Option<usize>,
}

/// Reads a table.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let (said, text, lines_before) = said_separator(text);
    let separator = said.unwrap_or_else(|| likely_separator(text));
    let rows = read_records(text, separator, usize::MAX);
    let holds_nothing = |field: &String| !is_host(field) && !is_token(field);
    let is_headed = |row: &Record| headings(&row.fields) != Columns::default();
    let is_head = |row: &Record| {
        let head = headings(&row.fields);
        head.host.is_some() && head.secret.is_some() && row.fields.iter().all(holds_nothing)
    };
    let is_first =
        |row: &Record| is_headed(row) || (row.fields.len() > 1 && row.fields.iter().all(holds_nothing));
    // Several files, one behind the other, have a head each.
    let begins: Vec<usize> =
        (0..rows.len()).filter(|at| *at == 0 || is_head(&rows[*at])).chain([rows.len()]).collect();
    let mut is_recognised = false;
    for part in begins.windows(2).map(|part| &rows[part[0]..part[1]]) {
        let (head, rows) = match part.split_first() {
            Some((first, rows)) if is_first(first) => (headings(&first.fields), rows),
            _ => (Columns::default(), part),
        };
        let columns = complete(head, rows);
        is_recognised |= columns.host.is_some();
        for row in rows.iter().filter(|_| columns.host.is_some()) {
            take_row(row.line + lines_before, &row.fields, columns, reading);
        }
    }
    if !is_recognised {
        reading.leave_out_file(LeftOutWhy::NotRecognised);
    }
}

fn take_row(line: u32, fields: &[String], columns: Columns, reading: &mut Reading) {
    let at = |column: Option<usize>| column.and_then(|at| fields.get(at)).map_or("", String::as_str);
    if fields.iter().all(String::is_empty) {
        return;
    }
    let (host, domain) = (at(columns.host), at(columns.domain));
    let is_label = is_label(host) && is_host(domain);
    let hostname = if is_label { below(host, domain) } else { host.to_owned() };
    reading.offer(Candidate {
        line,
        hostname: &hostname,
        user: at(columns.user),
        secret: at(columns.secret),
        server: Some(at(columns.server)).filter(|server| !server.is_empty()),
        ..Candidate::default()
    });
}

/// The separator that Excel writes into its first line, `sep=;`, the text behind that line, and the lines before it.
fn said_separator(text: &str) -> (Option<char>, &str, u32) {
    let line = text.split(['\r', '\n']).next().unwrap_or_default();
    let said = line.trim_matches([' ', '"']);
    let is_said = said.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("sep="));
    let separator = is_said.then(|| said[4..].chars().next().unwrap_or('\t'));
    match separator.filter(|separator| !separator.is_alphanumeric() && *separator != '"') {
        Some(separator) => {
            let behind = &text[line.len()..];
            let behind =
                behind.strip_prefix("\r\n").or_else(|| behind.strip_prefix(['\r', '\n'])).unwrap_or(behind);
            (Some(separator), behind, 1)
        }
        None => (None, text, 0),
    }
}

/// The separator that splits the first row into known headings, else most rows into a host name and something else.
fn likely_separator(text: &str) -> char {
    let fits = |separator: char| {
        let rows = read_records(text, separator, SAMPLE);
        let parted = || rows.iter().filter(|row| row.fields.len() > 1);
        let is_headed = rows
            .first()
            .filter(|row| row.fields.len() > 1)
            .is_some_and(|row| headings(&row.fields) != Columns::default());
        (is_headed, parted().filter(|row| row.fields.iter().any(|field| is_host(field))).count())
    };
    // `max_by_key` takes the last of the best, so the likeliest comes last.
    SEPARATORS.into_iter().rev().max_by_key(|separator| fits(*separator)).unwrap_or(';')
}

/// The columns that the first line names.
fn headings(first: &[String]) -> Columns {
    let mut columns = Columns::default();
    for (at, heading) in first.iter().enumerate() {
        let heading: String = heading.chars().filter(char::is_ascii_alphanumeric).collect();
        let column = match heading.to_ascii_lowercase().as_str() {
            "host" | "hosts" | "hostname" | "hostnamen" | "hostnames" | "fqdn" => &mut columns.host,
            "domain" | "domainname" => &mut columns.domain,
            "token" | "updatetoken" | "spdynupdatetoken" | "password" | "passwort" | "kennwort" => {
                &mut columns.secret
            }
            "user" | "username" | "benutzer" | "benutzername" | "login" => &mut columns.user,
            "server" | "updateserver" => &mut columns.server,
            _ => continue,
        };
        column.get_or_insert(at);
    }
    if columns.host.is_none() {
        columns.host = columns.domain.take();
    }
    columns
}

/// Finds the columns that the headings don't name, by their contents.
fn complete(mut columns: Columns, rows: &[Record]) -> Columns {
    let (mut hosts, mut tokens) = (vec![0usize; MOST_COLUMNS], vec![0usize; MOST_COLUMNS]);
    let mut width = 0;
    for Record { fields, .. } in rows.iter().take(SAMPLE) {
        width = width.max(fields.len());
        for (at, field) in fields.iter().enumerate() {
            hosts[at] += usize::from(is_host(field));
            tokens[at] += usize::from(is_token(field));
        }
    }
    columns.host = columns.host.or_else(|| fullest(&hosts));
    columns.secret = columns.secret.or_else(|| fullest(&tokens)).or_else(|| {
        // Other services' secrets have any shape. Of two columns, the other one has them.
        let others = || (0..width).filter(|at| Some(*at) != columns.host);
        others().next().filter(|_| others().count() == 1)
    });
    columns
}

/// The position of the first highest count; none where all are zero.
fn fullest(counts: &[usize]) -> Option<usize> {
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most)
}

fn is_host(field: &str) -> bool {
    matches!(Hostname::parse(field), Ok(_) | Err(HostnameError::NotAscii { .. }))
}

fn is_token(field: &str) -> bool {
    matches!(shape(field), TokenShape::UpdateToken | TokenShape::MoveToken)
}
