//! Answers what the window and the command line ask.

use dyntray_control::{Answer, Refusal, Request, SaveRequest};
use dyntray_core::Event;
use dyntray_core::form::Form;
use dyntray_core::import;
use dyntray_core::present::Ailment;
use dyntray_core::state::Pause;
use secrecy::ExposeSecret as _;
use tokio::sync::oneshot;

use super::{Agent, Ended};
use crate::saving::{Plan, with_imported, with_new_secret};

impl Agent {
    pub(super) fn answer(&mut self, request: Request, reply: oneshot::Sender<Answer>) {
        let Some((request, reply)) = self.turns.queue(request, reply) else { return };
        let answer = match request {
            Request::Status => {
                if self.shown.is_stale {
                    self.show();
                }
                Answer::Snapshot { snapshot: self.snapshots.borrow().clone() }
            }
            Request::Form => Answer::Form { form: self.form.clone() },
            Request::InspectSecret { secret } => {
                Answer::SecretShape { shape: dyntray_core::token::shape(secret.expose_secret()) }
            }
            Request::Save(request) => return self.save(request, reply),
            Request::SetSecret { entry, secret } => match with_new_secret(&self.form, entry, secret) {
                Some(request) => return self.save(request, reply),
                None => Answer::Refused { refusal: Refusal::NoSuchEntry },
            },
            Request::PreviewImport { text, name } => {
                let import = import::read(text.expose_secret(), &name);
                Answer::Import { preview: import::preview(&import, &self.form) }
            }
            Request::Import { text, name, take } => {
                match with_imported(&self.form, text.expose_secret(), &name, &take) {
                    Some(request) => return self.save(request, reply),
                    None => Answer::Refused { refusal: Refusal::NoSuchEntry },
                }
            }
            Request::SetLanguage { language } => {
                match self.write_form(Form { language, ..self.form.clone() }) {
                    Ok(()) => {
                        self.settings.language = language;
                        self.show();
                        Answer::Done
                    }
                    Err(refusal) => Answer::Refused { refusal },
                }
            }
            Request::UpdateNow => self.acted(Event::UpdateNow),
            Request::TryAgain { entry } if self.settings.entry(entry).is_none() => {
                Answer::Refused { refusal: Refusal::NoSuchEntry }
            }
            Request::TryAgain { entry } => self.acted(Event::TryAgain(entry)),
            Request::ThisIsHome => self.acted(Event::ThisIsHome),
            Request::ForgetHomes => self.acted(Event::HomesForgotten),
            Request::Pause { until } => self.acted(Event::Paused(Pause { until })),
            Request::Resume => self.acted(Event::Resumed),
            Request::History { limit } => match self.history.newest(limit) {
                Ok(items) => Answer::History { items },
                Err(error) => {
                    tracing::error!(%error, "the history can't be read");
                    Answer::Refused { refusal: Refusal::NotWritten { why: error.to_string() } }
                }
            },
            Request::Watch { .. }
            | Request::OpenWindow { .. }
            | Request::OpenWebsite { .. }
            | Request::Autostart
            | Request::SetAutostart { .. }
            | Request::About
            | Request::OpenReleases
            | Request::OpenTrayHelp
            | Request::Quit
            | Request::Log { .. }
            | Request::OpenLogFolder
            | Request::Diagnostics
            | Request::SaveDiagnostics
            | Request::SaveHistory => Answer::Refused { refusal: Refusal::NotUnderstood },
        };
        // Whoever asked may be gone.
        let _ = reply.send(answer);
    }

    /// A change of the form has ended: the next ones begin.
    pub(super) fn next_turn(&mut self) {
        self.turns.give();
        while let Some((request, reply)) = self.turns.next() {
            self.answer(request, reply);
        }
    }

    fn acted(&mut self, event: Event) -> Answer {
        self.happen(event);
        // Whoever asked looks at what came of it next.
        self.show();
        Answer::Done
    }

    /// Checks the form, then lets the keyring take its time beside the loop.
    fn save(&mut self, request: SaveRequest, reply: oneshot::Sender<Answer>) {
        match Plan::check(request, &self.settings, &self.state, self.keyring.filled_by()) {
            Ok(plan) => {
                let keyring = self.keyring.clone();
                self.turns.take();
                self.running.spawn(async move {
                    let kept = plan.keep_secrets(&keyring).await;
                    Ended::Secrets(Box::new(plan), kept, reply)
                });
            }
            Err(refusal) => {
                let _ = reply.send(Answer::Refused { refusal });
            }
        }
    }

    /// Makes a checked form the settings.
    pub(super) fn adopt(&mut self, plan: Plan) -> Result<Form, Refusal> {
        self.write_form(plan.form.clone())?;
        let (new_secrets, gone) = (plan.new_secrets(), plan.gone_secrets());
        self.settings = plan.settings;
        self.ailments.retain(|ailment| !matches!(ailment, Ailment::SettingsDamaged { .. }));
        for id in &gone {
            if let Some(at) = self.state.entries.get_mut(id) {
                at.secret_saved = None;
                at.secret_accepted = None;
            }
        }
        self.happen(Event::SettingsChanged { new_secrets });
        self.show();
        Ok(plan.form)
    }

    fn write_form(&mut self, form: Form) -> Result<(), Refusal> {
        self.file.save(&form).map_err(|error| {
            tracing::error!(%error, "the settings can't be written");
            Refusal::NotWritten { why: error.to_string() }
        })?;
        self.form = form;
        Ok(())
    }
}
