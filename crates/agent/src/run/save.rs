//! Saves the form and its secrets, one change at a time: new secrets first, then the settings, then the removal of secrets
//! that nobody needs any more. So neither a failure nor a kill in between leaves an entry without its secret.

use std::collections::BTreeSet;

use dyntray_control::{AgentRequest, Rejection, Response};
use dyntray_core::Event;
use dyntray_core::record::SecretPresence;
use dyntray_core::settings::LanguageChoice;
use dyntray_core::settings::form::Form;
use dyntray_core::state::entry::Superseded;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::entry_id::EntryId;
use secrecy::ExposeSecret as _;
use tokio::sync::oneshot;

use super::Agent;
use super::task_result::TaskResult;
use crate::history::Durability;
use crate::keyring::Item;
use crate::saving::{Change, Plan, Undo, item_of, unseen_secrets};
use crate::settings_file::Contents;

/// The place where the answer to a change goes.
type Reply = oneshot::Sender<Response>;

impl Agent {
    /// Carries out a request that changes the form. No other one is being carried out.
    pub(super) fn change_form(&mut self, request: AgentRequest, reply: Reply) {
        if let Err(rejection) = self.follow_settings_file() {
            return refuse(reply, rejection);
        }
        let saved = &self.form;
        let or_gone = |change: Option<Change>| change.ok_or(Rejection::NoSuchEntry);
        let change = match request {
            AgentRequest::Save(request) => Change::of_save(*request, saved),
            AgentRequest::AddEntry { entry, secret } => Ok(Change::adding(entry, secret, saved)),
            AgentRequest::RemoveEntry { hostname } => or_gone(Change::removing(&hostname, saved)),
            AgentRequest::SetSecret { entry, secret } => or_gone(Change::of_secret(entry, secret, saved)),
            AgentRequest::SetSecretOf { seen, secret } => Change::of_secret_as_seen(seen, secret, saved),
            AgentRequest::Import { text, name, take, off } => {
                or_gone(Change::importing(text.expose_secret(), &name, &take, &off, saved))
            }
            AgentRequest::SetLanguage { language } => return self.set_language(language, reply),
            // The others change nothing.
            _ => Err(Rejection::NotUnderstood),
        };
        match change {
            Ok(change) => self.save(change, reply),
            Err(rejection) => refuse(reply, rejection),
        }
    }

    /// Takes over what somebody has changed in the settings file by hand: it was saved meanwhile, too.
    pub(super) fn follow_settings_file(&mut self) -> Result<(), Rejection> {
        let Some(changed) = self.file.changed_by_hand(&self.form)? else { return Ok(()) };
        tracing::info!("the settings file was changed by hand");
        let Contents { form, settings, second } = changed;
        (self.form, self.settings, self.second) = (form, settings, second);
        self.dispatch(Event::SettingsChanged { new_secrets: BTreeSet::new() });
        self.show();
        Ok(())
    }

    fn set_language(&mut self, language: LanguageChoice, reply: Reply) {
        if let Err(rejection) = self.write_form(Form { language, ..self.form.clone() }, self.second.clone()) {
            return refuse(reply, rejection);
        }
        self.settings.language = language;
        self.show();
        // The asker may be gone.
        let _ = reply.send(Response::Done);
    }

    /// Has secrets looked for that the state doesn't know and that it depends on whether the form can be saved, in a
    /// task beside the loop. Then saves the form.
    fn save(&mut self, change: Change, reply: Reply) {
        let unseen = unseen_secrets(&change, &self.settings, &self.state, &self.keyring.given());
        self.save_queue.begin();
        if unseen.is_empty() {
            return self.save_checked(change, &BTreeSet::new(), reply);
        }
        let unseen: Vec<_> = unseen.into_iter().map(|(id, host)| (id, self.item(id), host)).collect();
        let keyring = self.keyring.clone();
        self.keyring.person_acts();
        self.tasks.spawn(async move {
            let mut looks = Vec::new();
            for (id, item, hostname) in unseen {
                looks.push((id, keyring.look_for(item, hostname).await));
            }
            TaskResult::LookedBeforeSave(change, looks, reply)
        });
    }

