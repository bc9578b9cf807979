//! The secret service of each desktop: closed, absent, cancelled, and a second one beside it.

use std::time::Duration;

use dyntray_control::{AgentRequest, Response, SecretChange, ShellRequest};
use dyntray_core::present::{Mood, Status};
use dyntray_core::protocol::reply::HaltReason;
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_stories::app::{self, App};
use dyntray_stories::desktop::{
    DesktopOptions, DesktopWindow, Display, KEYRING_PASSWORD, Keyring, Startable,
};
use dyntray_stories::gnome::Gnome;
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};
use tokio::time::{Instant, sleep};

/// A read that waits for a prompt is abandoned after this time; the prompt stays.
const ABANDONED: Duration = Duration::from_secs(6);
/// The dialog that was cancelled was back within half a second, when it came back.
const QUIET: Duration = Duration::from_secs(4);

/// Starts Dyntray and saves the token, while `on_the_desktop` answers the dialogs that this leads to.
async fn save_token(home: &Home, on_the_desktop: impl Future<Output = Result<(), Error>>) -> Story<App> {
    let (_portal, token) = home.portal().await?;
    home.write_settings()?;
    let app = home.start_app()?;
    let mut form = home.form().await?;
    form.entries[0].enabled = true;
    let save = app::save(&home.desktop, form, vec![SecretChange::Replace { secret: token.into() }]);
    let (saved, answered) = tokio::join!(save, on_the_desktop);
    answered?;
    assert!(saved.is_ok(), "{saved:?}: {}", app.log());
    home.wait_for_mood(Mood::Fine).await?;
    Ok(app)
}

async fn assert_locked(home: &Home) -> Story {
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    let status = &shown.entries[0].status;
    let is_locked = matches!(status, Status::Failed { error: RetryableError::KeyringLocked, .. });
    assert!(is_locked, "{status:?}");
    Ok(())
}

async fn diagnostics(home: &Home) -> Story<String> {
    match home.ask(ShellRequest::Diagnostics).await? {
        Response::Diagnostics { text } => Ok(text),
        other => panic!("{other:?}"),
    }
}

