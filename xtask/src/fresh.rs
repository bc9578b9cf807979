//! Whether something made is newer than what it is made from.

use std::{fs, path::Path, time::SystemTime};

/// Whether `made` is there and no file or folder under `sources` was changed after it. Folders count too: their time
/// tells of files that were taken away. Sources that aren't there don't count.
pub fn is_fresh<'a>(made: &Path, sources: impl IntoIterator<Item = &'a Path>) -> bool {
    let Some(made) = changed(made) else {
        return false;
    };
    sources.into_iter().filter_map(newest).all(|source| source <= made)
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// When anything in a file or folder was last changed.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path).into_iter().flatten().filter_map(|entry| newest(&entry.ok()?.path()));
    inside.chain(changed(path)).max()
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io, path::PathBuf, time::Duration};

    use super::*;

    /// A folder of this test's own, with a file made at noon.
    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-fresh-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("src/deep")).expect("a folder");
            let place = Self(folder);
            for file in ["made", "src/one", "src/deep/two"] {
                File::create(place.at(file)).expect("a file");
            }
            for path in ["src/one", "src/deep/two", "src/deep", "src"] {
                place.touch(path, 11).expect("touched");
            }
            place.touch("made", 12).expect("touched");
            place
        }

        fn at(&self, path: &str) -> PathBuf {
            self.0.join(path)
        }

        fn touch(&self, path: &str, hour: u64) -> io::Result<()> {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + hour * 3600);
            File::open(self.at(path))?.set_modified(time)
        }

        fn is_fresh(&self) -> bool {
            is_fresh(&self.at("made"), [self.at("src").as_path(), &self.at("absent")])
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[cfg(unix)]
    #[test]
    fn older_sources_leave_it_fresh_and_one_newer_file_anywhere_does_not() {
        let place = Place::new("newer");
        assert!(place.is_fresh());
        place.touch("src/deep/two", 13).expect("touched");
        assert!(!place.is_fresh());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_taken_away_is_noticed_by_its_folder() {
        let place = Place::new("gone");
        fs::remove_file(place.at("src/deep/two")).expect("removed");
        assert!(!place.is_fresh());
    }

    #[test]
    fn what_was_never_made_is_not_fresh() {
        let place = Place::new("never");
        fs::remove_file(place.at("made")).expect("removed");
        assert!(!place.is_fresh());
    }
}
