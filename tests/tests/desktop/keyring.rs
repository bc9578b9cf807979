//! The desktop's keyring, locked or absent.

use std::time::Duration;

use dyntray_control::{AgentRequest, Response, SecretChange};
use dyntray_core::present::{Mood, Status};
use dyntray_core::protocol::retryable::RetryableError;
use dyntray_core::record::UpdateResult;
use dyntray_core::settings::form::{EntryForm, Form};
use dyntray_stories::app::{self, App};
use dyntray_stories::desktop::{DesktopOptions, DesktopWindow, KEYRING_PASSWORD, Keyring};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, Story};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, sleep};

use crate::plain_keyring;

/// A read that waits for a prompt is abandoned after this time; the prompt stays.
const ABANDONED: Duration = Duration::from_secs(6);

/// Moves in for a story in which the keyring's dialog is answered or cancelled.
async fn home_with_dialog(options: DesktopOptions, story: &str) -> Story<Option<Home>> {
    // The unlock dialog is started by the session bus, so it lies outside the search path.
    let dialog_is_there = std::path::Path::new("/usr/libexec/gcr-prompter").is_file();
    let programs: &[&str] = if dialog_is_there { &[] } else { &["gcr-prompter"] };
    Ok(Home::for_story(options, story, programs).await?)
}

/// Sets Dyntray up, locks the keyring, and cancels the dialog that an update leads to.
async fn cancelled(home: &Home) -> Story<App> {
    let (app, _portal, _token) = home.set_up().await?;
    home.desktop.notices().forget();
    home.desktop.lock_keyring().await?;
    home.sandbox()?.reconnect().await?;
    home.desktop.wait_for_unlock_dialog().await?;
    sleep(ABANDONED).await;
    assert_locked(home).await?;
    home.desktop.cancel_unlock_dialog().await?;
    eventually("the dialog to go", PATIENCE, async || !has_dialog(home).await).await?;
    Ok(app)
}

async fn has_dialog(home: &Home) -> bool {
    home.desktop.windows().await.is_ok_and(|all| all.iter().any(DesktopWindow::is_unlock_dialog))
}

async fn assert_locked(home: &Home) -> Story {
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    let is_locked =
        |status: &Status| matches!(status, Status::Failed { error: RetryableError::KeyringLocked, .. });
    assert!(is_locked(&shown.entries[0].status), "{shown:?}");
    Ok(())
}

