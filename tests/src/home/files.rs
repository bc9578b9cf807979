//! Dyntray's files in a home, written before it starts: settings and secrets.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::{HOST, Home};
use crate::portal::Portal;
use crate::{Error, Result, private_file};

impl Home {
    /// Writes the settings that [`Home::fill_in`] saves, without the token; switched off until that is there.
    pub fn write_settings(&self) -> Result<()> {
        self.write_settings_with(&self.entry("false")?)
    }

    /// The same, switched on, for a token that is there already.
    pub fn write_settings_enabled(&self) -> Result<()> {
        self.write_settings_with(&self.entry("true")?)
    }

    /// The same without any entry.
    pub fn write_settings_without_entries(&self) -> Result<()> {
        self.write_settings_with("")
    }

    /// Makes this number of hosts at the portal and writes settings for all of them; gives the lines for their file of
    /// secrets.
    pub async fn write_settings_for_many(&self, hosts: usize) -> Result<String> {
        let mut portal = Portal::register(self.sandbox()?.base_url(), "reseller", "a-long-password").await?;
        let server = self.sandbox()?.authority();
        let (mut entries, mut secrets) = (String::new(), String::new());
        for number in 1..=hosts {
            let host = format!("client{number}.spdns.org");
            portal.add_host(&host).await?;
            let token = portal.make_token(&host).await?;
            // Writing to a String can't fail.
            let _ = write!(
                entries,
                "\n[[entries]]\nid = {number}\nenabled = true\nhostname = \"{host}\"\nserver = \"{server}\"\n\
                 webresolver = true\n"
            );
            let _ = writeln!(secrets, "{number} {token}");
        }
        self.write_settings_with(&entries)?;
        Ok(secrets)
    }

    /// Writes settings with one entry that has a custom update URL.
    pub fn write_settings_with_url(&self, hostname: &str, update_url: &str) -> Result<()> {
        self.write_settings_with(&format!(
            "\n[[entries]]\nid = 1\nenabled = true\nhostname = \"{hostname}\"\nprovider = \"custom\"\nserver = \"\"\n\
             updateUrl = \"{update_url}\"\nwebresolver = true\nprotocol = \"ipv4\"\n"
        ))
    }

    fn entry(&self, enabled: &str) -> Result<String> {
        let server = self.sandbox()?.authority();
        Ok(format!(
            "\n[[entries]]\nid = 1\nenabled = {enabled}\nhostname = \"{HOST}\"\nserver = \"{server}\"\n\
             webresolver = true\n"
        ))
    }

    fn write_settings_with(&self, entries: &str) -> Result<()> {
        let sandbox = self.sandbox()?;
        let base = sandbox.base_url();
        let name_server = sandbox.dns_address().map(|address| address.to_string()).unwrap_or_default();
        let text = format!(
            "schemaVersion = 1\nresolverIpv4 = \"{base}/checkip4\"\nresolverIpv6 = \"{base}/checkip6\"\n\
             interval = \"1 s\"\nnameServer = \"{name_server}\"\n{entries}"
        );
        let path = self.settings_file();
        let folder = path.parent().unwrap_or(&path);
        let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, text));
        written.map_err(|source| Error::File { path, source })
    }

    /// Writes the file of secrets for `--secrets-file`: a line for each entry, its number and its secret. Gives its
    /// path.
    pub fn write_secrets(&self, lines: &str) -> Result<String> {
        let path = self.secrets_file();
        let written = private_file::write(&path, lines);
        written.map_err(|source| Error::File { path: path.clone(), source })?;
        Ok(path.display().to_string())
    }

    /// The file of secrets, which is there only after [`Home::write_secrets`] or a command that makes it.
    pub fn secrets_file(&self) -> PathBuf {
        self.desktop.home().join("secrets")
    }

    /// Dyntray's file of settings.
    pub fn settings_file(&self) -> PathBuf {
        self.desktop.home().join(".config/dyntray/settings.toml")
    }
}
