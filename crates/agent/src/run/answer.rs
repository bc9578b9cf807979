//! Answers the requests of the window and the command line.

use dyntray_control::{AgentRequest, Rejection, Response};
use dyntray_core::Event;
use dyntray_core::assess::home::HomeStatus;
use dyntray_core::import;
use dyntray_core::state::Pause;
use secrecy::ExposeSecret as _;
use tokio::sync::oneshot;

use super::Agent;
use super::task_result::TaskResult;

impl Agent {
    pub(super) fn answer(&mut self, request: AgentRequest, reply: oneshot::Sender<Response>) {
        let Some((request, reply)) = self.save_queue.admit(request, reply) else { return };
        let answer = match request {
            AgentRequest::Save(_)
            | AgentRequest::AddEntry { .. }
            | AgentRequest::RemoveEntry { .. }
            | AgentRequest::SetSecret { .. }
            | AgentRequest::SetSecretOf { .. }
            | AgentRequest::Import { .. }
            | AgentRequest::SetLanguage { .. } => return self.change_form(request, reply),
            AgentRequest::BackUp { passphrase } => return self.back_up(passphrase, reply),
            AgentRequest::Status => Response::Snapshot { snapshot: self.current_snapshot() },
            AgentRequest::Form => Response::Form { form: self.form.clone() },
            AgentRequest::InspectSecret { secret } => {
                Response::SecretShape { shape: dyntray_core::types::token::shape(secret.expose_secret()) }
            }
            AgentRequest::PreviewImport { text, name } => {
                let import = import::read(text.expose_secret(), &name);
                Response::Import { preview: import::preview(&import, &self.form) }
            }
            AgentRequest::LocateImport { text, name } => return self.locate(&text, &name, reply),
            AgentRequest::UpdateNow => {
                self.keyring.person_acts();
                self.acted(Event::UpdateNow)
            }
            AgentRequest::UpdateWhenDue => {
                self.keyring.person_acts();
                self.acted(Event::UpdateWhenDue)
            }
            AgentRequest::UnlockKeyring => return self.unlock_keyring(reply),
            AgentRequest::TryAgain { entry } if self.settings.entry(entry).is_none() => {
                Response::Rejected { rejection: Rejection::NoSuchEntry }
            }
            AgentRequest::TryAgain { entry } => {
                self.keyring.person_acts();
                self.acted(Event::TryAgain(entry))
            }
            AgentRequest::ThisIsHome if self.assessment.home == HomeStatus::Unclear => {
                Response::Rejected { rejection: Rejection::NetworkUnclear }
            }
            AgentRequest::ThisIsHome => self.acted(Event::ThisIsHome),
            AgentRequest::ForgetHomes => self.acted(Event::HomesForgotten),
            AgentRequest::Pause { until } => self.acted(Event::Paused(Pause { until })),
            AgentRequest::Resume => self.acted(Event::Resumed),
            AgentRequest::History { limit } => return self.read_history(limit, reply),
        };
        // The asker may be gone.
        let _ = reply.send(answer);
    }

    /// Reads the history in a thread of its own: all of it takes a while.
    fn read_history(&self, limit: u32, reply: oneshot::Sender<Response>) {
        let reader = self.history.reader();
        tokio::task::spawn_blocking(move || {
            let answer = match reader.newest(limit) {
                Ok(items) => Response::History { items },
                Err(error) => {
                    tracing::error!(%error, "the history can't be read");
                    Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
                }
            };
            // The asker may be gone.
            let _ = reply.send(answer);
        });
    }

    pub(super) fn acted(&mut self, event: Event) -> Response {
        self.dispatch(event);
        // The asker looks at the result next.
        self.show();
        Response::Done
    }

    /// Has the keyring ask for its password, in a task beside the loop.
    fn unlock_keyring(&mut self, reply: oneshot::Sender<Response>) {
        let keyring = self.keyring.clone();
        self.tasks.spawn(async move { TaskResult::Unlocked(keyring.unlock().await, reply) });
    }
}
