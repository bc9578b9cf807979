//! Makes a backup: settings and secrets as one save has left them, encrypted. No save begins meanwhile.

use dyntray_control::{Rejection, Response};
use secrecy::SecretString;
use tokio::sync::oneshot;

use super::Agent;
use super::task_result::TaskResult;
use crate::backup::{self, Backup};

impl Agent {
    /// Has all secrets read and encrypted with the settings, in a task beside the loop.
    pub(super) fn back_up(&mut self, passphrase: SecretString, reply: oneshot::Sender<Response>) {
        if let Err(rejection) = self.follow_settings_file() {
            let _ = reply.send(Response::Rejected { rejection });
            return;
        }
        self.save_queue.begin();
        self.keyring.person_acts();
        let keyring = self.keyring.clone();
        let form = self.form.clone();
        let entries = self.settings.entries.iter();
        let places: Vec<_> =
            entries.map(|entry| (entry.id, self.item(entry.id), entry.hostname.clone())).collect();
        self.tasks.spawn(async move {
            let (mut secrets, mut without_secret) = (Vec::new(), Vec::new());
            for (id, item, hostname) in places {
                match keyring.read(item, hostname.clone()).await {
                    Ok(Some(secret)) => secrets.push((id, secret)),
                    Ok(None) => without_secret.push(hostname.to_string()),
                    Err(error) => {
                        return TaskResult::SaveEnded(Response::Rejected { rejection: error.into() }, reply);
                    }
                }
            }
            let contents = Backup { form, secrets };
            // The passphrase makes it slow on purpose.
            let sealed = tokio::task::spawn_blocking(move || backup::seal(&contents, &passphrase)).await;
            let response = match sealed.map_err(std::io::Error::other).and_then(|sealed| sealed) {
                Ok(file) => Response::BackedUp { file, without_secret },
                Err(error) => {
                    Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
                }
            };
            TaskResult::SaveEnded(response, reply)
        });
    }
}
