//! Reads the settings file and looks again, because the system asks for that (`systemctl reload`).

use dyntray_control::Rejection;
use dyntray_core::Event;

use super::Agent;

impl Agent {
    /// Takes over what was changed in the settings file by hand, has every secret looked for and every source asked. What
    /// can't be used stays out, and the log says so.
    pub(super) fn reload(&mut self) {
        tracing::info!("asked to look again");
        if !self.save_queue.is_saving()
            && let Err(rejection) = self.follow_settings_file()
        {
            match rejection {
                Rejection::SettingsFileChanged { path, why } => {
                    tracing::error!("{path} can't be used, and the settings stay as they were: {why}");
                }
                other => tracing::error!(?other, "the settings file can't be read"),
            }
        }
        self.checks_secrets = true;
        self.keyring.person_acts();
        self.acted(Event::UpdateNow);
    }
}
