//! The dialog behind a page's file field: the portal's, which is the desktop's own (KDE's on Plasma), or else GTK's.
//!
//! GTK can ask the portal itself, but only where an environment variable says so. Then nothing opens at all on a desktop
//! whose portal has no file dialogs, and every start waits for the portal.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use gtk::gio::prelude::*;
use gtk::gio::{self, DBusConnection, DBusSignalFlags};
use gtk::glib::{self, MainContext, Variant, VariantDict, VariantTy};
use gtk::prelude::*;
use tauri::WebviewWindow;
use tokio::sync::mpsc;
use webkit2gtk::{FileChooserRequest, FileChooserRequestExt as _, WebView, WebViewExt as _};

use super::{parent_handle, portal};

const INTERFACE: &str = "org.freedesktop.portal.FileChooser";
const REQUEST: &str = "org.freedesktop.portal.Request";
/// The last part of the path of our requests. There is at most one at a time.
const REQUEST_TOKEN: &str = "dyntray_file";

/// A dialog is open. There is one window, so there is one dialog at most.
static IS_OPEN: AtomicBool = AtomicBool::new(false);

/// True while a file is being chosen.
pub fn is_open() -> bool {
    IS_OPEN.load(Ordering::Relaxed)
}

/// Lets file fields of the window's pages open our dialogs.
pub fn attach(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        webview.inner().connect_run_file_chooser(|view, request| {
            let (view, request) = (view.clone(), request.clone());
            MainContext::default().spawn_local(async move {
                IS_OPEN.store(true, Ordering::Relaxed);
                choose(&view, &request).await;
                IS_OPEN.store(false, Ordering::Relaxed);
            });
            true
        });
    })
}

async fn choose(view: &WebView, request: &FileChooserRequest) {
    let parent = view.toplevel().and_then(|top| top.downcast::<gtk::Window>().ok());
    let chosen = match ask_portal(parent.as_ref()).await {
        Ok(chosen) => chosen,
        Err(_) => ask_gtk(parent.as_ref()).await,
    };
    match chosen.as_deref().and_then(|file| file.to_str()) {
        Some(file) => request.select_files(&[file]),
        None => request.cancel(),
    }
}

/// The file that was chosen in the portal's dialog, if any. Fails where the portal has no file dialogs.
async fn ask_portal(parent: Option<&gtk::Window>) -> Result<Option<PathBuf>, glib::Error> {
    let bus = portal::session_bus().await?;
    let mut response = response(&bus);
    let title = parent.and_then(GtkWindowExt::title).unwrap_or_default();
    let parent = parent_handle::exported(parent).await;
    let options = VariantDict::new(None);
    options.insert("handle_token", REQUEST_TOKEN);
    let arguments = Variant::tuple_from_iter([parent.to_variant(), title.to_variant(), options.end()]);
    portal::call(&bus, INTERFACE, "OpenFile", &arguments).await?;
    Ok(response.recv().await.and_then(|response| chosen(&response)))
}

/// The file that the portal's response names. There is none where the person has cancelled: portals have different
/// codes for the button and for a dialog that was closed.
fn chosen(response: &Variant) -> Option<PathBuf> {
    const CHOSEN: u32 = 0;
    let code = response.try_child_get::<u32>(0).ok()??;
    if code == CHOSEN { first_file(&response.try_child_value(1)?) } else { None }
}

/// The portal's response, which comes as a signal. It is listened for before the portal is asked.
fn response(bus: &DBusConnection) -> mpsc::UnboundedReceiver<Variant> {
    let (send, receive) = mpsc::unbounded_channel();
    let own_name = bus.unique_name().unwrap_or_default();
    let sender = own_name.trim_start_matches(':').replace('.', "_");
    let path = format!("{}/request/{sender}/{REQUEST_TOKEN}", portal::PATH);
    let id = std::rc::Rc::new(std::cell::Cell::new(None));
    let subscription = id.clone();
    id.set(Some(bus.signal_subscribe(
        Some(portal::NAME),
        Some(REQUEST),
        Some("Response"),
        Some(&path),
        None,
        DBusSignalFlags::NONE,
        move |bus, _, _, _, _, arguments| {
            // The receiver is gone when the dialog isn't waited for any more.
            let _ = send.send(arguments.clone());
            if let Some(id) = subscription.take() {
                bus.signal_unsubscribe(id);
            }
        },
    )));
    receive
}

fn first_file(results: &Variant) -> Option<PathBuf> {
    if !results.is_type(VariantTy::VARDICT) {
        return None;
    }
    let uris = VariantDict::new(Some(results)).lookup::<Vec<String>>("uris").ok()??;
    gio::File::for_uri(uris.first()?).path()
}

/// The file that was chosen in GTK's own dialog, if any.
async fn ask_gtk(parent: Option<&gtk::Window>) -> Option<PathBuf> {
    let title = parent.and_then(GtkWindowExt::title);
    let dialog =
        gtk::FileChooserNative::new(title.as_deref(), parent, gtk::FileChooserAction::Open, None, None);
    dialog.set_modal(true);
    let response = dialog.run_future().await;
    if response == gtk::ResponseType::Accept { dialog.filename() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(code: u32, uris: &[&str]) -> Variant {
        let results = VariantDict::new(None);
        results.insert("uris", uris);
        Variant::tuple_from_iter([code.to_variant(), results.end()])
    }

    #[test]
    fn the_portals_response_names_the_file() {
        let file = chosen(&response(0, &["file:///home/anna/dd%20client.conf"]));
        assert_eq!(file, Some(PathBuf::from("/home/anna/dd client.conf")));
        assert_eq!(chosen(&response(0, &[])), None);
    }

    #[test]
    fn a_dialog_that_was_cancelled_or_closed_names_no_file() {
        let file = "file:///home/anna/ddclient.conf";
        assert_eq!(chosen(&response(1, &[file])), None);
        assert_eq!(chosen(&response(2, &[file])), None);
        assert_eq!(chosen(&"".to_variant()), None);
    }
}