    /// Goes on with a save whose unknown secrets were looked for.
    pub(super) fn save_looked_for(
        &mut self,
        change: Change,
        looks: Vec<(EntryId, SecretPresence)>,
        reply: Reply,
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
        self.save_checked(change, &without_secret, reply);
    }

    /// Checks the form, then has its new secrets written in a task beside the loop.
    fn save_checked(&mut self, change: Change, without_secret: &BTreeSet<EntryId>, mut reply: Reply) {
        let given = self.keyring.given();
        let checked = Plan::check(change, &self.settings, &self.second, &self.state, &given, without_secret);
        let plan = match checked {
            Ok(plan) => plan,
            Err(rejection) => return self.end_save(reply, Response::Rejected { rejection }),
        };
        self.take_numbers(&plan);
        let keyring = self.keyring.clone();
        self.tasks.spawn(async move {
            // Nobody waits any more once the asker has cancelled.
            let written = plan.write_secrets(&keyring, reply.closed()).await;
            TaskResult::SecretsWritten(Box::new(plan), written, reply)
        });
    }

    /// Notes the numbers of new entries on disk before their secrets are written. Whatever happens then, no other entry
    /// ever gets such a number, and with it a secret that was written for another server. Where the state can't be
    /// written, which is shown, they are at least remembered.
    fn take_numbers(&mut self, plan: &Plan) {
        let last = plan.last_number().0;
        if last > self.state.last_entry {
            self.state.last_entry = last;
            let state = self.state.clone();
            self.write(&state, &[], Durability::Sync);
        }
    }

    /// Writes the settings of a form whose new secrets are written. If that fails, the new secrets go again.
    pub(super) fn secrets_written(&mut self, plan: Plan, written: Result<Undo, Rejection>, reply: Reply) {
        let undo = match written {
            Ok(undo) => undo,
            Err(rejection) => return self.end_save(reply, Response::Rejected { rejection }),
        };
        let keyring = self.keyring.clone();
        match self.adopt(&plan) {
            Ok(()) => self.tasks.spawn(async move {
                let secret_stays = plan.remove_secrets(&keyring).await;
                let Plan { form, ids, .. } = plan;
                TaskResult::SaveEnded(Response::Saved { form, ids, secret_stays }, reply)
            }),
            Err(rejection) => self.tasks.spawn(async move {
                undo.perform(&keyring).await;
                TaskResult::SaveEnded(Response::Rejected { rejection }, reply)
            }),
        };
    }

    /// Answers a save, and begins the one that waits for it.
    pub(super) fn end_save(&mut self, reply: Reply, answer: Response) {
        // The window may have been closed meanwhile.
        let _ = reply.send(answer);
        self.finish_save();
    }

    /// Notes the end of a save, and begins those that waited for it.
    pub(super) fn finish_save(&mut self) {
        self.save_queue.finish();
        while let Some((request, reply)) = self.save_queue.next() {
            // A save that was cancelled while it waited isn't begun.
            if !reply.is_closed() {
                self.answer(request, reply);
            }
        }
    }

    /// Applies a checked form as the new settings.
    fn adopt(&mut self, plan: &Plan) -> Result<(), Rejection> {
        self.write_form(plan.form.clone(), plan.second.clone())?;
        let (new_secrets, removed) = (plan.new_secrets(), plan.removed_secrets());
        self.settings = plan.settings.clone();
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
        Ok(())
    }

    fn write_form(&mut self, form: Form, second: BTreeSet<EntryId>) -> Result<(), Rejection> {
        self.file.save_with(&form, &second).map_err(|error| {
            tracing::error!(%error, "the settings can't be written");
            Rejection::NotWritten { why: error.to_string() }
        })?;
        (self.form, self.second) = (form, second);
        Ok(())
    }

    /// The place of an entry's secret.
    pub(super) fn item(&self, id: EntryId) -> Item {
        item_of(id, &self.second)
    }
}

fn refuse(reply: Reply, rejection: Rejection) {
    // The asker may be gone.
    let _ = reply.send(Response::Rejected { rejection });
}
