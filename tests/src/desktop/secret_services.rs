//! Several secret services on one desktop, one after the other: gnome-keyring and KWallet, with KWallet's own dialogs.

use std::time::Duration;

use tokio::time::sleep;
use zbus::zvariant::OwnedObjectPath;

use super::{keyring::SECRETS, parts::START, running::Desktop, screen::DesktopWindow};
use crate::{Error, PATIENCE, Result, wait::eventually};

/// A dialog of KWallet's takes keys after this time.
const SETTLE: Duration = Duration::from_millis(700);

impl DesktopWindow {
    /// Tells whether it is KWallet's wizard, or its question for a password.
    pub fn is_wallet_dialog(&self) -> bool {
        self.class.to_lowercase().contains("kwalletd")
    }
}

impl Desktop {
    /// Ends whichever program is the secret service now.
    pub async fn end_secret_service(&mut self) -> Result<()> {
        let bus = zbus::fdo::DBusProxy::new(self.bus()).await?;
        let name = zbus::names::BusName::try_from(SECRETS).map_err(zbus::Error::from)?;
        let pid = bus.get_connection_unix_process_id(name).await?.to_string();
        self.tool("kill", &[&pid]).await?;
        for part in ["gnome-keyring-daemon", "kwalletd5"] {
            self.parts.end(part);
        }
        self.wait_for_no_name(SECRETS).await
    }

    /// Starts gnome-keyring, open, with everything that was in it before.
    pub async fn start_gnome_keyring(&mut self) -> Result<()> {
        self.parts.spawn_keyring(&self.session)?;
        self.wait_for_keyring().await
    }

    /// Starts KWallet, closed, with everything that was in it before.
    pub async fn start_wallet(&mut self) -> Result<()> {
        self.parts.spawn(&self.session, "kwalletd5", &[], None)?;
        self.wait_for_name(SECRETS).await
    }

    /// Goes through KWallet's wizard: a wallet with this password.
    pub async fn create_wallet(&self, password: &str) -> Result<()> {
        let wizard = self.wait_for_wallet_dialog().await?;
        // "Classic, blowfish encrypted file" has the keyboard, and isn't chosen: the other kind needs a GPG key.
        self.key("space").await?;
        eventually("the question for a new password", PATIENCE, async || {
            let is_wizard = self.windows().await?.iter().any(|window| window.id == wizard.id);
            if is_wizard {
                self.key("Return").await?;
                return Err(Error::NotThere("the wizard is still there".to_owned()));
            }
            Ok(())
        })
        .await?;
        self.wait_for_wallet_dialog().await?;
        self.type_text(password).await?;
        self.key("Tab").await?;
        self.type_text(password).await?;
        self.key("Return").await?;
        eventually("the wallet", PATIENCE, async || self.wallet_is_locked().await.is_ok_and(|locked| !locked))
            .await
    }

    /// Waits for KWallet's question for the password and answers it.
    pub async fn answer_wallet_dialog(&self, password: &str) -> Result<()> {
        self.wait_for_wallet_dialog().await?;
        self.type_text(password).await?;
        self.key("Return").await?;
        eventually("the wallet to open", PATIENCE, async || {
            self.wallet_is_locked().await.is_ok_and(|locked| !locked)
        })
        .await
    }

    /// Waits for a dialog of KWallet's and cancels it.
    pub async fn cancel_wallet_dialog(&self) -> Result<()> {
        self.wait_for_wallet_dialog().await?;
        self.key("Escape").await?;
        eventually("KWallet's dialog to go", PATIENCE, async || !self.has_wallet_dialog().await).await
    }

    /// Tells whether a dialog of KWallet's is on the screen.
    pub async fn has_wallet_dialog(&self) -> bool {
        self.windows().await.is_ok_and(|all| all.iter().any(DesktopWindow::is_wallet_dialog))
    }

    /// Locks the default collection, as KWallet does by itself after a while.
    pub async fn lock_default_collection(&self) -> Result<()> {
        let wallet = self.default_collection().await?;
        let service =
            self.proxy(SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service").await?;
        let (_locked, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            service.call("Lock", &(vec![wallet],)).await?;
        // KeePassXC has a prompt for everything, and asks nothing here.
        self.prompt(&prompt).await?;
        eventually("the collection to be locked", START, async || {
            self.wallet_is_locked().await.unwrap_or(false)
        })
        .await
    }

    async fn wallet_is_locked(&self) -> Result<bool> {
        let wallet = self.default_collection().await?;
        let wallet = self.proxy(SECRETS, wallet.as_str(), "org.freedesktop.Secret.Collection").await?;
        Ok(wallet.get_property("Locked").await?)
    }

    async fn default_collection(&self) -> Result<OwnedObjectPath> {
        let service =
            self.proxy(SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service").await?;
        let collection: OwnedObjectPath = service.call("ReadAlias", &("default",)).await?;
        if collection.as_str() == "/" {
            return Err(Error::NotThere("a default collection".to_owned()));
        }
        Ok(collection)
    }

    /// Has the default collection unlocked as another program does; its dialog is to be answered.
    pub async fn unlock_default_collection_by_another_program(&self) -> Result<()> {
        let collection = self.default_collection().await?;
        let service =
            self.proxy(SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service").await?;
        let (_unlocked, prompt): (Vec<OwnedObjectPath>, OwnedObjectPath) =
            service.call("Unlock", &(vec![collection],)).await?;
        self.prompt(&prompt).await
    }

    async fn prompt(&self, prompt: &OwnedObjectPath) -> Result<()> {
        if prompt.as_str() != "/" {
            let prompt = self.proxy(SECRETS, prompt.as_str(), "org.freedesktop.Secret.Prompt").await?;
            prompt.call_method("Prompt", &("",)).await?;
        }
        Ok(())
    }

    async fn wait_for_wallet_dialog(&self) -> Result<DesktopWindow> {
        let dialog = self.wait_for_window("KWallet's dialog", DesktopWindow::is_wallet_dialog).await?;
        self.activate_window(dialog.id).await?;
        sleep(SETTLE).await;
        Ok(dialog)
    }
}
