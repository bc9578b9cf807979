//! The rows of a table as RFC 4180 has them: a field between quotation marks may hold separators, line breaks and
//! doubled quotation marks. Forgiven are white space around fields, any line break, and a mark that never closes.

/// The most columns that are read.
pub(super) const MOST_COLUMNS: usize = 64;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    /// Its first line, from 1.
    pub(super) line: u32,
    /// Its fields, without their quotation marks.
    pub(super) fields: Vec<String>,
}

/// The end of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Field,
    Row,
}

/// Reads up to `most` rows. Empty rows and comments are left out.
pub(super) fn read_records(text: &str, separator: char, most: usize) -> Vec<Record> {
    let mut records = Vec::new();
    let (mut rest, mut line) = (text, 1u32);
    while !rest.is_empty() && records.len() < most {
        let begin = line;
        let row = rest.trim_start_matches([' ', '\u{a0}']);
        if row.starts_with('#') || row.starts_with(['\r', '\n']) {
            rest = behind_break(&row[row.find(['\r', '\n']).unwrap_or(row.len())..]);
            line = line.saturating_add(1);
            continue;
        }
        let mut fields = Vec::new();
        loop {
            let (field, end, behind) = read_field(rest, separator);
            line = line.saturating_add(breaks(&rest[..rest.len() - behind.len()]));
            rest = behind;
            if fields.len() < MOST_COLUMNS {
                fields.push(field);
            }
            if end == End::Row {
                break;
            }
        }
        if fields.iter().any(|field| !field.is_empty()) {
            records.push(Record { line: begin, fields });
        }
    }
    records
}

/// The first field, its end, and the text behind that.
fn read_field(text: &str, separator: char) -> (String, End, &str) {
    let is_padding = |c: char| c != separator && (c == ' ' || c == '\u{a0}' || c == '\t');
    let quoted = text.trim_start_matches(is_padding).strip_prefix('"').and_then(read_quoted);
    let (field, from) = quoted.unwrap_or((String::new(), text));
    let is_bare = from.len() == text.len();
    let end = from.find([separator, '\r', '\n']).unwrap_or(from.len());
    let field = if is_bare { from[..end].to_owned() } else { field };
    let behind = &from[end..];
    let field = field.trim().to_owned();
    match behind.strip_prefix(separator) {
        Some(behind) => (field, End::Field, behind),
        None => (field, End::Row, behind_break(behind)),
    }
}

/// The text up to the closing mark, and the text behind it; none where it never closes.
fn read_quoted(inside: &str) -> Option<(String, &str)> {
    let mut field = String::new();
    let mut rest = inside;
    loop {
        let (before, behind) = rest.split_once('"')?;
        field.push_str(before);
        match behind.strip_prefix('"') {
            Some(behind) => {
                field.push('"');
                rest = behind;
            }
            None => return Some((field, behind)),
        }
    }
}

/// The text behind the line break at its beginning.
fn behind_break(text: &str) -> &str {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix(['\r', '\n'])).unwrap_or(text)
}

/// The number of line breaks: LF, CR, or both together.
fn breaks(text: &str) -> u32 {
    let returns = text.matches('\r').count() + text.matches('\n').count() - text.matches("\r\n").count();
    u32::try_from(returns).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The rows with their lines; fields end with a bar.
    fn taken(text: &str, separator: char) -> Vec<String> {
        let rows = read_records(text, separator, usize::MAX);
        rows.iter().map(|row| format!("{}:{}|", row.line, row.fields.join("|"))).collect()
    }

    #[test]
    fn a_table_is_read_as_the_rfc_has_it() {
        for (text, expected) in [
            ("a;b\r\nc;d\r\n", vec!["1:a|b|", "2:c|d|"]),
            ("a;b\rc;d\r", vec!["1:a|b|", "2:c|d|"]),
            ("a;b\nc;d", vec!["1:a|b|", "2:c|d|"]),
            ("a;\"b\r\nc\";d\r\ne", vec!["1:a|b\r\nc|d|", "3:e|"]),
            ("a;\"b\rc\";d\re", vec!["1:a|b\rc|d|", "3:e|"]),
            ("\"a\"\"b\";\"\";\"c;d\"", vec!["1:a\"b||c;d|"]),
            (" a ; \"b\" ;c", vec!["1:a|b|c|"]),
            ("a;b\"c\"", vec!["1:a|b\"c\"|"]),
            ("\"a\"x;b", vec!["1:a|b|"]),
            ("a;\"b\nc;d", vec!["1:a|\"b|", "2:c|d|"]),
            ("\n\n;;\n# x;y\n \na", vec!["6:a|"]),
            ("a;;", vec!["1:a|||"]),
            ("", vec![]),
        ] {
            assert_eq!(taken(text, ';'), expected, "{text:?}");
        }
        assert_eq!(taken("a\tb c\t\n", '\t'), ["1:a|b c||"]);
        assert_eq!(read_records("a\nb\nc", ';', 2).len(), 2);
    }
}
