//! Answers the requests of the window and the command line.

use std::collections::BTreeSet;

use dyntray_control::{AgentRequest, Rejection, Response, SaveRequest};
use dyntray_core::Event;
use dyntray_core::import;
use dyntray_core::record::SecretPresence;
use dyntray_core::settings::form::Form;
use dyntray_core::state::Pause;
use dyntray_core::state::entry::Superseded;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use secrecy::ExposeSecret as _;
use tokio::sync::oneshot;

use super::Agent;
use super::task_result::TaskResult;
use crate::saving::{Plan, unseen_secrets, with_imported, with_new_secret};

impl Agent {
    pub(super) fn answer(&mut self, request: AgentRequest, reply: oneshot::Sender<Response>) {
        let Some((request, reply)) = self.save_queue.admit(request, reply) else { return };
        let answer = match request {
            AgentRequest::Status => Response::Snapshot { snapshot: self.current_snapshot() },
            AgentRequest::Form => Response::Form { form: self.form.clone() },
            AgentRequest::InspectSecret { secret } => {
                Response::SecretShape { shape: dyntray_core::types::token::shape(secret.expose_secret()) }
            }
            AgentRequest::Save(request) => return self.save(request, reply),
            AgentRequest::SetSecret { entry, secret } => match with_new_secret(&self.form, entry, secret) {
                Some(request) => return self.save(request, reply),
                None => Response::Rejected { rejection: Rejection::NoSuchEntry },
            },
            AgentRequest::PreviewImport { text, name } => {
                let import = import::read(text.expose_secret(), &name);
                Response::Import { preview: import::preview(&import, &self.form) }
            }
            AgentRequest::Import { text, name, take } => {
                match with_imported(&self.form, text.expose_secret(), &name, &take) {
                    Some(request) => return self.save(request, reply),
                    None => Response::Rejected { rejection: Rejection::NoSuchEntry },
                }
            }
            AgentRequest::SetLanguage { language } => {
                match self.write_form(Form { language, ..self.form.clone() }) {
                    Ok(()) => {
                        self.settings.language = language;
                        self.show();
                        Response::Done
                    }
                    Err(rejection) => Response::Rejected { rejection },
                }
            }
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
            AgentRequest::ThisIsHome => self.acted(Event::ThisIsHome),
            AgentRequest::ForgetHomes => self.acted(Event::HomesForgotten),
            AgentRequest::Pause { until } => self.acted(Event::Paused(Pause { until })),
            AgentRequest::Resume => self.acted(Event::Resumed),
            AgentRequest::History { limit } => match self.history.newest(limit) {
                Ok(items) => Response::History { items },
                Err(error) => {
                    tracing::error!(%error, "the history can't be read");
                    Response::Rejected { rejection: Rejection::NotWritten { why: error.to_string() } }
                }
            },
        };
        // The asker may be gone.
        let _ = reply.send(answer);
    }

    /// Ends a save of the form, and begins those that waited for it.
    pub(super) fn finish_save(&mut self) {
        self.save_queue.finish();
        while let Some((request, reply)) = self.save_queue.next() {
            self.answer(request, reply);
        }
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

    /// Has secrets looked for that the state doesn't know and that it depends on whether the form can be saved, in a
    /// task beside the loop. Then saves the form.
    fn save(&mut self, request: SaveRequest, reply: oneshot::Sender<Response>) {
        let unseen = unseen_secrets(&request, &self.settings, &self.state, self.keyring.filled_by());
        self.save_queue.begin();
        if unseen.is_empty() {
            return self.save_checked(request, &BTreeSet::new(), reply);
        }
        let keyring = self.keyring.clone();
        self.keyring.person_acts();
        self.tasks.spawn(async move {
            let mut looks = Vec::new();
            for (id, hostname) in unseen {
                looks.push((id, keyring.look_for(id, hostname).await));
            }
            TaskResult::LookedBeforeSave(request, looks, reply)
        });
    }

    /// Goes on with a save whose unknown secrets were looked for.
    pub(super) fn save_looked_for(
        &mut self,
        request: SaveRequest,
        looks: Vec<(EntryId, SecretPresence)>,
        reply: oneshot::Sender<Response>,
    ) {
        let mut without_secret = BTreeSet::new();
        for (id, presence) in looks {
            match presence {
                SecretPresence::Found => {
                    self.dispatch(Event::SecretLookEnded(id, presence));
                }
                SecretPresence::Missing { .. } => {
                    without_secret.insert(id);
                }
                SecretPresence::Unknown => {}
            }
        }
        self.save_checked(request, &without_secret, reply);
    }

    /// Checks the form, then has its secrets stored in a task beside the loop.
    fn save_checked(
        &mut self,
        request: SaveRequest,
        without_secret: &BTreeSet<EntryId>,
        reply: oneshot::Sender<Response>,
    ) {
        let filled_by = self.keyring.filled_by();
        match Plan::check(request, &self.settings, &self.state, filled_by, without_secret) {
            Ok(plan) => {
                let keyring = self.keyring.clone();
                self.tasks.spawn(async move {
                    let stored = plan.store_secrets(&keyring).await;
                    TaskResult::SecretsStored(Box::new(plan), stored, reply)
                });
            }
            Err(rejection) => {
                let _ = reply.send(Response::Rejected { rejection });
                self.finish_save();
            }
        }
    }

    /// Applies a checked form as the new settings.
    pub(super) fn adopt(&mut self, plan: Plan) -> Result<Form, Rejection> {
        self.write_form(plan.form.clone())?;
        let (new_secrets, removed) = (plan.new_secrets(), plan.removed_secrets());
        self.settings = plan.settings;
        self.health_issues.retain(|issue| !matches!(issue, HealthIssue::SettingsDamaged { .. }));
        for id in &removed {
            if let Some(at) = self.state.entries.get_mut(id) {
                at.secret_saved = None;
                at.secret_accepted = None;
                if let Some(attempt) = &mut at.in_flight {
                    attempt.superseded = attempt.superseded.max(Superseded::ByLogin);
                }
            }
        }
        self.dispatch(Event::SettingsChanged { new_secrets });
        self.show();
        Ok(plan.form)
    }

    fn write_form(&mut self, form: Form) -> Result<(), Rejection> {
        self.file.save(&form).map_err(|error| {
            tracing::error!(%error, "the settings can't be written");
            Rejection::NotWritten { why: error.to_string() }
        })?;
        self.form = form;
        Ok(())
    }
}
