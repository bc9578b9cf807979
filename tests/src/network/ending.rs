//! Removing networks completely: by the story, or, when the story itself was killed, by a guard or the next story.

use std::{
    fs,
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
};

use super::namespace::{FILES, FOLDER, Namespace};
use crate::{Error, Result, app, needs::SEARCH_PATH};

/// All our namespaces are named `dyntray-PROCESS-NUMBER-role`.
const MARK: &str = "dyntray-";

/// Ends everything in the namespaces whose names begin with `$1`, and removes them.
const REMOVE: &str = r#"
for namespace in /run/netns/"$1"*; do
  name=${namespace##*/}
  [ -e "$namespace" ] || continue
  for pid in $(ip netns pids "$name" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null; done
  ip netns del "$name" 2>/dev/null
done
rm -rf /etc/netns/"$1"*
"#;

/// The names of one story's namespaces, and their end.
pub(super) struct Removal {
    prefix: String,
    guard: Child,
}

impl Removal {
    /// Chooses unique names and starts a guard: it waits on a pipe that closes when the story's process is gone, even
    /// by SIGKILL, and then removes the namespaces and `folder`.
    pub(super) fn post(folder: &Path) -> Result<Self> {
        static STORIES: AtomicU32 = AtomicU32::new(1);
        let number = STORIES.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("{MARK}{}-{number}-", std::process::id());
        let guard = shell(&format!("cat >/dev/null\n{REMOVE}\nrm -rf \"$2\""), &prefix)
            .arg(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|source| Error::NotStarted { program: "sh".to_owned(), source })?;
        Ok(Self { prefix, guard })
    }

    /// The namespace with that role in the story.
    pub(super) fn namespace(&self, role: &str) -> Namespace {
        Namespace::named(format!("{}{role}", self.prefix))
    }
}

impl Drop for Removal {
    fn drop(&mut self) {
        // The guard is in a group of its own; its `cat` leaves when the pipe closes, and it must not go on then.
        let _gone = self.guard.kill();
        let _reaped = self.guard.wait();
        remove(&self.prefix);
    }
}

/// The output of the programs in a story's networks, kept beside the story's pictures.
pub(super) struct Logs(Option<PathBuf>);

impl Logs {
    /// The place of a story.
    pub(super) fn of(story: &str) -> Self {
        Self(app::output_folder().ok().map(|stories| stories.join(story).join("networks")))
    }

    /// Copies everything called `*.log` there. A log that can't be kept is left out.
    pub(super) fn keep(&self, folder: &Path) {
        let Some(place) = self.0.as_ref().filter(|place| fs::create_dir_all(place).is_ok()) else { return };
        for folder in [folder, &folder.join("spdyn/knot")] {
            let files = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
            for file in files.filter(|file| file.extension().is_some_and(|ending| ending == "log")) {
                let _missed = file.file_name().map(|name| fs::copy(&file, place.join(name)));
            }
        }
    }
}

/// Removes the namespaces of processes that are gone and whose guards were killed.
pub(super) fn sweep() {
    for folder in [FOLDER, FILES] {
        let names = fs::read_dir(folder).into_iter().flatten().flatten();
        for name in names.filter_map(|entry| entry.file_name().into_string().ok()) {
            let Some((pid, rest)) = name.strip_prefix(MARK).and_then(|rest| rest.split_once('-')) else {
                continue;
            };
            let number = rest.split('-').next().unwrap_or_default();
            let ours = pid.parse::<u32>().is_ok() && number.parse::<u32>().is_ok();
            if ours && !Path::new("/proc").join(pid).exists() {
                remove(&format!("{MARK}{pid}-{number}-"));
            }
        }
    }
}

fn remove(prefix: &str) {
    // The next story tries again.
    let _tried = shell(REMOVE, prefix).status();
}

fn shell(script: &str, prefix: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", script, "dyntray-networks-guard", prefix])
        .env("PATH", SEARCH_PATH)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}
