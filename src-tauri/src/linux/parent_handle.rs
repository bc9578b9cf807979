//! The name by which another program's dialog is told which window it belongs to.

use std::cell::Cell;
use std::ffi::{CStr, c_char, c_void};

use gdkx11::X11Window;
use gtk::gdk;
use gtk::glib::ffi::GFALSE;
use gtk::glib::translate::ToGlibPtr as _;
use gtk::prelude::*;
use tokio::sync::oneshot;

/// The window's handle in the portal's notation. Empty, which means "none", where the desktop gives no name.
pub async fn exported(window: Option<&gtk::Window>) -> String {
    let Some(window) = window.and_then(WidgetExt::window) else { return String::new() };
    if window.display().backend().is_wayland() {
        return from_wayland(&window).await.map(|name| format!("wayland:{name}")).unwrap_or_default();
    }
    window.downcast::<X11Window>().map(|window| format!("x11:{:x}", window.xid())).unwrap_or_default()
}

/// Where the compositor's answer goes. Empty once it has come.
type Named = Cell<Option<oneshot::Sender<String>>>;

/// Asks the compositor for a handle, which lasts as long as the window is shown.
async fn from_wayland(window: &gdk::Window) -> Option<String> {
    let (named, name) = oneshot::channel();
    if !ask_compositor(window, Box::new(Cell::new(Some(named)))) {
        return None;
    }
    name.await.ok()
}

#[expect(unsafe_code, reason = "GTK's Rust binding lacks this function")]
fn ask_compositor(window: &gdk::Window, named: Box<Named>) -> bool {
    let window: *mut gdk::ffi::GdkWindow = window.to_glib_none().0;
    let named: *mut Named = Box::into_raw(named);
    // SAFETY: the window is a Wayland one, as the caller has checked. GDK hands `named` to `take` while it has it, and
    // to `free` once, when it needs it no longer.
    let is_asked = unsafe {
        gdk_wayland_sys::gdk_wayland_window_export_handle(window.cast(), Some(take), named.cast(), Some(free))
    };
    if is_asked == GFALSE {
        // SAFETY: the box was made above, and GDK has refused to take it.
        drop(unsafe { Box::from_raw(named) });
    }
    is_asked != GFALSE
}

/// Called by GDK with the handle.
#[expect(unsafe_code, reason = "GDK calls it")]
unsafe extern "C" fn take(
    _window: *mut gdk_wayland_sys::GdkWaylandWindow,
    handle: *const c_char,
    named: *mut c_void,
) {
    // SAFETY: GDK hands over a string and the pointer that `ask_compositor` gave it, which is alive until `free`.
    let (handle, named) = unsafe { (CStr::from_ptr(handle), &*named.cast::<Named>()) };
    if let Some(named) = named.take() {
        // The dialog may have been given up meanwhile.
        let _ = named.send(handle.to_string_lossy().into_owned());
    }
}

/// Called by GDK when it needs the pointer no longer.
#[expect(unsafe_code, reason = "GDK calls it")]
unsafe extern "C" fn free(named: *mut c_void) {
    // SAFETY: it is the pointer that `ask_compositor` gave to GDK, which calls this once.
    drop(unsafe { Box::from_raw(named.cast::<Named>()) });
}
