//! Where everything is: the person's own folders and socket, or those of the system's service; and where secrets are.

use std::io;
#[cfg(unix)]
use std::path::PathBuf;

use clap::Args;
use dyntray_agent::Folders;
use dyntray_agent::keyring::SecretStore;
use dyntray_agent::settings_file::{SettingsFile, SettingsFileError};
use dyntray_control::{Profile, RuntimeDir};
use dyntray_texts::Texts;

use crate::mistakes::mistake;

/// The service's own files, where its unit has its `StateDirectory`.
#[cfg(target_os = "linux")]
const SYSTEM_FOLDER: &str = "/var/lib/dyntray";
/// Where the service is spoken to, as its unit has its `RuntimeDirectory`.
#[cfg(target_os = "linux")]
const SYSTEM_PLACE: &str = "/run/dyntray";

/// Which Dyntray is meant, and where it keeps its secrets.
#[derive(Debug, Default, Args)]
pub struct Which {
    /// The system's service instead of one's own Dyntray: settings, state and a file of secrets in /var/lib/dyntray, socket
    /// in /run/dyntray.
    #[cfg(target_os = "linux")]
    #[arg(long, global = true)]
    system: bool,
    /// Keep secrets in this file instead of the keyring, where there is none. Nobody else may be able to read it. The
    /// environment's `DYNTRAY_SECRETS_FILE` says the same.
    #[cfg(unix)]
    #[arg(long, global = true, value_name = "FILE")]
    secrets_file: Option<PathBuf>,
}

/// All places of one Dyntray.
pub struct AppPaths {
    /// Where it is spoken to.
    pub place: RuntimeDir,
    /// Its files and secrets.
    pub folders: Folders,
    /// Whether it is the system's service. Its files are the service's: another user who wrote them, even root, would
    /// shut it out.
    pub is_service: bool,
}

impl AppPaths {
    /// Whether settings that lie there are understood. Where nobody sees a window they aren't put aside when they aren't.
    ///
    /// # Errors
    /// What is wrong, and where, in words for the person.
    pub fn understand_settings(&self) -> Result<(), String> {
        let file = SettingsFile::in_folder(&self.folders.config);
        file.check().map_err(|error| {
            let path = self.folders.config.join("settings.toml");
            let mut said = format!("{}: {error}", path.display());
            if let SettingsFileError::Fields(errors) = error {
                let texts = Texts::of_system();
                for error in errors {
                    said.push_str("\n  ");
                    said.push_str(&mistake(&texts, &error, &[]));
                }
            }
            said
        })
    }
}

impl Which {
    /// Finds them.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] when the user has no home directory.
    pub fn places(&self) -> io::Result<AppPaths> {
        let profile = Profile::from_environment();
        let secrets = self.secrets(&profile);
        #[cfg(target_os = "linux")]
        if self.system {
            let folder = PathBuf::from(SYSTEM_FOLDER);
            let folders = Folders { config: folder.clone(), data: folder, secrets };
            return Ok(AppPaths { place: RuntimeDir::at(SYSTEM_PLACE), folders, is_service: true });
        }
        let directories = profile.directories()?;
        let folders = Folders {
            config: directories.config_dir().to_owned(),
            data: directories.data_local_dir().to_owned(),
            secrets,
        };
        Ok(AppPaths { place: RuntimeDir::of(&profile)?, folders, is_service: false })
    }

    /// What was said on the command line comes first, then the environment, then systemd, then what is usual: the keyring, or
    /// the service's file.
    #[cfg(unix)]
    fn secrets(&self, profile: &Profile) -> SecretStore {
        let said = |name: &str| std::env::var_os(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        if let Some(path) = self.secrets_file.clone().or_else(|| said("DYNTRAY_SECRETS_FILE")) {
            return SecretStore::File(path);
        }
        if let Some(folder) = said("CREDENTIALS_DIRECTORY") {
            return SecretStore::Credentials(folder);
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
