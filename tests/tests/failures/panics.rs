//! An essential part of the program panics: a green icon with nothing behind it is never left.

use dyntray_core::present::Mood;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

/// Makes a development build panic so many milliseconds after each start.
const FAILS: (&str, &str) = ("DYNTRAY_FAULT_AFTER", "4000");
/// A secret in the words of the panic.
const CANARY: &str = "abcd-efgh-ijkl";

fn times(log: &str, said: &str) -> usize {
    log.matches(said).count()
}

#[tokio::test]
async fn after_a_fault_of_its_own_it_begins_anew_and_after_one_more_it_ends_and_says_so() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "own-fault", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let sent = home.updates().await?;

    let mut app = home.start_app_with(&[], &[FAILS])?;
    let again = "starting again after a fault";
    eventually("the first fault", PATIENCE, async || {
        let log = app.log();
        if log.contains(again) { Ok(()) } else { Err(Error::NotThere(log)) }
    })
    .await?;
    // The same process, with its tray and its work.
    home.tray_item(&app).await?;
    home.wait_for_mood(Mood::Fine).await?;
    assert!(app.is_running());

    assert_eq!(app.wait_exit(PATIENCE).await?, 1);
    let recorder = home.desktop.notices();
    let told = |notice: &dyntray_stories::notices::Notice| notice.body.contains("a fault of its own");
    recorder.wait_for("of the end", PATIENCE, told).await?;
    assert_eq!(recorder.all().iter().filter(|notice| told(notice)).count(), 1);

    let log = app.log();
    assert_eq!((times(&log, "panicked at"), times(&log, again)), (2, 1), "{log}");
    assert!(log.contains("with a secret in its words: ****-****-****"), "{log}");
    let kept = std::fs::read_to_string(home.desktop.home().join(".local/share/dyntray/dyntray.log"))?;
    assert_eq!(times(&kept, "panicked at"), 2, "{kept}");
    assert!(!log.contains(CANARY) && !kept.contains(CANARY), "a secret was logged: {log}");
    assert_eq!(home.updates().await?, sent, "nothing was sent again over all that");
    Ok(())
}

#[tokio::test]
async fn what_a_desktop_lacks_is_no_fault_of_the_program() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "no-bus", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    home.write_settings_enabled()?;
    let nowhere = format!("unix:path={}", home.desktop.folder().join("no-bus").display());
    let bus = ("DBUS_SESSION_BUS_ADDRESS", nowhere.as_str());
    let mut app = home.start_app_with(&[], &[bus])?;
    eventually("it to be told of the tray", PATIENCE, async || {
        let log = app.log();
        let is_told = log.contains("can't be asked about its tray");
        if is_told { Ok(()) } else { Err(Error::NotThere(log)) }
    })
    .await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    assert!(app.is_running() && times(&app.log(), "starting again") == 0, "{}", app.log());
    Ok(())
}

#[tokio::test]
async fn a_service_ends_after_a_fault_of_its_own_for_systemd_to_start_it_again() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "own-fault-service", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let mut service = home.start_app_with(&["run"], &[FAILS])?;
    assert_eq!(service.wait_exit(PATIENCE).await?, 1);
    let log = service.log();
    assert_eq!(times(&log, "panicked at"), 1, "{log}");
    assert!(log.contains("a fault of its own") && !log.contains(CANARY), "{log}");
    Ok(())
}
