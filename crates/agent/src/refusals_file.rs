//! The refusals of services, kept a second time beside the settings: a lost history must not lead to another login that
//! fails. The file contains no secret.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use dyntray_control::owner;
use dyntray_core::state::State;
use dyntray_core::state::refusals::Refusals;
use serde::{Deserialize, Serialize};

use crate::disk::{folder_of, open_own, write_private};

/// The version of the file's schema. One of a later version is left alone.
const VERSION: u32 = 1;

/// The file, and what it is known to hold.
pub(crate) struct RefusalsFile {
    path: PathBuf,
    /// What it holds; none where that can't be told, so that it is written anew.
    held: Option<Refusals>,
    is_newer: bool,
    /// True while it can't be written, which is logged once.
    is_failing: bool,
}

#[derive(Serialize, Deserialize)]
struct Content {
    version: u32,
    /// Not flattened, because of the numbers that are keys in it.
    refusals: Refusals,
}

#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

impl RefusalsFile {
    /// Reads the file in `folder`. One that can't be read counts as empty: it is of use only where the history is lost too.
    pub(crate) fn load(folder: &Path) -> Self {
        let path = folder.join("refusals.json");
        let (held, is_newer) = match read(&path) {
            Ok(Some(refusals)) => (Some(refusals), false),
            Ok(None) => (None, true),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "the second copy of refusals can't be read");
                (None, false)
            }
        };
        RefusalsFile { path, held, is_newer, is_failing: false }
    }

    /// What it holds.
    pub(crate) fn held(&self) -> Refusals {
        self.held.clone().unwrap_or_default()
    }

    /// Writes the refusals in `state`, if they differ. It is tried again with the next state.
    pub(crate) fn follow(&mut self, state: &State) {
        let refusals = Refusals::of(state);
        if self.is_newer || self.held.as_ref() == Some(&refusals) {
            return;
        }
        match self.write(&refusals) {
            Ok(()) => (self.held, self.is_failing) = (Some(refusals), false),
            Err(error) => {
                if !std::mem::replace(&mut self.is_failing, true) {
                    tracing::warn!(path = %self.path.display(), %error, "refusals can't be kept a second time");
                }
            }
        }
    }

    fn write(&self, refusals: &Refusals) -> io::Result<()> {
        if refusals.is_empty() {
            owner::may_write_in(folder_of(&self.path))?;
            return match fs::remove_file(&self.path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            };
        }
        self.path.parent().map_or(Ok(()), owner::create_folder)?;
        let content = Content { version: VERSION, refusals: refusals.clone() };
        write_private(&self.path, &serde_json::to_vec_pretty(&content)?)
    }
}

/// The refusals in the file; none if it is of a later version.
fn read(path: &Path) -> io::Result<Option<Refusals>> {
    let mut bytes = Vec::new();
    match open_own(path) {
        Ok(mut file) => file.read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Some(Refusals::default())),
        Err(error) => return Err(error),
    };
    let Versioned { version } = serde_json::from_slice(&bytes)?;
    if version > VERSION {
        return Ok(None);
    }
    let Content { refusals, .. } = serde_json::from_slice(&bytes)?;
    Ok(Some(refusals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::protocol::reply::{Accepted, HaltReason};
    use dyntray_core::settings::form::{EntryForm, Form, check};
    use dyntray_core::state::entry::{EntryKey, Halt, LastReply};
    use dyntray_core::types::entry_id::EntryId;
    use jiff::Timestamp;

    fn refused() -> State {
        let entry = EntryForm {
            id: Some(EntryId(1)),
            hostname: "home.spdns.de".into(),
            login: dyntray_core::settings::LoginKind::Account,
            user: "anna".into(),
            ..EntryForm::default()
        };
        let settings = check(&Form { entries: vec![entry], ..Form::default() }).expect("valid");
        let mut state = State::default();
        let at = state.entries.entry(EntryId(1)).or_default();
        at.key = Some(EntryKey::of(&settings.entries[0]));
        at.halt = Some(Halt { reason: HaltReason::Abuse, at: Timestamp::UNIX_EPOCH });
        state
    }

    #[test]
    fn refusals_are_kept_by_entry_while_they_last_in_a_file_of_their_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("refusals.json");
        let mut file = RefusalsFile::load(folder.path());
        file.follow(&State::default());
        assert!(!path.exists(), "there is nothing to keep");
        file.follow(&refused());
        assert_eq!(RefusalsFile::load(folder.path()).held(), Refusals::of(&refused()));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = path.metadata().expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let mut state = refused();
        let at = state.entries.get_mut(&EntryId(1)).expect("is there");
        at.halt = None;
        let reply = LastReply {
            at: Timestamp::UNIX_EPOCH,
            accepted: Some(Accepted::Good),
            sent: "84.160.12.7".into(),
        };
        at.last_reply = Some(reply);
        file.follow(&state);
        let held = RefusalsFile::load(folder.path()).held();
        assert!(held.refused.is_empty() && held.answered);
        file.follow(&State::default());
        assert!(!path.exists());
    }

    #[test]
    fn a_second_copy_of_a_newer_version_is_left_alone_and_a_damaged_one_is_made_anew() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("refusals.json");
        fs::write(&path, r#"{"version":2,"refused":"otherwise"}"#).expect("writes");
        let mut file = RefusalsFile::load(folder.path());
        assert!(file.held().is_empty());
        file.follow(&refused());
        assert!(fs::read_to_string(&path).expect("reads").contains("otherwise"));
        fs::write(&path, "{").expect("writes");
        let mut file = RefusalsFile::load(folder.path());
        file.follow(&refused());
        assert_eq!(RefusalsFile::load(folder.path()).held(), Refusals::of(&refused()));
    }
}
