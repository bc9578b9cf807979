//! KeePassXC as the secret service: a database with a password, which other programs may use.

use std::fs;
use std::process::Stdio;

use tokio::io::AsyncWriteExt as _;

use super::{keyring::SECRETS, options::KEYRING_PASSWORD, running::Desktop, screen::DesktopWindow};
use crate::{Error, Result, processes};

const PROGRAM: &str = "keepassxc";
/// Answers other programs, and asks nobody whether it may.
const SETTINGS: &str = "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n\
    [FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\n\
    [GUI]\nCheckForUpdates=false\n";
/// An empty database whose root may be used by other programs.
const DATABASE: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><KeePassFile><Meta><DatabaseName>Passwords</DatabaseName>\
    <CustomData><Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{00112233-4455-6677-8899-aabbccddeeff}</Value></Item>\
    </CustomData></Meta><Root><Group><UUID>ABEiM0RVZneImaq7zN3u/w==</UUID><Name>Root</Name></Group></Root></KeePassFile>";

impl DesktopWindow {
    /// Tells whether it is KeePassXC's question for the password.
    pub fn is_keepassxc_dialog(&self) -> bool {
        self.class.to_lowercase().contains(PROGRAM) && self.title.starts_with("Unlock Database")
    }
}

impl Desktop {
    /// Starts KeePassXC with a new database, which is locked.
    pub async fn start_keepassxc(&mut self) -> Result<()> {
        let (folder, text) = (self.home().join(".config/keepassxc"), self.home().join("passwords.xml"));
        let file = |path: &std::path::Path| {
            let path = path.to_owned();
            |source| Error::File { path, source }
        };
        fs::create_dir_all(&folder).map_err(file(&folder))?;
        fs::write(folder.join("keepassxc.ini"), SETTINGS).map_err(file(&folder))?;
        fs::write(&text, DATABASE).map_err(file(&text))?;
        let database = self.home().join("passwords.kdbx");
        let mut import = self.command("keepassxc-cli");
        import.args(["import", "-p"]).arg(&text).arg(&database).env("QT_QPA_PLATFORM", "offscreen");
        let not_started = |source| Error::NotStarted { program: "keepassxc-cli".to_owned(), source };
        let mut import = import.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().map_err(not_started)?;
        if let Some(mut stdin) = import.stdin.take() {
            let twice = format!("{KEYRING_PASSWORD}\n{KEYRING_PASSWORD}\n");
            stdin.write_all(twice.as_bytes()).await.map_err(not_started)?;
        }
        processes::wait_exit(&mut import, crate::PATIENCE).await?;
        self.parts.spawn(&self.session, PROGRAM, &[&database.to_string_lossy()], None)?;
        self.wait_for_name(SECRETS).await
    }
}
