//! The console on Windows. The tray program has none, and shells don't wait for it. Beside it lies the console program:
//! the same code as `dyntray.com`, which shells find first, and wait for.

use std::io;
use std::os::windows::io::AsRawHandle as _;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use windows_sys::Win32::Foundation::{HANDLE_FLAG_INHERIT, SetHandleInformation};
use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};

use crate::{log, own_program};

/// True once this program reads from and writes to a console whose shell doesn't wait for it.
static IS_SHARED: AtomicBool = AtomicBool::new(false);

/// Attaches the program to the console that its command was typed in, if it has none of its own. Output that is
/// redirected to a file or another program still goes there. A program started from the desktop has no console to attach
/// to.
#[allow(unsafe_code, reason = "the system is asked in no other way")]
pub fn attach() {
    if std::env::args_os().len() > 1 {
        // SAFETY: it takes nothing but a number, before this process has printed or read anything.
        let is_attached = unsafe { AttachConsole(ATTACH_PARENT_PROCESS) } != 0;
        IS_SHARED.store(is_attached, Ordering::Relaxed);
    }
}

/// True where the shell reads what is typed at the same time, so that no secret may be asked for.
pub fn is_shared() -> bool {
    IS_SHARED.load(Ordering::Relaxed)
}

/// Starts the tray program, if this is the console program beside it.
pub fn start_tray_program() -> Option<ExitCode> {
    let program = own_program::path().ok().and_then(|path| own_program::tray_program_beside(&path))?;
    keep_streams();
    let mut command = Command::new(&program);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    Some(match command.spawn() {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            log::say_error(&format!("{}: {error}", program.display()));
            ExitCode::FAILURE
        }
    })
}

/// Keeps the standard streams from being inherited: whoever reads this program's output would wait for the end of the tray
/// program.
#[allow(unsafe_code, reason = "the system is asked in no other way")]
fn keep_streams() {
    for stream in [io::stdin().as_raw_handle(), io::stdout().as_raw_handle(), io::stderr().as_raw_handle()] {
        // SAFETY: it changes a property of this process' own handle; where there is none, it fails and that is all.
        unsafe { SetHandleInformation(stream, HANDLE_FLAG_INHERIT, 0) };
    }
}
