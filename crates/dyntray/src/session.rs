//! The desktop session that the tray program lives in. The program ends with it, since without display and bus nobody
//! sees its icon, its notifications or its window; the next log-in starts it again.

mod display;

use std::convert::Infallible;

use dyntray_control::ShellRequest;
use tokio::sync::oneshot;
use zbus::Connection;

use crate::panel::PanelWatch;

/// Watches the session until the task is ended. When the session is over, the program is asked to end. Tells `watched` as
/// soon as the display's end will be noticed.
pub async fn watch(panel: PanelWatch, watched: oneshot::Sender<()>) {
    let why = tokio::select! {
        // A program that was started without a bus or without a display ends with what it has.
        why = bus_lost(&panel) => why,
        () = display::lost(watched) => "the display is gone",
    };
    tracing::info!("the desktop session is over: {why}");
    panel.requests.send(ShellRequest::Quit);
}

/// Returns when the session bus has gone; never where there was none.
async fn bus_lost(panel: &PanelWatch) -> &'static str {
    match Connection::session().await {
        Ok(bus) => {
            tokio::join!(panel.run(&bus), bus.closed());
            "the session bus is gone"
        }
        Err(error) => {
            panel.bus_missing(&error).await;
            match std::future::pending::<Infallible>().await {}
        }
    }
}
