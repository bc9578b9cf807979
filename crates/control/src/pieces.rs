//! Long responses in pieces, so that neither end ever holds thousands of entries as one text.

use std::borrow::Cow;

use dyntray_core::present::change::SnapshotChange;

use crate::response::Response;

/// The number of entries or items in one piece.
const MOST: usize = 250;

/// The pieces of a response, in order. Most have one.
pub(crate) fn of(response: &Response) -> impl Iterator<Item = Cow<'_, Response>> {
    let count = match response {
        Response::Snapshot { snapshot } | Response::Changed { change: SnapshotChange { snapshot, .. } } => {
            snapshot.entries.len()
        }
        Response::History { items } => items.len(),
        _ => 0,
    };
    let pieces = count.div_ceil(MOST).max(1);
    (0..pieces).map(move |number| {
        if pieces == 1 {
            return Cow::Borrowed(response);
        }
        let from = number * MOST;
        let piece = piece(response, from, (from + MOST).min(count));
        let is_last = number + 1 == pieces;
        Cow::Owned(if is_last { piece } else { Response::Part { part: Box::new(piece) } })
    })
}

/// The same response with these of its entries or items alone.
fn piece(response: &Response, from: usize, to: usize) -> Response {
    match response {
        Response::Snapshot { snapshot } => {
            Response::Snapshot { snapshot: snapshot.with_entries(snapshot.entries[from..to].to_vec()) }
        }
        Response::Changed { change: SnapshotChange { since, snapshot, removed, order } } => {
            let snapshot = snapshot.with_entries(snapshot.entries[from..to].to_vec());
            // Once is enough, with the first.
            let (removed, order) =
                if from == 0 { (removed.clone(), order.clone()) } else { (Vec::new(), None) };
            Response::Changed { change: SnapshotChange { since: *since, snapshot, removed, order } }
        }
        Response::History { items } => Response::History { items: items[from..to].to_vec() },
        other => other.clone(),
    }
}

/// The response of pieces that arrive one after the other.
#[derive(Default)]
pub(crate) struct Gathered(Option<Box<Response>>);

impl Gathered {
    /// Takes the next piece. Gives the response with the last one.
    pub(crate) fn take(&mut self, piece: Response) -> Option<Response> {
        let (piece, is_last) = match piece {
            Response::Part { part } => (*part, false),
            last => (last, true),
        };
        let so_far = match self.0.take() {
            Some(so_far) => joined(*so_far, piece),
            None => piece,
        };
        if is_last {
            return Some(so_far);
        }
        self.0 = Some(Box::new(so_far));
        None
    }
}

fn joined(mut so_far: Response, piece: Response) -> Response {
    match (&mut so_far, piece) {
        (Response::Snapshot { snapshot: whole }, Response::Snapshot { snapshot: next })
        | (
            Response::Changed { change: SnapshotChange { snapshot: whole, .. } },
            Response::Changed { change: SnapshotChange { snapshot: next, .. } },
        ) => whole.entries.extend(next.entries),
        (Response::History { items: whole }, Response::History { items: next }) => whole.extend(next),
        // Pieces of two responses: the first was never finished.
        (_, other) => return other,
    }
    so_far
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::assess::Assessment;
    use dyntray_core::present::present;
    use dyntray_core::present::{Snapshot, change::Known};
    use dyntray_core::settings::form::{EntryForm, Form, check};
    use dyntray_core::state::State;
    use dyntray_core::types::entry_id::EntryId;

    fn snapshot(count: u32) -> Snapshot {
        let named = |number| EntryForm {
            id: Some(EntryId(number)),
            hostname: format!("home{number}.spdns.de"),
            ..EntryForm::default()
        };
        let settings =
            check(&Form { entries: (1..=count).map(named).collect(), ..Form::default() }).expect("valid");
        let state = State::default();
        present(&settings, &state, &Assessment::of(&settings, &state), &[], jiff::Timestamp::UNIX_EPOCH)
    }

    fn lines(response: &Response) -> Vec<String> {
        of(response).map(|piece| serde_json::to_string(piece.as_ref()).expect("JSON")).collect()
    }

    fn gathered(lines: &[String]) -> Vec<Response> {
        let mut gathered = Gathered::default();
        lines.iter().filter_map(|line| gathered.take(serde_json::from_str(line).expect("is read"))).collect()
    }

    #[test]
    fn thousands_of_entries_go_in_lines_of_a_few_hundred_and_arrive_whole() {
        for (count, pieces) in [(0, 1), (1, 1), (250, 1), (251, 2), (2_000, 8), (5_000, 20)] {
            let whole = Response::Snapshot { snapshot: snapshot(count) };
            let change = SnapshotChange::since(&Known::of(&Snapshot::default()), &snapshot(count));
            for response in [whole, Response::Changed { change }] {
                let lines = lines(&response);
                let longest = lines.iter().map(String::len).max().unwrap_or_default();
                assert!(lines.len() == pieces && longest < 512 * 1024, "{count}: {}, {longest}", lines.len());
                let arrived = gathered(&lines);
                assert_eq!(arrived.len(), 1);
                let json = |response| serde_json::to_value(response).expect("JSON");
                assert!(json(&arrived[0]) == json(&response), "{count}");
            }
        }
    }

    #[test]
    fn what_was_never_finished_is_forgotten() {
        let half = lines(&Response::Snapshot { snapshot: snapshot(600) });
        let arrived = gathered(&[half[0].clone(), half[1].clone(), r#"{"answer":"done"}"#.into()]);
        assert!(matches!(arrived[..], [Response::Done]), "{arrived:?}");
    }
}
