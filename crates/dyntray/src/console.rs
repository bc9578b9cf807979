//! A program of the tray has no console on Windows, but whoever types a command wants to read its answer.

use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};

/// Has what is printed appear where the command was typed. Output that was led elsewhere, into a file or another
/// program, stays there; started from the desktop there is no console to join.
#[allow(unsafe_code, reason = "the system is asked in no other way")]
pub fn join() {
    if std::env::args_os().len() > 1 {
        // SAFETY: it takes nothing but a number, before this process has printed or read anything.
        unsafe { AttachConsole(ATTACH_PARENT_PROCESS) };
    }
}
