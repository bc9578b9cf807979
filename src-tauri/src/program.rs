//! Starting the always-on program where it doesn't run. It outlives the window.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use std::{env, io};

use dyntray_control::{ACTIVATION_VARIABLES, Client, ConnectError, RuntimeDir, WINDOW_IS_OPEN};
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

/// The program listens after this time, or never.
const PATIENCE: Duration = Duration::from_secs(10);
/// The time between two looks whether it listens.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The reason why the program doesn't run yet.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// There is no such program, or it may not be started.
    #[error("{}: {source}", program.display())]
    NotStarted {
        /// The program.
        program: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// It has ended at once.
    #[error("{}: {status}", program.display())]
    Ended {
        /// The program.
        program: PathBuf,
        /// The way it ended.
        status: std::process::ExitStatus,
    },
    /// It runs and doesn't listen.
    #[error("{}: no answer", program.display())]
    Silent {
        /// The program.
        program: PathBuf,
    },
}

/// True unless there is nobody to connect to.
pub async fn is_running(runtime_dir: &RuntimeDir) -> bool {
    !matches!(Client::connect(runtime_dir).await, Err(ConnectError::NotRunning))
}

/// Starts the always-on program, and returns once it listens in `runtime_dir`.
pub async fn start(runtime_dir: &RuntimeDir) -> Result<(), StartError> {
    start_program(&path(), runtime_dir).await
}

async fn start_program(program: &Path, runtime_dir: &RuntimeDir) -> Result<(), StartError> {
    let named = |source| StartError::NotStarted { program: program.to_owned(), source };
    let mut child = command(program).spawn().map_err(named)?;
    let listening = async {
        while !is_running(runtime_dir).await {
            sleep(LOOK_AGAIN).await;
        }
    };
    tokio::select! {
        heard = timeout(PATIENCE, listening) => {
            reap(child);
            heard.map_err(|_| StartError::Silent { program: program.to_owned() })
        }
        status = child.wait() => match status.map_err(named)? {
            // Another one was quicker, and is running.
            status if status.success() => Ok(()),
            status => Err(StartError::Ended { program: program.to_owned(), status }),
        },
    }
}

/// The path of the always-on program: beside this one, or else wherever the system finds it.
fn path() -> PathBuf {
    let name = format!("dyntray{}", env::consts::EXE_SUFFIX);
    let beside = env::current_exe().ok().map(|window| window.with_file_name(&name));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PathBuf::from(name))
}

/// The command that starts it, apart from this window and its terminal.
fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null()).env(WINDOW_IS_OPEN, "1");
    for variable in ACTIVATION_VARIABLES {
        // The window has used the token up.
        command.env_remove(variable);
    }
    #[cfg(unix)]
    command.process_group(0);
    #[cfg(windows)]
    {
        const DETACHED_PROCESS: u32 = 0x8;
        const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
        command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP);
    }
    command
}

/// Takes note of the program's end, so that it leaves no zombie while the window is open.
fn reap(mut child: Child) {
    tokio::spawn(async move { child.wait().await });
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn empty_folder() -> (tempfile::TempDir, RuntimeDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let runtime_dir = RuntimeDir::at(folder.path());
        (folder, runtime_dir)
    }

    #[tokio::test]
    async fn a_program_that_ends_at_once_is_an_error_with_its_name() {
        let (_folder, runtime_dir) = empty_folder();
        assert!(!is_running(&runtime_dir).await);
        let failed = start_program(Path::new("/bin/false"), &runtime_dir).await.expect_err("it fails");
        assert_eq!(failed.to_string(), "/bin/false: exit status: 1");
    }

    #[tokio::test]
    async fn a_program_that_is_not_there_is_an_error_with_its_name() {
        let (_folder, runtime_dir) = empty_folder();
        let failed = start_program(Path::new("/nowhere/dyntray"), &runtime_dir).await.expect_err("it fails");
        assert!(failed.to_string().starts_with("/nowhere/dyntray: No such file"), "{failed}");
    }

    #[test]
    fn the_program_gets_no_token_that_is_used_up_and_knows_of_the_window() {
        let command = command(Path::new("dyntray"));
        let variable = |wanted: &str| {
            command.as_std().get_envs().find(|(name, _)| *name == wanted).map(|(_, value)| value.is_some())
        };
        assert_eq!(variable("XDG_ACTIVATION_TOKEN"), Some(false));
        assert_eq!(variable("DESKTOP_STARTUP_ID"), Some(false));
        assert_eq!(variable(WINDOW_IS_OPEN), Some(true));
    }
}
