//! systemd's credentials: a folder that only the service can read, with one file for each host. The administrator adds
//! single files with `LoadCredential=home.spdns.de:/path`, or a whole folder with `LoadCredential=token:/folder`, whose
//! files systemd names `token_home.spdns.de`. Dyntray never writes there. A host that has none has its secret elsewhere.

use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use dyntray_core::types::hostname::Hostname;
use dyntray_core::types::token::tidy;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use super::error::KeyringError;
use crate::disk::open_regular;

/// The longest secret, in bytes.
const MAX_LENGTH: u64 = 4096;

/// What systemd puts before the name of a file from a folder of tokens.
const FROM_FOLDER: &str = "token_";

/// The folder of credentials.
#[derive(Clone, Debug)]
pub(super) struct Credentials {
    folder: PathBuf,
}

impl Credentials {
    pub(super) fn new(folder: PathBuf) -> Self {
        Credentials { folder }
    }

    /// The folder.
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Reads the secret of a host. A host name has no slash and no leading dot, so it can't lead out of the folder.
    pub(super) fn read(&self, hostname: &Hostname) -> Result<Option<SecretString>, KeyringError> {
        for name in [hostname.to_string(), format!("{FROM_FOLDER}{hostname}")] {
            if let Some(secret) = self.read_file(&name)? {
                return Ok(Some(secret));
            }
        }
        Ok(None)
    }

    /// The hosts that have a credential.
    pub(super) fn hostnames(&self) -> BTreeSet<Hostname> {
        let files = match std::fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) => {
                tracing::warn!(folder = %self.folder.display(), %error, "the credentials can't be listed");
                return BTreeSet::new();
            }
        };
        let names = files.filter_map(|file| file.ok()?.file_name().into_string().ok());
        names
            .filter_map(|name| Hostname::parse(name.strip_prefix(FROM_FOLDER).unwrap_or(&name)).ok())
            .collect()
    }

    fn read_file(&self, name: &str) -> Result<Option<SecretString>, KeyringError> {
        let path = self.folder.join(name);
        let mut text = Zeroizing::new(String::new());
        match open_regular(&path).and_then(|file| file.take(MAX_LENGTH).read_to_string(&mut text)) {
            Ok(_) => Ok(Some(tidy(&text).as_str().into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                tracing::warn!(path = %path.display(), %error, "a credential can't be read");
                Err(KeyringError::of_file(&path, &error))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    #[test]
    fn a_credential_is_read_by_its_host_name_and_white_space_around_it_is_forgiven() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("home.spdns.de"), "abcd-efgh-ijkl\n").expect("writes");
        let credentials = Credentials::new(folder.path().to_owned());
        let read = |name| credentials.read(&Hostname::parse(name).expect("a host name"));
        let secret = read("home.spdns.de").expect("reads").expect("is there");
        assert_eq!(secret.expose_secret(), "abcd-efgh-ijkl");
        std::fs::write(folder.path().join("token_of-a-folder.spdns.de"), "mnop-qrst-uvwx").expect("writes");
        let secret = read("of-a-folder.spdns.de").expect("reads").expect("is there");
        assert_eq!(secret.expose_secret(), "mnop-qrst-uvwx");
        assert!(read("other.spdns.de").expect("reads").is_none());
        std::fs::write(folder.path().join("unrelated"), "x").expect("writes");
        let hostnames: Vec<String> = credentials.hostnames().iter().map(Hostname::to_string).collect();
        assert_eq!(hostnames, ["home.spdns.de", "of-a-folder.spdns.de"]);
    }

    #[test]
    fn a_credential_that_cant_be_read_is_no_missing_one() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("home.spdns.de")).expect("a folder in its place");
        let credentials = Credentials::new(folder.path().to_owned());
        let read = credentials.read(&Hostname::parse("home.spdns.de").expect("a host name"));
        let KeyringError::Unusable { why } = read.expect_err("it is no file") else {
            panic!("not its reason")
        };
        assert!(why.contains("home.spdns.de"), "{why}");
    }
}