/// Asserts that no dialog comes for a while.
async fn assert_no_dialog_for(home: &Home, time: Duration) {
    let end = Instant::now() + time;
    while Instant::now() < end {
        assert!(!has_dialog(home).await, "the dialog is back {:?} before the end", end - Instant::now());
        sleep(Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn a_cancelled_unlock_dialog_does_not_come_back() -> Story {
    let Some(home) = home_with_dialog(DesktopOptions::with_recorder(), "keyring-cancelled").await? else {
        return Ok(());
    };
    let app = cancelled(&home).await?;
    // The next try by itself comes after half a minute, and a tenth more at most.
    assert_no_dialog_for(&home, Duration::from_secs(36)).await;
    assert_locked(&home).await?;
    let updates = home.updates().await?;
    home.picture("cancelled").await?;
    home.desktop.unlock_keyring_by_another_program(KEYRING_PASSWORD).await?;
    let opened = Instant::now();
    home.wait_until_followed().await?;
    assert!(opened.elapsed() < Duration::from_secs(15), "before the next try: {:?}", opened.elapsed());
    assert_eq!(home.updates().await?, updates + 1);
    let told = home.desktop.notices().all();
    assert_eq!(told.iter().filter(|n| n.body.contains("keyring is locked")).count(), 1, "{told:?}");
    drop(app);
    Ok(())
}

#[tokio::test]
async fn a_person_who_acts_is_asked_for_the_keyrings_password_again() -> Story {
    let Some(home) = home_with_dialog(DesktopOptions::with_recorder(), "keyring-unlock").await? else {
        return Ok(());
    };
    let app = cancelled(&home).await?;
    let item = home.tray_item(&app).await?;
    assert!(item.tooltip().await?.text.contains("the keyring is locked"), "{:?}", item.tooltip().await?);
    item.click("Update now").await?;
    home.desktop.cancel_unlock_dialog().await?;
    eventually("the dialog to go", PATIENCE, async || !has_dialog(&home).await).await?;
    assert_no_dialog_for(&home, Duration::from_secs(3)).await;
    item.wait_for_line("Unlock keyring…").await?;
    item.click("Unlock keyring…").await?;
    home.desktop.wait_for_unlock_dialog().await?;
    home.picture("asked").await?;
    assert!(home.desktop.answer_unlock_dialog(KEYRING_PASSWORD).await?);
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    eventually("the line to go", PATIENCE, async || {
        item.menu().await.is_ok_and(|menu| menu.find("Unlock keyring…").is_none())
    })
    .await?;
    Ok(())
}

/// A secret that was typed is kept although the new user has no keyring yet: its password is chosen on the way.
#[tokio::test]
async fn a_new_user_chooses_the_password_of_a_keyring_that_is_created() -> Story {
    let options = DesktopOptions { keyring: Keyring::WithoutCollection, ..DesktopOptions::with_recorder() };
    let Some(home) = home_with_dialog(options, "keyring-new").await? else { return Ok(()) };
    let (_portal, token) = home.portal().await?;
    home.write_settings()?;
    let _app = home.start_app()?;
    let mut form = home.form().await?;
    form.entries[0].enabled = true;
    let saving = async {
        app::save(&home.desktop, form, vec![SecretChange::Replace { secret: token.into() }]).await?;
        Ok::<_, Error>(())
    };
    let choosing = async {
        home.desktop.wait_for_unlock_dialog().await?;
        home.picture("new-password").await?;
        home.desktop.type_text(KEYRING_PASSWORD).await?;
        home.desktop.key("Tab").await?;
        home.desktop.type_text(KEYRING_PASSWORD).await?;
        home.desktop.key("Return").await
    };
    let (saved, chosen) = tokio::join!(saving, choosing);
    chosen?;
    saved?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn a_locked_keyring_is_told_once_and_unlocking_it_is_enough() -> Story {
    let Some(home) = home_with_dialog(DesktopOptions::with_recorder(), "keyring-locked").await? else {
        return Ok(());
    };
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

#[tokio::test]
async fn a_keyring_that_agrees_on_no_key_is_used_without_one_and_the_log_says_why() -> Story {
    let options = DesktopOptions { keyring: Keyring::Absent, ..DesktopOptions::with_recorder() };
    let Some(home) = Home::for_story(options, "keyring-plain", &[]).await? else { return Ok(()) };
    let service = plain_keyring::start(home.desktop.bus_address()).await?;
    let (mut app, mut portal, token) = home.set_up().await?;
    assert!(app.log().contains("no cipher for dh-"), "{}", app.log());
    assert!(!app.log().contains(&token));
    app.terminate(PATIENCE).await?;
    let _app = home.start_app()?;
    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;

    // Another token takes the place of the first, and a removed entry's goes.
    let token = portal.make_token(HOST).await?;
    let secret = SecretChange::Replace { secret: token.into() };
    app::save(&home.desktop, home.form().await?, vec![secret]).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;
    app::save(&home.desktop, Form { entries: Vec::new(), ..home.form().await? }, Vec::new()).await?;
    assert_eq!(plain_keyring::items(&service).await?, 0);
    Ok(())
}

/// One more server on this machine, which passes everything on to the one at `authority`.
async fn relayed(authority: String) -> Story<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let authority = authority.clone();
            tokio::spawn(async move {
                if let Ok(mut server) = TcpStream::connect(authority).await {
                    // Either may end it.
                    let _ = copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    Ok(address.to_string())
}

/// Requests to different servers are sent side by side, and all of them need the keyring first.
#[tokio::test]
async fn entries_at_five_servers_are_updated_at_once_and_an_open_keyring_is_never_called_locked() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "keyring-many", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (_app, _portal, _token) = home.set_up().await?;
    let mut form = home.form().await?;
    let mut secrets = vec![SecretChange::Keep];
    for number in 1..5 {
        let hostname = format!("host{number}.spdns.de");
        let token = home.sandbox()?.make_token(&hostname).await?;
        let server = relayed(home.sandbox()?.authority()).await?;
        form.entries.push(EntryForm { id: None, hostname, server, ..form.entries[0].clone() });
        secrets.push(SecretChange::Replace { secret: token.into() });
    }
    app::save(&home.desktop, form, secrets).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.desktop.notices().forget();
    // More changes than these are damped.
    for _ in 0..4 {
        home.sandbox()?.reconnect().await?;
        let public = home.sandbox_state().await?.wan.public;
        eventually("all host names to follow", PATIENCE, async || {
            home.sandbox_state()
                .await
                .is_ok_and(|state| state.hosts.iter().all(|host| host.published == public))
        })
        .await?;
    }
    // The last answers may still be on their way.
    home.wait_for_mood(Mood::Fine).await?;
    let Response::History { items } = home.ask(AgentRequest::History { limit: 200 }).await? else {
        return Err(Error::NotThere("the history".to_owned()).into());
    };
    let failed = items.iter().filter(|item| {
        matches!(&item.result, UpdateResult::Failed { error } if *error == RetryableError::KeyringLocked)
    });
    assert_eq!(failed.count(), 0, "{items:?}");
    assert!(items.len() >= 25, "each of five, five times: {}", items.len());
    let told = home.desktop.notices().all();
    assert!(told.iter().all(|notice| !notice.body.contains("keyring")), "{told:?}");
    Ok(())
}
