//! `SystemRoot`, by which Windows finds its own libraries: without it no socket can be opened. Some services, terminals and
//! build tools start programs without it.

use windows_sys::Win32::System::SystemInformation::GetSystemWindowsDirectoryW;

const NAME: &str = "SystemRoot";

/// Longer than any path of it.
const ROOM: u16 = 260;

/// Puts it into this program's environment, unless it is there. To be called before anything else is.
#[allow(unsafe_code, reason = "the system is asked, and the environment changed, in no other way")]
pub fn ensure() {
    if std::env::var_os(NAME).is_some() {
        return;
    }
    let mut path = [0; ROOM as usize];
    // SAFETY: `path` has as much room as is said.
    let length = unsafe { GetSystemWindowsDirectoryW(path.as_mut_ptr(), ROOM.into()) } as usize;
    // None is 0, and a longer one than there is room for isn't written.
    if let Some(path @ [_, ..]) = path.get(..length) {
        // SAFETY: on Windows it is always safe, and this is the only thread.
        unsafe { std::env::set_var(NAME, String::from_utf16_lossy(path)) };
    }
}
