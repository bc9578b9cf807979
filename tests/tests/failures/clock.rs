//! The system's clock is decades off.

use dyntray_core::present::{Mood, Status};
use dyntray_stories::app::{App, binary};
use dyntray_stories::clock::WallClock;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::{PATIENCE, Story};

#[tokio::test]
async fn with_a_clock_of_1970_or_2038_it_does_its_job_and_goes_on_when_the_clock_is_right() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "clocks", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let Some(mut clock) = WallClock::start(home.desktop.folder())? else {
        println!("SKIPPED a clock that is off: faketime isn't installed");
        return Ok(());
    };
    let (mut app, _portal, _token) = home.set_up().await?;
    for time in ["1970-01-01T00:01:00Z", "2038-01-19T03:14:05Z"] {
        app.terminate(PATIENCE).await?;
        clock.set(time.parse()?)?;
        let mut program = home.desktop.command(binary("dyntray")?);
        program.envs(clock.environment());
        app = App::start_prepared(&home.desktop, &binary("dyntray")?, program)?;
        home.wait_for_mood(Mood::Fine).await?;
        home.sandbox()?.reconnect().await?;
        home.wait_until_followed().await?;
        // The clock is right again.
        clock.put_right()?;
        home.sandbox()?.reconnect().await?;
        home.wait_until_followed().await?;
        let seen = home.wait_for_mood(Mood::Fine).await?;
        assert_eq!(seen.entries[0].status, Status::Fine, "{time}");
    }
    let log = home.sandbox_state().await?.log;
    let sent: Vec<_> = log.iter().filter_map(|update| update.myip.clone()).collect();
    let different: std::collections::BTreeSet<_> = sent.iter().collect();
    assert_eq!(different.len(), sent.len(), "an accepted address was sent again: {sent:?}");
    Ok(())
}

#[tokio::test]
async fn once_a_clock_years_ahead_is_right_a_check_an_update_and_a_start_look_at_once() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "clock-right-again", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let Some(mut clock) = WallClock::start(home.desktop.folder())? else {
        println!("SKIPPED a clock that is right again: faketime isn't installed");
        return Ok(());
    };
    let (mut app, _portal, _token) = home.set_up().await?;
    for start in ["commands", "program"] {
        app.terminate(PATIENCE).await?;
        clock.set("2038-01-19T03:14:05Z".parse()?)?;
        let mut program = home.desktop.command(binary("dyntray")?);
        program.envs(clock.environment());
        app = App::start_prepared(&home.desktop, &binary("dyntray")?, program)?;
        home.sandbox()?.reconnect().await?;
        home.wait_until_followed().await?;
        home.wait_for_mood(Mood::Fine).await?;
        app.terminate(PATIENCE).await?;

        // While nothing runs, the clock is put right and the line gets another address.
        clock.put_right()?;
        home.sandbox()?.reconnect().await?;
        let before = home.updates().await?;
        if start == "commands" {
            let checked = home.command(&["check"]).await?;
            assert_eq!(checked.status.code(), Some(5), "an update is due: {checked:?}");
            assert_eq!(home.updates().await?, before, "a check sends nothing");
            let updated = home.command(&["update", "--once"]).await?;
            assert_eq!(updated.status.code(), Some(0), "{updated:?}");
            assert_eq!(home.updates().await?, before + 1, "one new address is one update");
        }
        app = home.start_app()?;
        home.wait_until_followed().await?;
        let seen = home.wait_for_mood(Mood::Fine).await?;
        assert_eq!(seen.entries[0].status, Status::Fine, "{start}");
        assert_eq!(home.updates().await?, before + 1, "{start}");
        let accepted = seen.entries[0].families.iter().filter_map(|family| family.published);
        assert!(accepted.clone().count() > 0, "{start}");
        assert!(accepted.into_iter().all(|there| there.at <= jiff::Timestamp::now()), "{start}");
    }
    Ok(())
}
