//! The desktop's way to the shell: tray, notifications and panel watch send requests, and don't wait for the response.

use dyntray_control::{ActivationToken, Request};
use dyntray_texts::Press;
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::press::request_for;

/// The sending end, to be had from any thread.
#[derive(Clone)]
pub struct RequestSender {
    sender: mpsc::UnboundedSender<Request>,
}

/// A channel for requests of the desktop.
pub fn channel() -> (RequestSender, mpsc::UnboundedReceiver<Request>) {
    let (sender, requests) = mpsc::unbounded_channel();
    (RequestSender { sender }, requests)
}

impl RequestSender {
    /// Sends a request.
    pub fn send(&self, request: impl Into<Request>) {
        // It can only fail when the program is ending.
        let _ = self.sender.send(request.into());
    }

    /// Sends the request that `press` makes now; `activation` is the token that the desktop gave with the press.
    pub fn press(&self, press: Press, activation: Option<ActivationToken>) {
        self.send(request_for(press, activation, Timestamp::now()));
    }
}
