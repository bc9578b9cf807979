//! Restarts, the end of a session, and a second start beside the first.

use std::time::{Duration, Instant};

use dyntray_core::present::{Mood, Status};
use dyntray_sandbox::{Fault, Target};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{PATIENCE, Story, processes};

#[tokio::test]
async fn a_restart_sends_nothing_and_a_halt_survives_it() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "restart", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, mut portal, _token) = home.set_up().await?;
    let sent = home.updates().await?;
    assert_eq!(app.terminate(PATIENCE).await?, 0, "SIGTERM ends it cleanly");
    let mut app = home.start_app()?;
    let looked = home.sandbox_state().await?.lookups;
    home.wait_for_mood(Mood::Fine).await?;
    eventually("another look-up", PATIENCE, async || {
        home.sandbox_state().await.is_ok_and(|state| state.lookups > looked + 2)
    })
    .await?;
    assert_eq!(home.updates().await?, sent, "an accepted address isn't sent again");

    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let sent = home.updates().await?;
    app.kill().await?;
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent, "a halt is remembered over a power cut");
    Ok(())
}

#[tokio::test]
async fn logging_off_in_the_middle_of_an_update_ends_at_once_and_forgets_nothing() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "log-off", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    home.sandbox()?.fault(Target::Update, Fault::Hang { hang_seconds: 60 }, 1);
    home.sandbox()?.reconnect().await?;
    eventually("the request to be under way", PATIENCE, async || {
        home.status().await.is_ok_and(|seen| seen.entries[0].status == Status::Sending)
    })
    .await?;
    let sent = home.updates().await?;
    let began = Instant::now();
    app.terminate(PATIENCE).await?;
    assert!(began.elapsed() < Duration::from_secs(20), "a session waits for nobody: {:?}", began.elapsed());
    let _app = home.start_app()?;
    let waiting = home.wait_for_mood(Mood::Waiting).await?;
    assert!(matches!(waiting.entries[0].status, Status::Failed { .. }), "{waiting:?}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent, "nobody knows what became of it, so it isn't repeated at once");
    Ok(())
}

#[tokio::test]
async fn a_second_start_brings_the_first_ones_window_to_the_front() -> Story {
    let story = Home::for_story(DesktopOptions::default(), "second-start", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("welcome")).await?;
    let mut second = home.start_app()?;
    assert_eq!(second.wait_exit(PATIENCE).await?, 0);
    assert!(second.log().contains("already running"), "{}", second.log());
    window.find(&field("overall")).await?;
    let windows = home.desktop.windows().await?;
    assert_eq!(windows.iter().filter(|w| w.title == "Dyntray").count(), 1, "{windows:?}");
    let trees = processes::tree(app.pid()).into_iter().filter_map(processes::name);
    assert_eq!(trees.filter(|name| name.starts_with("dyntray-window")).count(), 1);
    Ok(())
}
