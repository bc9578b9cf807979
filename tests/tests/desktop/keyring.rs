//! The desktop's keyring, locked or absent.

use dyntray_core::present::{Mood, Status};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_stories::desktop::{DesktopOptions, KEYRING_PASSWORD, Keyring};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story};

#[tokio::test]
async fn a_locked_keyring_is_told_once_and_unlocking_it_is_enough() -> Story {
    // The unlock dialog is started by the session bus, so it lies outside the search path.
    let dialog_is_there = std::path::Path::new("/usr/libexec/gcr-prompter").is_file();
    let programs: &[&str] = if dialog_is_there { &[] } else { &["gcr-prompter"] };
    let story = Home::for_story(DesktopOptions::with_recorder(), "keyring-locked", programs).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    home.desktop.notices().forget();
    home.desktop.lock_keyring().await?;
    home.sandbox()?.reconnect().await?;
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    assert!(
        matches!(shown.entries[0].status, Status::Failed { error: RetryableError::KeyringLocked, .. }),
        "{shown:?}"
    );
    home.desktop
        .notices()
        .wait_for("the keyring", PATIENCE, |n| n.body.contains("keyring is locked"))
        .await?;
    home.picture("locked").await?;
    assert!(home.desktop.answer_unlock_dialog(KEYRING_PASSWORD).await?);
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    let told = home.desktop.notices().all();
    assert_eq!(told.iter().filter(|n| n.body.contains("keyring is locked")).count(), 1, "{told:?}");
    Ok(())
}

#[tokio::test]
async fn without_a_keyring_nothing_is_saved_and_nothing_typed_is_lost() -> Story {
    let options = DesktopOptions { keyring: Keyring::Absent, ..DesktopOptions::default() };
    let story = Home::for_story(options, "keyring-absent", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let _app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.fill(&field("first-hostname"), HOST).await?;
    window.fill(&field("first-token"), "abcd-efgh-ijkl").await?;
    window.click(&field("first-save")).await?;
    window.wait_for_text(&field("banner"), "keyring").await?;
    home.picture("no-keyring").await?;
    assert_eq!(window.property(&field("first-hostname"), "value").await?.as_deref(), Some(HOST));
    assert_eq!(window.property(&field("first-token"), "value").await?.as_deref(), Some("abcd-efgh-ijkl"));
    assert!(home.status().await?.entries.is_empty());
    Ok(())
}
