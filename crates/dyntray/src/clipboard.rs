//! The desktop's clipboard. On X11 and Wayland a text is fetched from the program that copied it, when it is pasted. So the
//! clipboard is opened with the first copy and kept open.

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
    /// When the desktop has no clipboard, or doesn't accept the text. The next copy opens it again.
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
