//! Secrets without a keyring: systemd's credentials, or a private file.

use std::fs;

use dyntray_core::present::{Mood, Status};
use dyntray_stories::home::HOST;
use dyntray_stories::{PATIENCE, Story};

use super::machine::{Machine, text};

/// The next message to systemd's manager.
fn heard(socket: &std::os::unix::net::UnixDatagram) -> std::io::Result<Vec<String>> {
    let mut buffer = [0; 4096];
    let length = socket.recv(&mut buffer)?;
    Ok(String::from_utf8_lossy(&buffer[..length]).lines().map(str::to_owned).collect())
}

#[tokio::test]
async fn systemds_credentials_are_used_and_its_manager_hears_how_things_are() -> Story {
    let Some(machine) = Machine::for_story("credentials").await? else { return Ok(()) };
    let home = &machine.home;
    let (_portal, token) = home.portal().await?;
    let credentials = home.desktop.home().join("credentials");
    fs::create_dir_all(&credentials)?;
    fs::write(credentials.join(HOST), format!("{token}\n"))?;
    home.write_settings_without_entries()?;
    let manager = home.desktop.home().join("manager");
    let socket = std::os::unix::net::UnixDatagram::bind(&manager)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    let environment = [
        ("CREDENTIALS_DIRECTORY", credentials.to_str().ok_or("a path")?),
        ("NOTIFY_SOCKET", manager.to_str().ok_or("a path")?),
    ];
    let mut service = machine.start_service(&environment)?;
    assert_eq!(heard(&socket)?, ["READY=1"]);
    let server = home.sandbox()?.authority();
    let added = home.command(&["add", HOST, "--server", &server, "--credential"]).await?;
    assert!(added.status.success(), "{}", text(&added));
    while !heard(&socket)?.iter().any(|word| word.starts_with("STATUS=") && word.contains(HOST)) {}
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    // Credentials can't be written; the error says how to set a new token.
    let set = machine.with_input(&["token", "set", HOST], "abcd-efgh-ijkl").await?;
    assert_eq!(set.status.code(), Some(1));
    assert!(text(&set).contains("LoadCredential"), "{}", text(&set));
    assert!(matches!(home.status().await?.entries[0].status, Status::Fine));
    let removed = home.command(&["remove", HOST]).await?;
    assert!(removed.status.success(), "{}", text(&removed));
    assert_eq!(service.terminate(PATIENCE).await?, 0);
    // Without credentials there is no secret.
    let refused = home.command(&["add", HOST, "--server", &server, "--credential"]).await?;
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    Ok(())
}

#[tokio::test]
async fn a_file_of_secrets_that_others_may_read_is_refused_before_anything_starts() -> Story {
    let Some(machine) = Machine::for_story("open-secrets").await? else { return Ok(()) };
    fs::write(&machine.secrets, "1 abcd-efgh-ijkl\n")?;
    fs::set_permissions(&machine.secrets, std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    let refused = machine.home.command(&["run", "--secrets-file", &machine.secrets]).await?;
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused);
    assert!(said.contains("chmod 600") && !said.contains("abcd"), "{said}");
    Ok(())
}
