//! A table of host names and tokens. The columns of SPDYN's own file are not documented, so they are found by their
//! headings and contents.

use super::candidate::Candidate;
use super::found::LeftOutWhy;
use super::reading::Reading;
use crate::types::hostname::Hostname;
use crate::types::token::{TokenShape, shape};

const SEPARATORS: [char; 3] = [';', ',', '\t'];
/// The most columns that are read.
const MOST_COLUMNS: usize = 64;
/// The number of lines that are examined to find the columns.
const SAMPLE: usize = 200;

type Row<'a> = (u32, &'a str);

/// The position of each column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Columns {
    host: Option<usize>,
    secret: Option<usize>,
    user: Option<usize>,
    server: Option<usize>,
}

/// Reads a table.
pub(super) fn read(text: &str, reading: &mut Reading) {
    let mut rows: Vec<Row<'_>> = (1u32..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .collect();
    let said = said_separator(&rows);
    if said.is_some() {
        rows.remove(0);
    }
    let separator = said.unwrap_or_else(|| likely_separator(&rows));
    let first = rows.first().map(|(_, line)| fields(line, separator)).unwrap_or_default();
    let headed = headings(&first);
    let holds_nothing = |field: &String| Hostname::parse(field).is_err() && !is_token(field);
    if headed != Columns::default() || (first.len() > 1 && first.iter().all(holds_nothing)) {
        rows.remove(0);
    }
    let columns = complete(headed, &rows, separator);
    if columns.host.is_none() {
        return reading.leave_out_file(LeftOutWhy::NotRecognised);
    }
    for (line, row) in rows {
        take_row(line, &fields(row, separator), columns, reading);
    }
}

fn take_row(line: u32, fields: &[String], columns: Columns, reading: &mut Reading) {
    let at = |column: Option<usize>| column.and_then(|at| fields.get(at)).map_or("", String::as_str);
    if fields.iter().all(String::is_empty) {
        return;
    }
    reading.offer(Candidate {
        line,
        hostname: at(columns.host),
        user: at(columns.user),
        secret: at(columns.secret),
        server: Some(at(columns.server)).filter(|server| !server.is_empty()),
        ..Candidate::default()
    });
}

/// The separator that Excel writes into its first line: `sep=;`.
fn said_separator(rows: &[Row<'_>]) -> Option<char> {
    let (_, first) = rows.first()?;
    first.trim().strip_prefix("sep=")?.chars().next().filter(|said| SEPARATORS.contains(said))
}

/// The separator that splits most lines into a host name and something else.
fn likely_separator(rows: &[Row<'_>]) -> char {
    let parts = |separator: char| {
        let parted = rows.iter().take(SAMPLE).map(|(_, line)| fields(line, separator));
        parted.filter(|fields| fields.len() > 1 && fields.iter().any(|f| Hostname::parse(f).is_ok())).count()
    };
    // `max_by_key` takes the last of the best, so the likeliest comes last.
    SEPARATORS.into_iter().rev().max_by_key(|separator| parts(*separator)).unwrap_or(';')
}

/// The columns that the first line names.
fn headings(first: &[String]) -> Columns {
    let mut columns = Columns::default();
    for (at, heading) in first.iter().enumerate() {
        let heading: String = heading.chars().filter(char::is_ascii_alphanumeric).collect();
        let column = match heading.to_ascii_lowercase().as_str() {
            "host" | "hosts" | "hostname" | "hostnamen" | "hostnames" | "domain" | "domainname" | "fqdn" => {
                &mut columns.host
            }
            "token" | "updatetoken" | "spdynupdatetoken" | "password" | "passwort" | "kennwort" => {
                &mut columns.secret
            }
            "user" | "username" | "benutzer" | "benutzername" | "login" => &mut columns.user,
            "server" | "updateserver" => &mut columns.server,
            _ => continue,
        };
        column.get_or_insert(at);
    }
    columns
}

/// Finds the columns that the headings don't name, by their contents.
fn complete(mut columns: Columns, rows: &[Row<'_>], separator: char) -> Columns {
    let (mut hosts, mut tokens) = (vec![0usize; MOST_COLUMNS], vec![0usize; MOST_COLUMNS]);
    let mut width = 0;
    for (_, line) in rows.iter().take(SAMPLE) {
        let fields = fields(line, separator);
        width = width.max(fields.len());
        for (at, field) in fields.iter().enumerate() {
            hosts[at] += usize::from(Hostname::parse(field).is_ok());
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

fn is_token(field: &str) -> bool {
    matches!(shape(field), TokenShape::UpdateToken | TokenShape::MoveToken)
}

/// The fields of one line, without their quotes.
fn fields(line: &str, separator: char) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = line;
    while fields.len() < MOST_COLUMNS {
        let (field, after) = field(rest, separator);
        fields.push(field);
        let Some(after) = after else { break };
        rest = after;
    }
    fields
}

/// The first field of a line, and the text after its separator.
fn field(line: &str, separator: char) -> (String, Option<&str>) {
    let quoted = line.trim_start_matches([' ', '\u{a0}']).strip_prefix('"');
    let Some(inside) = quoted else {
        return match line.split_once(separator) {
            Some((field, rest)) => (field.trim().to_owned(), Some(rest)),
            None => (line.trim().to_owned(), None),
        };
    };
    let mut field = String::new();
    let mut chars = inside.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if c != '"' {
            field.push(c);
        } else if chars.next_if(|(_, next)| *next == '"').is_some() {
            field.push('"');
        } else {
            return (field.trim().to_owned(), inside[at..].split_once(separator).map(|(_, rest)| rest));
        }
    }
    // An unclosed quote.
    (field.trim().to_owned(), None)
}
