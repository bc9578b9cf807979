//! The file that lists the open notifications. A program that was killed couldn't close them, so the next start takes them
//! up. The file is in the runtime directory, which ends with the session as they do.

use std::fs;
use std::io;
use std::path::PathBuf;

use dyntray_core::state::notice::NoticeGroup;
use serde::{Deserialize, Serialize};

use crate::notification::NotificationRef;

/// The file's name in the runtime directory.
pub const FILE: &str = "notifications.json";

/// An open notification, and the notices that it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptNotification {
    /// The notification.
    pub at: NotificationRef,
    /// Its notices.
    pub told: NoticeGroup,
}

/// The file; without a path, nothing is kept.
pub struct KeptFile {
    path: Option<PathBuf>,
}

impl KeptFile {
    /// The file at that path.
    pub fn at(path: Option<PathBuf>) -> Self {
        KeptFile { path }
    }

    /// The notifications that the program's last run left open.
    pub fn read(&self) -> Vec<KeptNotification> {
        let Some(path) = &self.path else { return Vec::new() };
        let read = fs::read(path).and_then(|bytes| serde_json::from_slice(&bytes).map_err(io::Error::from));
        match read {
            Ok(kept) => kept,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                tracing::warn!(%error, "the open notifications of before aren't known");
                Vec::new()
            }
        }
    }

    /// Lists `open`, and nothing else. There is no file where there are none.
    pub fn write(&self, open: &[KeptNotification]) {
        let Some(path) = &self.path else { return };
        let written = if open.is_empty() {
            fs::remove_file(path).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })
        } else {
            let new = path.with_extension("new");
            let bytes = serde_json::to_vec(open).map_err(io::Error::from);
            bytes.and_then(|bytes| fs::write(&new, bytes)).and_then(|()| fs::rename(&new, path))
        };
        if let Err(error) = written {
            tracing::warn!(%error, "a later start won't know the open notifications");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::protocol::reply::HaltReason;
    use dyntray_core::settings::LoginKind;
    use dyntray_core::state::notice::{Cause, HostNotice, Notice};
    use dyntray_core::types::entry_id::EntryId;

    #[test]
    fn what_is_open_is_known_to_the_next_start_and_nothing_is_left_when_all_is_closed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(FILE);
        let file = KeptFile::at(Some(path.clone()));
        assert_eq!(file.read(), []);
        let refused = HostNotice {
            entry: EntryId(7),
            hostname: "home.spdns.de".into(),
            login: LoginKind::Token,
            cause: Cause::Halted { reason: HaltReason::BadAuth },
        };
        let open = [
            NoticeGroup::One(Notice::Host(refused.clone())),
            NoticeGroup::Several(vec![refused.clone(), HostNotice { entry: EntryId(8), ..refused }]),
        ];
        let open =
            open.map(|told| KeptNotification { at: NotificationRef::new("a bus :1.7".into(), 3), told });
        file.write(&open);
        assert_eq!(KeptFile::at(Some(path.clone())).read(), open);
        file.write(&[]);
        file.write(&[]);
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 0);
        fs::write(&path, "[{").expect("a torn file");
        assert_eq!(file.read(), []);
    }
}
