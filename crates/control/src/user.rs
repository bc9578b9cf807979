//! The user whose process is at the other end of a pipe. Windows names a pipe's peer by its process number only, and keeps
//! a program from asking about one that was started as administrator. There the pipe's own rights and owner answer.
// No safe interface gives a process's user without much else: the crates that have one are large.
#![allow(unsafe_code)]

use std::io;
use std::os::windows::io::{AsRawHandle as _, BorrowedHandle, FromRawHandle as _, OwnedHandle};
use std::ptr;

use interprocess::os::windows::security_descriptor::SecurityDescriptor;
use widestring::U16CString;
use windows_sys::Win32::Foundation::{ERROR_SUCCESS, HANDLE, LocalFree};
use windows_sys::Win32::Security::Authorization::{
    ConvertSidToStringSidW, GetSecurityInfo, SE_KERNEL_OBJECT,
};
use windows_sys::Win32::Security::{
    GetTokenInformation, OWNER_SECURITY_INFORMATION, PSID, TOKEN_QUERY, TOKEN_USER, TokenUser,
};
use windows_sys::Win32::System::Threading::{
    GetCurrentProcess, OpenProcess, OpenProcessToken, PROCESS_QUERY_LIMITED_INFORMATION,
};

/// A user of this computer, by the system's own name for them: `S-1-5-21-…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct User(String);

impl User {
    /// The user of this process.
    pub(crate) fn this() -> io::Result<Self> {
        // SAFETY: it gives a constant that stands for this process and needs no closing.
        User::of_process(unsafe { GetCurrentProcess() })
    }

    /// The user of a process; an error where this user isn't allowed to ask.
    pub(crate) fn of(process: u32) -> io::Result<Self> {
        // SAFETY: it takes nothing but numbers. What it gives, if anything, is ours to close, which its owner does.
        let process = unsafe {
            let handle = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, process);
            if handle.is_null() {
                return Err(io::Error::last_os_error());
            }
            OwnedHandle::from_raw_handle(handle)
        };
        User::of_process(process.as_raw_handle())
    }

    fn of_process(process: HANDLE) -> io::Result<Self> {
        let mut token = ptr::null_mut();
        // SAFETY: the handle is good, as the callers show, and `token` is a place for one handle.
        if unsafe { OpenProcessToken(process, TOKEN_QUERY, &raw mut token) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call went well, so the handle is ours.
        let token = unsafe { OwnedHandle::from_raw_handle(token) };
        let mut needed = 0;
        // SAFETY: without room it writes nothing but the room that it needs.
        unsafe { GetTokenInformation(token.as_raw_handle(), TokenUser, ptr::null_mut(), 0, &raw mut needed) };
        // In words of eight bytes, so that the structure's pointer is aligned.
        let mut room = vec![0_u64; (needed as usize).div_ceil(8)];
        let start = room.as_mut_ptr();
        // SAFETY: `room` has the size that was asked for.
        let got = unsafe {
            GetTokenInformation(token.as_raw_handle(), TokenUser, start.cast(), needed, &raw mut needed)
        };
        if got == 0 || room.len() * 8 < size_of::<TOKEN_USER>() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call went well, so the room begins with this structure, whose pointer leads into the room.
        let sid = unsafe { (*start.cast::<TOKEN_USER>()).User.Sid };
        User::named(sid)
    }

    /// The owner of a pipe. Only administrators can make somebody else the owner of what is theirs.
    pub(crate) fn owner_of(pipe: BorrowedHandle<'_>) -> io::Result<Self> {
        let (mut owner, mut descriptor) = (ptr::null_mut(), ptr::null_mut());
        // SAFETY: the handle is good, and both are places for one pointer each. Nothing else is asked for.
        let code = unsafe {
            GetSecurityInfo(
                pipe.as_raw_handle(),
                SE_KERNEL_OBJECT,
                OWNER_SECURITY_INFORMATION,
                &raw mut owner,
                ptr::null_mut(),
                ptr::null_mut(),
                ptr::null_mut(),
                &raw mut descriptor,
            )
        };
        if code != ERROR_SUCCESS {
            return Err(io::Error::from_raw_os_error(code.cast_signed()));
        }
        let user = if owner.is_null() { Err(io::ErrorKind::NotFound.into()) } else { User::named(owner) };
        // SAFETY: the call went well, so the descriptor, which the owner is a part of, is ours to free, once.
        unsafe { LocalFree(descriptor.cast()) };
        user
    }

    /// The user of an identifier that the system has given.
    fn named(sid: PSID) -> io::Result<Self> {
        let mut text = ptr::null_mut();
        // SAFETY: the identifier is the system's own, and `text` a place for one pointer.
        if unsafe { ConvertSidToStringSidW(sid, &raw mut text) } == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call went well, so `text` ends with a zero and is ours to free, once.
        let name = unsafe {
            let name = U16CString::from_ptr_str(text).to_string_lossy();
            LocalFree(text.cast());
            name
        };
        Ok(User(name))
    }

    /// Access rights for this user only, who is the owner, too: what an administrator's program makes would otherwise
    /// belong to all of them.
    pub(crate) fn alone(&self) -> io::Result<SecurityDescriptor> {
        let text = U16CString::from_str_truncate(format!("O:{0}D:P(A;;GA;;;{0})", self.0));
        SecurityDescriptor::deserialize(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_this_users_whichever_way_it_is_asked() {
        let this = User::this().expect("this user");
        assert!(this.0.starts_with("S-1-"), "{this:?}");
        assert_eq!(User::of(std::process::id()).expect("the same"), this);
        assert!(this.alone().is_ok());
    }

    #[tokio::test]
    async fn a_pipe_belongs_to_the_user_whose_program_listens_at_it() {
        use interprocess::local_socket::tokio::{Stream, prelude::*};
        use interprocess::local_socket::{GenericNamespaced, ListenerOptions};
        use interprocess::os::windows::local_socket::ListenerOptionsExt as _;
        use std::os::windows::io::AsHandle as _;

        let this = User::this().expect("this user");
        let name = format!("dyntray-test-owner-{}", std::process::id());
        let name = || name.clone().to_ns_name::<GenericNamespaced>().expect("a name");
        let options = ListenerOptions::new().name(name());
        let rights = this.alone().expect("rights");
        let _listener = options.security_descriptor(rights).create_tokio().expect("a pipe");
        let Stream::NamedPipe(pipe) = Stream::connect(name()).await.expect("connects");
        assert_eq!(User::owner_of(pipe.as_handle()).expect("an owner"), this);
    }

    #[test]
    fn a_process_that_is_not_there_is_nobodys() {
        assert!(User::of(u32::MAX - 3).is_err());
    }
}
