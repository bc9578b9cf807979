//! The paths of one Dyntray: the person's own or the system's service, and the place of its secrets.

use std::io;
#[cfg(unix)]
use std::path::PathBuf;

use clap::Args;
use dyntray_agent::Folders;
use dyntray_agent::keyring::SecretStore;
use dyntray_agent::settings_file::{SettingsFile, SettingsFileError};
use dyntray_control::{Profile, RuntimeDir};
use dyntray_texts::Texts;

use crate::field_errors;

/// The service's own files: the `StateDirectory` of its unit.
#[cfg(target_os = "linux")]
const SYSTEM_FOLDER: &str = "/var/lib/dyntray";
/// The service's socket: the `RuntimeDirectory` of its unit.
#[cfg(target_os = "linux")]
const SYSTEM_RUNTIME_DIR: &str = "/run/dyntray";

/// The arguments that choose a Dyntray and the place of its secrets.
#[derive(Debug, Default, Args)]
pub struct InstanceArgs {
    /// The system's service instead of one's own Dyntray: settings, state and a file of secrets in /var/lib/dyntray,
    /// socket in /run/dyntray.
    #[cfg(target_os = "linux")]
    #[arg(long, global = true)]
    system: bool,
    /// Keep secrets in this file instead of the keyring, where there is none. Nobody else may be able to read it. The
    /// environment's `DYNTRAY_SECRETS_FILE` says the same.
    #[cfg(unix)]
    #[arg(long, global = true, value_name = "FILE")]
    secrets_file: Option<PathBuf>,
}

/// All paths of one Dyntray.
pub struct AppPaths {
    /// The directory with its socket and lock.
    pub runtime_dir: RuntimeDir,
    /// Its files and secrets.
    pub folders: Folders,
    /// True for the system's service. Only the service may write its files: it couldn't read those of another user,
    /// not even root's.
    pub is_service: bool,
}

impl AppPaths {
    /// The beginning of each command about this Dyntray.
    pub fn program(&self) -> &'static str {
        if self.is_service { "dyntray --system" } else { "dyntray" }
    }

    /// True if this isn't the system's service, which is running as well. Only root and the service's user can see that.
    #[cfg(target_os = "linux")]
    pub fn is_beside_service(&self) -> bool {
        !self.is_service && RuntimeDir::at(SYSTEM_RUNTIME_DIR).is_taken().unwrap_or(false)
    }

    /// Other systems have no such service.
    #[cfg(not(target_os = "linux"))]
    #[expect(clippy::unused_self, reason = "the same shape on every system")]
    pub fn is_beside_service(&self) -> bool {
        false
    }

    /// Checks the settings file, if there is one. Without a window, a bad file stops the program instead of being put
    /// aside.
    ///
    /// # Errors
    /// The mistakes and their places, in the person's words.
    pub fn check_settings(&self) -> Result<(), String> {
        let file = SettingsFile::in_folder(&self.folders.config);
        file.check().map_err(|error| {
            let path = self.folders.config.join("settings.toml");
            let mut said = format!("{}: {error}", path.display());
            if let SettingsFileError::Fields(errors) = error {
                let texts = Texts::of_system();
                for error in errors {
                    said.push_str("\n  ");
                    said.push_str(&field_errors::text(&texts, &error, &[]));
                }
            }
            said
        })
    }
}

impl InstanceArgs {
    /// The paths of the chosen Dyntray.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the user has no home directory.
    pub fn paths(&self) -> io::Result<AppPaths> {
        let profile = Profile::from_environment();
        let secrets = self.secrets(&profile);
        #[cfg(target_os = "linux")]
        if self.system {
            let folder = PathBuf::from(SYSTEM_FOLDER);
            let folders = Folders { config: folder.clone(), data: folder, secrets };
            return Ok(AppPaths {
                runtime_dir: RuntimeDir::at(SYSTEM_RUNTIME_DIR).with_history_in(SYSTEM_FOLDER),
                folders,
                is_service: true,
            });
        }
        let directories = profile.directories()?;
        let folders = Folders {
            config: directories.config_dir().to_owned(),
            data: directories.data_local_dir().to_owned(),
            secrets,
        };
        Ok(AppPaths { runtime_dir: RuntimeDir::of(&profile)?, folders, is_service: false })
    }

    /// The place of the secrets: systemd's credentials for the hosts that have one, and for all others what was chosen.
    #[cfg(unix)]
    fn secrets(&self, profile: &Profile) -> SecretStore {
        let otherwise = self.chosen_secrets(profile);
        match from_environment("CREDENTIALS_DIRECTORY") {
            Some(folder) => SecretStore::Credentials { folder, otherwise: Box::new(otherwise) },
            None => otherwise,
        }
    }

    /// The place of the secrets that Dyntray keeps itself. The command line comes first, then the environment, then the
    /// default: the keyring, or the service's file.
    #[cfg(unix)]
    fn chosen_secrets(&self, profile: &Profile) -> SecretStore {
        if let Some(path) = self.secrets_file.clone().or_else(|| from_environment("DYNTRAY_SECRETS_FILE")) {
            return SecretStore::File(path);
        }
        #[cfg(target_os = "linux")]
        if self.system {
            return SecretStore::File(PathBuf::from(SYSTEM_FOLDER).join("secrets"));
        }
        SecretStore::Keyring(profile.program_name())
    }

    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "the same shape on every system")]
    fn secrets(&self, profile: &Profile) -> SecretStore {
        SecretStore::Keyring(profile.program_name())
    }
}

/// A path that the environment names.
#[cfg(unix)]
fn from_environment(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from)
}
