//! Has a change saved, which may take as long as a person needs at the keyring's dialog.

use std::future::pending;
use std::time::Duration;

use dyntray_agent::keyring::{self, SecretStore};
use dyntray_control::{AgentRequest, Response};
use dyntray_texts::Texts;
use tokio::signal::ctrl_c;
use tokio::time::sleep;

use super::backend::Backend;
use crate::app_error::AppError;

/// A save that takes longer waits for something. A file, or a keyring that is open, is quicker.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Has a change saved. Where that takes long, standard error says what is being waited for. Ctrl+C cancels.
///
/// # Errors
/// [`AppError::Cancelled`] after Ctrl+C: nothing was saved.
pub(super) async fn save(
    backend: &mut Backend,
    secrets: &SecretStore,
    request: AgentRequest,
) -> Result<Response, AppError> {
    let cancelled = async {
        tokio::select! {
            pressed = ctrl_c() => if let Err(error) = pressed {
                // Then it ends this program, as it does without us.
                tracing::debug!(%error, "Ctrl+C isn't heard");
                pending::<()>().await;
            },
            () = say_what_is_waited_for(secrets) => {}
        }
    };
    backend.ask_unless(request, cancelled).await?.ok_or(AppError::Cancelled)
}

/// Says after a while what a save waits for. Never returns.
async fn say_what_is_waited_for(secrets: &SecretStore) {
    sleep(PATIENCE).await;
    let program = keyring::program_behind(secrets).await;
    eprintln!("{}", waiting_for(&Texts::of_system(), secrets, program.as_deref()));
    pending::<()>().await;
}

/// What a save waits for, and how to cancel it.
fn waiting_for(texts: &Texts, secrets: &SecretStore, program: Option<&str>) -> String {
    match (secrets, program) {
        (SecretStore::Keyring(_), Some(program)) => {
            texts.say_with("report-waiting-keyring", &[("program", program)])
        }
        (SecretStore::Keyring(_), None) => texts.say("report-waiting-some-keyring"),
        _ => texts.say("report-waiting"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_texts::Language;

    #[test]
    fn the_keyrings_program_is_named_and_the_way_to_cancel_is_always_said() {
        let keyring = SecretStore::Keyring("dyntray".into());
        let folder = SecretStore::Credentials {
            folder: "/run/credentials".into(),
            otherwise: Box::new(SecretStore::Keyring("dyntray".into())),
        };
        for language in [Language::En, Language::De] {
            let texts = Texts::of(language);
            let named = waiting_for(&texts, &keyring, Some("keepassxc"));
            assert!(named.contains("keepassxc"), "{named}");
            let all = [named, waiting_for(&texts, &keyring, None), waiting_for(&texts, &folder, None)];
            for said in &all {
                let cancel = if language == Language::En { "Ctrl+C" } else { "Strg+C" };
                assert!(said.contains(cancel) && !said.starts_with("report-"), "{said}");
            }
            assert!(all[0] != all[1] && all[1] != all[2], "{all:?}");
        }
    }
}
