//! The console on Windows, which a tray program has none of. A command typed in a terminal needs it for its output.

use windows_sys::Win32::System::Console::{ATTACH_PARENT_PROCESS, AttachConsole};

/// Attaches the program to the console that its command was typed in. Output that is redirected to a file or another
/// program still goes there. A program started from the desktop has no console to attach to.
#[allow(unsafe_code, reason = "the system is asked in no other way")]
pub fn attach() {
    if std::env::args_os().len() > 1 {
        // SAFETY: it takes nothing but a number, before this process has printed or read anything.
        unsafe { AttachConsole(ATTACH_PARENT_PROCESS) };
    }
}
