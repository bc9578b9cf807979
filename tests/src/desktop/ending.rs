//! Ending a desktop completely: by the story, or, when the story itself was killed, by a guard.

use std::{
    os::unix::process::CommandExt as _,
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::process::Signal;

use super::session::Session;
use crate::{
    Error, Result,
    processes::{self, signal},
};

/// Processes may take this long to end by themselves.
const GRACE: Duration = Duration::from_secs(2);

/// After that, the kernel may take this long.
const AFTER_KILL: Duration = Duration::from_secs(3);

/// Ends one process and everything below it.
pub(super) fn end_one(child: &mut Child) {
    let tree = processes::tree(child.id());
    end(std::slice::from_mut(child), || {
        tree.iter().copied().filter(|pid| processes::is_alive(*pid)).collect()
    });
}

/// Ends the children and every process that carries the mark, whatever its parent.
pub(super) fn end_all(children: &mut [Child], mark: &str) {
    end(children, || processes::with_environment(mark));
}

/// Asks all to end, waits, then kills what is left.
fn end(children: &mut [Child], others: impl Fn() -> Vec<u32>) {
    let mut seen: Vec<u32> = Vec::new();
    for (what, patience) in [(Signal::TERM, GRACE), (Signal::KILL, AFTER_KILL)] {
        let deadline = Instant::now() + patience;
        let mut told = Vec::new();
        loop {
            let mut left = alive(children, &others);
            // A process that is just ending has lost its environment, but is there for another moment.
            let is_ending = |pid: &&u32| {
                !left.contains(pid)
                    && !children.iter().any(|child| child.id() == **pid)
                    && processes::is_alive(**pid)
            };
            let ending: Vec<u32> = seen.iter().filter(is_ending).copied().collect();
            left.extend(ending);
            seen.extend(&left);
            // Newcomers (started while others were ending) are told as well.
            for pid in left.iter().filter(|pid| !told.contains(*pid)) {
                signal(*pid, what);
            }
            told.extend(&left);
            if left.is_empty() {
                return;
            }
            if Instant::now() >= deadline {
                break;
            }
            sleep(Duration::from_millis(10));
        }
    }
}

/// Reaps the children that ended and lists what still runs.
fn alive(children: &mut [Child], others: &impl Fn() -> Vec<u32>) -> Vec<u32> {
    let mut left = others();
    for child in children {
        match child.try_wait() {
            Ok(None) => left.push(child.id()),
            // A reaped child's number may belong to somebody else soon.
            _ => left.retain(|pid| *pid != child.id()),
        }
    }
    left.sort_unstable();
    left.dedup();
    left
}

/// Waits on a pipe that closes when the story's process is gone, even by SIGKILL, and then ends the desktop.
#[derive(Debug)]
pub(super) struct Guard {
    child: Child,
}

const GUARD: &str = r#"
cat >/dev/null
for signal in TERM KILL; do
  for environ in /proc/[0-9]*/environ; do
    if tr '\0' '\n' 2>/dev/null <"$environ" | grep -qxF "$1"; then
      pid=${environ#/proc/}
      kill -$signal "${pid%/environ}" 2>/dev/null
    fi
  done
  sleep 1
done
rm -rf "$2"
"#;

impl Guard {
    /// Starts the guard: outside of the desktop, in a process group of its own, so that neither a test runner's
    /// kill nor the desktop's own end takes it along.
    pub(super) fn post(session: &Session) -> Result<Self> {
        let child = Command::new("sh")
            .args(["-c", GUARD, "dyntray-desktop-guard", &session.mark()])
            .arg(session.folder())
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|source| Error::NotStarted { program: "sh".to_owned(), source })?;
        Ok(Self { child })
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Everything is ended already. `cat` holds the pipe's other end and leaves when it closes; the shell must
        // not go on after it.
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}
