//! The keyring, locked later or from the start.

use std::{process::Stdio, time::Duration};

use dyntray_stories::{
    Error, PATIENCE, Story,
    desktop::{Desktop, DesktopOptions, DesktopWindow, KEYRING_PASSWORD, Keyring},
    processes,
};
use tokio::time::timeout;

use super::tools::{picture, store};

#[tokio::test]
async fn a_locked_keyring_asks_and_opens_with_the_right_password() -> Story {
    let options = DesktopOptions { keyring: Keyring::Unlocked, ..DesktopOptions::without_a_desktop() };
    let Some(desktop) = Desktop::for_story(options, "a locked keyring", &["secret-tool"]).await? else {
        return Ok(());
    };
    store(&desktop, "a-token", "abcdefghijkl").await?;
    desktop.lock_keyring().await?;

    let mut lookup =
        desktop.command("secret-tool").args(["lookup", "story", "a-token"]).stdout(Stdio::piped()).spawn()?;
    let early = processes::wait_exit(&mut lookup, Duration::from_millis(700)).await;
    assert!(matches!(early, Err(Error::TimedOut { .. })), "{early:?}");
    desktop.wait_for_window("the unlock dialog", DesktopWindow::is_unlock_dialog).await?;
    desktop.screenshot(picture("unlock.png")).await?;
    assert!(desktop.answer_unlock_dialog(KEYRING_PASSWORD).await?);
    let said = timeout(PATIENCE, lookup.wait_with_output()).await??;
    assert_eq!(String::from_utf8(said.stdout)?, "abcdefghijkl");
    Ok(())
}

#[tokio::test]
async fn a_keyring_can_be_locked_from_the_start() -> Story {
    let options = DesktopOptions { keyring: Keyring::Locked, ..DesktopOptions::without_a_desktop() };
    let Some(desktop) =
        Desktop::for_story(options, "a keyring locked from the start", &["secret-tool"]).await?
    else {
        return Ok(());
    };
    let storing = store(&desktop, "a-token", "abcdefghijkl");
    let answering = async {
        let first = desktop.answer_unlock_dialog("wrong").await?;
        desktop.screenshot(picture("unlock-again.png")).await?;
        Ok::<_, Error>((first, desktop.answer_unlock_dialog(KEYRING_PASSWORD).await?))
    };
    let (stored, answered) = tokio::join!(storing, answering);
    assert_eq!(answered?, (false, true));
    stored?;
    assert_eq!(desktop.tool("secret-tool", &["lookup", "story", "a-token"]).await?, "abcdefghijkl");
    Ok(())
}
