//! The desktop's keyring: waiting for it, locking it, and answering its unlock dialog.

use std::time::Duration;

use super::{parts::START, running::Desktop, screen::DesktopWindow, shell::Shell};
use crate::{PATIENCE, Result, gnome::Gnome, wait::eventually};

/// The unlock dialog accepts a password within this time; after a wrong one it asks again earlier than that.
const SECOND_THOUGHTS: Duration = Duration::from_millis(1500);

/// The name of whichever secret service answers.
pub(super) const SECRETS: &str = "org.freedesktop.secrets";
const LOGIN_KEYRING: &str = "/org/freedesktop/secrets/collection/login";

impl Desktop {
    /// Waits until the login keyring is there.
    pub(super) async fn wait_for_keyring(&self) -> Result<()> {
        self.wait_for_name(SECRETS).await?;
        let service = self.secrets().await?;
        eventually("the login keyring", START, async || {
            service
                .get_property::<Vec<zbus::zvariant::OwnedObjectPath>>("Collections")
                .await
                .is_ok_and(|collections| collections.iter().any(|path| path.as_str() == LOGIN_KEYRING))
        })
        .await
    }

    /// Locks the login keyring, as a screen lock or another program may do at any time.
    pub async fn lock_keyring(&self) -> Result<()> {
        let login = zbus::zvariant::ObjectPath::try_from(LOGIN_KEYRING).map_err(zbus::Error::from)?;
        self.secrets().await?.call_method("Lock", &(vec![login],)).await?;
        eventually("the keyring to be locked", START, async || self.keyring_is_locked().await).await
    }

    /// Waits for the unlock dialog, types the password (see [`super::KEYRING_PASSWORD`]) and presses Enter. Returns true when
    /// the login keyring is open then. After a wrong answer the dialog is ready for the next one.
    pub async fn answer_unlock_dialog(&self, password: &str) -> Result<bool> {
        self.wait_for_unlock_dialog().await?;
        self.type_text(password).await?;
        self.key("Return").await?;
        let open =
            eventually("the keyring to open", SECOND_THOUGHTS, async || !self.keyring_is_locked().await);
        Ok(open.await.is_ok())
    }

    /// Waits for the unlock dialog and gives it the keyboard. On GNOME it is the shell's own.
    pub async fn wait_for_unlock_dialog(&self) -> Result<()> {
        if matches!(self.shell(), Shell::Gnome(_)) {
            return Gnome::of(self).wait_for_dialog(PATIENCE).await.map(drop);
        }
        let prompt = self.wait_for_window("the unlock dialog", DesktopWindow::is_unlock_dialog).await?;
        self.activate_window(prompt.id).await
    }

    /// Waits for the unlock dialog and cancels it.
    pub async fn cancel_unlock_dialog(&self) -> Result<()> {
        self.wait_for_unlock_dialog().await?;
        self.key("Escape").await
    }

    /// Has the login keyring unlocked as another program does, and answers its dialog.
    pub async fn unlock_keyring_by_another_program(&self, password: &str) -> Result<()> {
        let login = zbus::zvariant::ObjectPath::try_from(LOGIN_KEYRING).map_err(zbus::Error::from)?;
        let reply = self.secrets().await?.call_method("Unlock", &(vec![login],)).await?;
        let body = reply.body();
        let (_unlocked, prompt): (Vec<zbus::zvariant::OwnedObjectPath>, zbus::zvariant::OwnedObjectPath) =
            body.deserialize()?;
        let prompt = self.proxy(SECRETS, prompt.as_str(), "org.freedesktop.Secret.Prompt").await?;
        prompt.call_method("Prompt", &("",)).await?;
        self.answer_unlock_dialog(password).await.map(drop)
    }

    /// Tells whether the login keyring is locked, or not there at all.
    pub async fn keyring_is_locked(&self) -> bool {
        let interface = "org.freedesktop.Secret.Collection";
        match self.proxy(SECRETS, LOGIN_KEYRING, interface).await {
            Ok(keyring) => keyring.get_property("Locked").await.unwrap_or(true),
            Err(_) => true,
        }
    }

    async fn secrets(&self) -> Result<zbus::Proxy<'static>> {
        self.proxy(SECRETS, "/org/freedesktop/secrets", "org.freedesktop.Secret.Service").await
    }
}
