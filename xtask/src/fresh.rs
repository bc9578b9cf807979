//! Comparison of a built file with its sources.

use std::{fs, path::Path, time::SystemTime};

/// True if `built` exists and nothing under `sources` was modified after it. Folders count, because their time shows that
/// files were removed. Missing sources don't count.
pub fn is_fresh<'a>(built: &Path, sources: impl IntoIterator<Item = &'a Path>) -> bool {
    let Some(built) = modified(built) else {
        return false;
    };
    sources.into_iter().filter_map(newest).all(|source| source <= built)
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|data| data.modified()).ok()
}

/// The last change of a file, or of anything in a folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path).into_iter().flatten().filter_map(|entry| newest(&entry.ok()?.path()));
    inside.chain(modified(path)).max()
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io, path::PathBuf, time::Duration};

    use super::*;

    /// A folder of this test alone, with a file built at noon from older sources.
    struct TestFolder(PathBuf);

    impl TestFolder {
        fn new(name: &str) -> Self {
            let folder = std::env::temp_dir().join(format!("xtask-fresh-{name}-{}", std::process::id()));
            fs::create_dir_all(folder.join("src/deep")).expect("a folder");
            let folder = Self(folder);
            for file in ["built", "src/one", "src/deep/two"] {
                File::create(folder.at(file)).expect("a file");
            }
            for path in ["src/one", "src/deep/two", "src/deep", "src"] {
                folder.touch(path, 11).expect("touched");
            }
            folder.touch("built", 12).expect("touched");
            folder
        }

        fn at(&self, path: &str) -> PathBuf {
            self.0.join(path)
        }

        fn touch(&self, path: &str, hour: u64) -> io::Result<()> {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + hour * 3600);
            File::open(self.at(path))?.set_modified(time)
        }

        fn is_fresh(&self) -> bool {
            is_fresh(&self.at("built"), [self.at("src").as_path(), &self.at("absent")])
        }
    }

    impl Drop for TestFolder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[cfg(unix)]
    #[test]
    fn older_sources_keep_it_fresh_and_one_newer_file_anywhere_does_not() {
        let folder = TestFolder::new("newer");
        assert!(folder.is_fresh());
        folder.touch("src/deep/two", 13).expect("touched");
        assert!(!folder.is_fresh());
    }

    #[cfg(unix)]
    #[test]
    fn a_removed_file_is_noticed_by_its_folder() {
        let folder = TestFolder::new("gone");
        fs::remove_file(folder.at("src/deep/two")).expect("removed");
        assert!(!folder.is_fresh());
    }

    #[test]
    fn a_file_that_was_never_built_is_not_fresh() {
        let folder = TestFolder::new("never");
        fs::remove_file(folder.at("built")).expect("removed");
        assert!(!folder.is_fresh());
    }
}
