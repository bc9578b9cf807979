//! The dialog behind a page's file field: the portal's, which is the desktop's own (KDE's on Plasma), or else GTK's.
//!
//! GTK can ask the portal itself, but only where an environment variable says so, and then nothing opens at all on a
//! desktop whose portal has no file dialogs.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use gtk::gio::prelude::*;
use gtk::gio::{self, DBusConnection, DBusSignalFlags};
use gtk::glib::{MainContext, Variant, VariantDict, VariantTy};
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

/// The reason why the portal shows no dialog.
#[derive(Debug, thiserror::Error)]
enum PortalError {
    #[error("there is no file dialog: {0}")]
    Missing(#[from] gtk::glib::Error),
    #[error("the file dialog ended by itself")]
    Failed,
}

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

/// The file that was chosen in the portal's dialog, if any.
async fn ask_portal(parent: Option<&gtk::Window>) -> Result<Option<PathBuf>, PortalError> {
    let bus = portal::session_bus().await?;
    let mut response = response(&bus);
    let title = parent.and_then(GtkWindowExt::title).unwrap_or_default();
    let parent = parent_handle::exported(parent).await;
    let options = VariantDict::new(None);
    options.insert("handle_token", REQUEST_TOKEN);
    let arguments = Variant::tuple_from_iter([parent.to_variant(), title.to_variant(), options.end()]);
    portal::call(&bus, INTERFACE, "OpenFile", &arguments).await?;
    chosen(&response.recv().await.ok_or(PortalError::Failed)?)
}

/// The file that the portal's response names: none where the person has cancelled.
fn chosen(response: &Variant) -> Result<Option<PathBuf>, PortalError> {
    const CHOSEN: u32 = 0;
    const CANCELLED: u32 = 1;
    match response.try_child_get::<u32>(0) {
        Ok(Some(CHOSEN)) => Ok(response.try_child_value(1).and_then(|results| first_file(&results))),
        Ok(Some(CANCELLED)) => Ok(None),
        _ => Err(PortalError::Failed),
    }
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
        let file = chosen(&response(0, &["file:///home/anna/dd%20client.conf"])).expect("a choice");
        assert_eq!(file, Some(PathBuf::from("/home/anna/dd client.conf")));
        assert_eq!(chosen(&response(0, &[])).expect("no choice"), None);
        assert_eq!(chosen(&response(1, &[])).expect("cancelled"), None);
    }

    #[test]
    fn a_portal_that_could_not_show_its_dialog_has_failed() {
        assert!(chosen(&response(2, &[])).is_err());
        assert!(chosen(&"".to_variant()).is_err());
    }
}
