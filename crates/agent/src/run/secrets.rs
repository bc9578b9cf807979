//! Looks at the start whether every entry has its secret, where that can be seen without a prompt. Otherwise it would only
//! show when the address changes, and then nothing could be sent.

use dyntray_core::Event;
use dyntray_core::types::hostname::Hostname;

use super::Agent;
use crate::keyring::Item;

/// macOS' keychain asks a person whether a changed program may read what an earlier version of it has saved. At the program's
/// start a person is there; at the next change of the address, which is often at night, nobody is.
const ASKS_EACH_VERSION: bool = cfg!(target_os = "macos");

impl Agent {
    /// Has it say at its start which entries have no secret.
    #[must_use]
    pub fn with_secrets_checked(self) -> Self {
        Agent { checks_secrets: true, ..self }
    }

    /// Stops every entry whose secret is surely missing, and says which.
    pub(super) async fn check_all_secrets(&mut self) {
        let items: Vec<(Item, Hostname)> =
            self.settings.enabled().map(|entry| (self.item(entry.id), entry.hostname.clone())).collect();
        if ASKS_EACH_VERSION {
            self.have_questions_asked(items.clone());
        }
        let lacking = match self.keyring.lacking(items.clone()).await {
            Ok(lacking) => lacking,
            Err(error) => {
                tracing::warn!(?error, "nobody knows which host names have a token or password");
                return;
            }
        };
        let names: Vec<String> = items
            .iter()
            .filter(|(item, _)| lacking.contains(item))
            .map(|(_, hostname)| hostname.to_string())
            .collect();
        if names.is_empty() {
            return;
        }
        tracing::warn!("without a token or password, and so never updated: {}", names.join(", "));
        for item in lacking {
            self.dispatch(Event::SecretGone(item.entry()));
        }
    }

    /// Reads every secret, so that the system asks its questions now. Whether one is there shows when it is needed.
    fn have_questions_asked(&self, items: Vec<(Item, Hostname)>) {
        let keyring = self.keyring.clone();
        tokio::spawn(async move {
            for (item, hostname) in items {
                keyring.look_for(item, hostname).await;
            }
        });
    }
}
