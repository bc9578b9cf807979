//! Bringing the window to the front. A desktop lets a window do so only where a person has just asked for it: on
//! Wayland the activation token proves that, on X11 the time of what the person did.

use std::ffi::CString;
use std::time::Duration;

use dyntray_control::ActivationToken;
use gdkx11::X11Window;
use gtk::glib::translate::ToGlibPtr as _;
use gtk::prelude::*;
use gtk::{ApplicationWindow, gdk, glib};

use super::file_dialog;

/// A Wayland compositor that has answered after the request tells the window so within this time.
const AFTER_THE_ANSWER: Duration = Duration::from_millis(400);

/// A window manager on X11 is another program, which gives no answer: this is time enough for a busy one. It is
/// seldom waited for in vain, because window managers accept the current time as a proof.
const WINDOW_MANAGERS_TIME: Duration = Duration::from_millis(1500);

/// Brings the window to the front, from behind others or minimised. Called on the main thread.
///
/// It asks even if the window takes itself for the active one: on a busy desktop it hears late that it is behind.
pub fn bring_to_front(window: &ApplicationWindow, activation: Option<&ActivationToken>) {
    window.deiconify();
    let display = WidgetExt::display(window);
    let decided_after = if display.backend().is_wayland() {
        if let Some(token) = activation {
            hand_over(&display, token);
        }
        window.present();
        // The compositor answers in turn, so what it makes of the request is decided then.
        display.sync();
        AFTER_THE_ANSWER
    } else {
        present_on_x11(window, activation);
        WINDOW_MANAGERS_TIME
    };
    let window = window.clone();
    glib::timeout_add_local_once(decided_after, move || {
        if !has_focus(&window) {
            open_anew(&window);
        }
    });
}

/// True if the window or a dialog of its is the active one. A portal's dialog is another program's, and stays.
fn has_focus(window: &ApplicationWindow) -> bool {
    // Popups, as the web engine opens them at fields, are no windows to a person.
    let is_active_window = |widget: &gtk::Widget| {
        widget
            .downcast_ref::<gtk::Window>()
            .is_some_and(|window| window.window_type() == gtk::WindowType::Toplevel && is_active(window))
    };
    file_dialog::is_open()
        || is_active(window.upcast_ref())
        || gtk::Window::list_toplevels().iter().any(is_active_window)
}

/// True if the desktop says so. GTK's own knowledge comes from the keyboard, which may not be there.
fn is_active(window: &gtk::Window) -> bool {
    let is_focused = |window: gdk::Window| window.state().contains(gdk::WindowState::FOCUSED);
    window.is_active() || window.window().is_some_and(is_focused)
}

/// Closes the window and opens it anew. No desktop lets a program raise a window without a token or with one that is
/// used up (a terminal and many trays hand none over), but all of them put a new window in front. The page stays loaded
/// meanwhile, with everything that was typed.
fn open_anew(window: &ApplicationWindow) {
    let (width, height) = window.size();
    let (x, y) = window.position();
    window.hide();
    window.resize(width, height);
    if let Some(window_on_x11) = on_x11(window) {
        // A window manager shows a new window behind others if the person has used them since its own time.
        window_on_x11.set_user_time(gdkx11::functions::x11_get_server_time(&window_on_x11));
        window.move_(x, y);
    }
    window.show();
}

fn on_x11(window: &ApplicationWindow) -> Option<X11Window> {
    window.window()?.downcast().ok()
}

/// The time of a person's act in a startup id, as X11's startup notification writes it at its end.
fn time_of(ActivationToken(token): &ActivationToken) -> Option<u32> {
    token.rsplit_once("_TIME").and_then(|(_, time)| time.parse().ok()).filter(|&time| time != 0)
}

fn present_on_x11(window: &ApplicationWindow, activation: Option<&ActivationToken>) {
    let server_time = || on_x11(window).map(|window| gdkx11::functions::x11_get_server_time(&window));
    if let Some(ActivationToken(token)) = activation {
        // Ends the launcher's busy cursor, too.
        window.set_startup_id(token);
    }
    // With no time at all, window managers keep the window where it is.
    let time = activation.and_then(time_of).or_else(server_time).unwrap_or(gdk::ffi::GDK_CURRENT_TIME as u32);
    window.present_with_time(time);
}

/// Hands the token to GTK, which uses it the next time that a window is presented.
fn hand_over(display: &gdk::Display, ActivationToken(token): &ActivationToken) {
    // A token with a zero byte is none.
    let Ok(token) = CString::new(token.as_str()) else { return };
    let display: *mut gdk::ffi::GdkDisplay = display.to_glib_none().0;
    // SAFETY: the display is a Wayland one, as the caller has checked, and GDK copies the string.
    #[expect(unsafe_code, reason = "GTK's Rust binding lacks this function")]
    unsafe {
        gdk_wayland_sys::gdk_wayland_display_set_startup_notification_id(display.cast(), token.as_ptr());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_startup_id_has_the_time_at_its_end() {
        let time = |token: &str| time_of(&ActivationToken(token.to_owned()));
        assert_eq!(time("gnome-shell/dyntray/1234-0-host_TIME86400"), Some(86_400));
        assert_eq!(time("a_TIME1_TIME2"), Some(2));
        assert_eq!(time("host_TIME0"), None);
        assert_eq!(time("host_TIME-5"), None);
        assert_eq!(time("6f2c0a1e-token-of-wayland"), None);
    }
}