/// The wallet of a new user at Plasma: started by the bus, made with its wizard, closed, cancelled, opened from the menu.
async fn a_wallet_from_its_wizard_to_its_unlocking(options: DesktopOptions, story: &str) -> Story {
    let Some(home) = Home::for_story(options, story, &[]).await? else { return Ok(()) };
    assert!(!home.desktop.name_is_owned("org.freedesktop.secrets").await?, "nothing runs yet");
    let app = save_token(&home, async {
        let wizard = home.desktop.create_wallet(KEYRING_PASSWORD).await;
        home.picture("wizard").await?;
        wizard
    })
    .await?;
    assert!(diagnostics(&home).await?.contains("# Keyring\n\nkwalletd5\n"));

    home.desktop.lock_default_collection().await?;
    home.sandbox()?.reconnect().await?;
    eventually("KWallet's question", PATIENCE, async || home.desktop.has_wallet_dialog().await).await?;
    sleep(ABANDONED).await;
    assert_locked(&home).await?;
    home.desktop.cancel_wallet_dialog().await?;
    let end = Instant::now() + QUIET;
    while Instant::now() < end {
        assert!(!home.desktop.has_wallet_dialog().await, "the dialog is back");
        sleep(Duration::from_millis(100)).await;
    }
    let item = home.tray_item(&app).await?;
    assert!(item.tooltip().await?.text.contains("the keyring is locked"), "{:?}", item.tooltip().await?);
    item.wait_for_line("Unlock keyring…").await?;
    home.picture("locked").await?;
    item.click("Unlock keyring…").await?;
    home.desktop.answer_wallet_dialog(KEYRING_PASSWORD).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn kwallet_is_started_made_by_its_wizard_and_asks_once_on_a_small_desktop() -> Story {
    let options = DesktopOptions {
        keyring: Keyring::Absent,
        startable: vec![Startable::Wallet],
        ..DesktopOptions::with_recorder()
    };
    a_wallet_from_its_wizard_to_its_unlocking(options, "wallet-small").await
}

#[tokio::test]
async fn kwallet_is_started_made_by_its_wizard_and_asks_once_on_plasma() -> Story {
    a_wallet_from_its_wizard_to_its_unlocking(DesktopOptions::plasma(), "wallet-plasma").await
}

#[tokio::test]
async fn another_secret_service_that_answered_once_stops_no_host_for_good() -> Story {
    let Some(mut home) =
        Home::for_story(DesktopOptions::with_recorder(), "second-service", &["kwalletd5"]).await?
    else {
        return Ok(());
    };
    let (mut app, _portal, _token) = home.set_up().await?;
    home.desktop.notices().forget();
    home.desktop.end_secret_service().await?;
    home.desktop.start_wallet().await?;
    home.sandbox()?.reconnect().await?;
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    let Status::Halted { halt } = &shown.entries[0].status else { panic!("{shown:?}") };
    assert_eq!(halt.reason, HaltReason::SecretMissing { keyring: Some("kwalletd5".to_owned()) });
    let is_told = |body: &str| body.starts_with("kwalletd5 has no update token for");
    home.desktop.notices().wait_for("the missing token", PATIENCE, |n| is_told(&n.body)).await?;
    let updates = home.updates().await?;

    // Still missing: at the next start, and on an update.
    app.terminate(PATIENCE).await?;
    let app = home.start_app()?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    home.ask(AgentRequest::UpdateNow).await?;
    sleep(Duration::from_secs(2)).await;
    let told = home.desktop.notices().all();
    assert_eq!(told.iter().filter(|notice| is_told(&notice.body)).count(), 1, "{told:?}");
    assert_eq!(home.updates().await?, updates, "nothing was sent");

    home.desktop.end_secret_service().await?;
    home.desktop.start_gnome_keyring().await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    assert!(diagnostics(&home).await?.contains("# Keyring\n\ngnome-keyring-daemon\n"));
    drop(app);
    Ok(())
}

#[tokio::test]
async fn keepassxc_asks_once_and_its_database_is_used_as_soon_as_anybody_opens_it() -> Story {
    let options = DesktopOptions { keyring: Keyring::Absent, ..DesktopOptions::with_recorder() };
    let programs = ["keepassxc", "keepassxc-cli"];
    let Some(mut home) = Home::for_story(options, "keepassxc", &programs).await? else { return Ok(()) };
    home.desktop.start_keepassxc().await?;
    let _app = save_token(&home, answer_keepassxc(&home)).await?;
    assert!(diagnostics(&home).await?.contains("# Keyring\n\nkeepassxc\n"));

    home.desktop.lock_default_collection().await?;
    home.sandbox()?.reconnect().await?;
    let dialog = home.desktop.wait_for_window("the question", DesktopWindow::is_keepassxc_dialog).await?;
    sleep(ABANDONED).await;
    home.picture("asked").await?;
    home.desktop.activate_window(dialog.id).await?;
    home.desktop.key("Escape").await?;
    let has_dialog = async || {
        home.desktop.windows().await.is_ok_and(|all| all.iter().any(DesktopWindow::is_keepassxc_dialog))
    };
    eventually("the dialog to go", PATIENCE, async || !has_dialog().await).await?;
    let end = Instant::now() + QUIET;
    while Instant::now() < end {
        assert!(!has_dialog().await, "the dialog is back");
        sleep(Duration::from_millis(100)).await;
    }
    assert_locked(&home).await?;
    home.desktop.unlock_default_collection_by_another_program().await?;
    answer_keepassxc(&home).await?;
    home.wait_until_followed().await?;

    // A window that was closed with its cross: KeePassXC never says that this prompt has ended, and shows no other.
    home.desktop.lock_default_collection().await?;
    home.sandbox()?.reconnect().await?;
    let dialog = home.desktop.wait_for_window("the question", DesktopWindow::is_keepassxc_dialog).await?;
    sleep(ABANDONED).await;
    home.desktop.close_window(dialog.id).await?;
    eventually("the dialog to go", PATIENCE, async || !has_dialog().await).await?;
    let is_main =
        |window: &DesktopWindow| window.class.contains("keepassxc") && !window.is_keepassxc_dialog();
    let main = home.desktop.wait_for_window("KeePassXC's own window", is_main).await?;
    home.desktop.activate_window(main.id).await?;
    sleep(Duration::from_millis(700)).await;
    home.desktop.type_text(KEYRING_PASSWORD).await?;
    home.desktop.key("Return").await?;
    home.wait_until_followed().await?;
    Ok(())
}

async fn answer_keepassxc(home: &Home) -> Result<(), Error> {
    let dialog = home.desktop.wait_for_window("the question", DesktopWindow::is_keepassxc_dialog).await?;
    home.desktop.activate_window(dialog.id).await?;
    sleep(Duration::from_millis(700)).await;
    home.desktop.type_text(KEYRING_PASSWORD).await?;
    home.desktop.key("Return").await
}

#[tokio::test]
async fn on_gnome_a_cancelled_dialog_stays_away_until_a_person_unlocks() -> Story {
    let options = DesktopOptions::gnome(Display::Nested);
    let Some(home) = Home::for_story(options, "keyring-gnome", &[]).await? else { return Ok(()) };
    let gnome = Gnome::of(&home.desktop);
    let (app, _portal, _token) = home.set_up().await?;
    home.desktop.lock_keyring().await?;
    home.sandbox()?.reconnect().await?;
    home.desktop.wait_for_unlock_dialog().await?;
    sleep(ABANDONED).await;
    home.picture("asked").await?;
    home.desktop.cancel_unlock_dialog().await?;
    assert_locked(&home).await?;
    eventually("the dialog to go", PATIENCE, async || {
        gnome.dialog().await.is_ok_and(|shown| shown.is_none())
    })
    .await?;
    let end = Instant::now() + QUIET;
    while Instant::now() < end {
        assert!(gnome.dialog().await?.is_none(), "the dialog is back");
        sleep(Duration::from_millis(100)).await;
    }
    home.picture("locked").await?;
    let told = gnome.wait_for_toast("of the keyring", |toast| toast.title == "Keyring needed").await?;
    assert_eq!(told.buttons, ["Unlock keyring…"]);
    let item = home.tray_item(&app).await?;
    item.wait_for_line("Unlock keyring…").await?;
    item.click("Unlock keyring…").await?;
    assert!(home.desktop.answer_unlock_dialog(KEYRING_PASSWORD).await?);
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    Ok(())
}
