//! Windows: the IP Helper's notifications of addresses, routes and interfaces. They come on threads of the system, where
//! nothing is done but to raise a flag.
// These three functions have no safe wrapper without WMI.
#![allow(unsafe_code)]

use std::ffi::c_void;
use std::io;
use std::ptr;

use tokio::sync::watch;
use windows_sys::Win32::Foundation::{HANDLE, NO_ERROR, WIN32_ERROR};
use windows_sys::Win32::NetworkManagement::IpHelper::{
    CancelMibChangeNotify2, MIB_IPFORWARD_ROW2, MIB_IPINTERFACE_ROW, MIB_NOTIFICATION_TYPE,
    MIB_UNICASTIPADDRESS_ROW, NotifyIpInterfaceChange, NotifyRouteChange2, NotifyUnicastIpAddressChange,
};
use windows_sys::Win32::Networking::WinSock::AF_UNSPEC;

use super::super::neighbour::Neighbour;

/// The registrations and the flag that they raise.
pub(super) struct Events {
    // These come before the flag: fields are dropped in order, and the system may use the flag until they are gone.
    registrations: Vec<Registration>,
    flag: Box<watch::Sender<()>>,
    raised: watch::Receiver<()>,
}

/// A registration. It ends when it is dropped.
struct Registration(HANDLE);

// SAFETY: the handle is a number from the system that is valid on every thread.
unsafe impl Send for Registration {}
// SAFETY: a shared reference allows nothing.
unsafe impl Sync for Registration {}

impl Drop for Registration {
    fn drop(&mut self) {
        // SAFETY: the handle is from a successful registration and is cancelled once. The function returns only when no
        // notification is running any more.
        unsafe { CancelMibChangeNotify2(self.0) };
    }
}

impl Events {
    pub(super) fn open() -> io::Result<Self> {
        let (flag, raised) = watch::channel(());
        let mut events = Events { registrations: Vec::new(), flag: Box::new(flag), raised };
        // The box doesn't move its content while the registrations live.
        let context = ptr::from_ref(events.flag.as_ref()).cast::<c_void>();
        // SAFETY: the callbacks have the signatures that the functions ask for; `context` outlives the registrations.
        unsafe {
            events
                .register(|to| NotifyUnicastIpAddressChange(AF_UNSPEC, Some(address), context, false, to))?;
            events.register(|to| NotifyRouteChange2(AF_UNSPEC, Some(route), context, false, to))?;
            events.register(|to| NotifyIpInterfaceChange(AF_UNSPEC, Some(interface), context, false, to))?;
        }
        Ok(events)
    }

    fn register(&mut self, with: impl FnOnce(*mut HANDLE) -> WIN32_ERROR) -> io::Result<()> {
        let mut handle = ptr::null_mut();
        match with(&raw mut handle) {
            NO_ERROR => {
                self.registrations.push(Registration(handle));
                Ok(())
            }
            error => Err(io::Error::from_raw_os_error(error.cast_signed())),
        }
    }

    /// Returns at the next notification. There are none of neighbours: until the gateway is resolved, the tables are read
    /// again by the clock.
    pub(super) async fn next(&mut self, _: &(impl Fn(&Neighbour) -> bool + Sync)) -> io::Result<()> {
        self.raised.changed().await.map_err(io::Error::other)
    }

    pub(super) fn drain(&mut self) {
        self.raised.mark_unchanged();
    }
}

/// # Safety
/// `context` must be the flag that was given at registration.
unsafe fn raise(context: *const c_void) {
    // SAFETY: the caller keeps the contract; the flag may be raised from any thread.
    let flag = unsafe { &*context.cast::<watch::Sender<()>>() };
    flag.send_replace(());
}

unsafe extern "system" fn address(
    context: *const c_void,
    _: *const MIB_UNICASTIPADDRESS_ROW,
    _: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: the system hands back what it was given.
    unsafe { raise(context) };
}

unsafe extern "system" fn route(
    context: *const c_void,
    _: *const MIB_IPFORWARD_ROW2,
    _: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: the system hands back what it was given.
    unsafe { raise(context) };
}

unsafe extern "system" fn interface(
    context: *const c_void,
    _: *const MIB_IPINTERFACE_ROW,
    _: MIB_NOTIFICATION_TYPE,
) {
    // SAFETY: the system hands back what it was given.
    unsafe { raise(context) };
}
