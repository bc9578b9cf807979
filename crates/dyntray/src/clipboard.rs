//! The desktop's clipboard. Where the desktop asks the program that copied for what was copied, as X11 and Wayland do,
//! this one has to stay to answer: so it is opened with the first copy and kept.

use dyntray_core::types::address::PublicAddress;

/// The clipboard, once something was copied to it.
#[derive(Default)]
pub struct Clipboard {
    opened: Option<arboard::Clipboard>,
}

impl Clipboard {
    /// Copies `address` as text.
    ///
    /// # Errors
    /// When the desktop has no clipboard, or won't take it. The next copy tries anew.
    pub fn copy(&mut self, address: PublicAddress) -> Result<(), arboard::Error> {
        let mut clipboard = match self.opened.take() {
            Some(clipboard) => clipboard,
            None => arboard::Clipboard::new()?,
        };
        clipboard.set_text(address.to_string())?;
        self.opened = Some(clipboard);
        Ok(())
    }
}
