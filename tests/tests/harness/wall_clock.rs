//! The wall clock that a story can set.

use std::process::Stdio;

use dyntray_stories::{
    PATIENCE, Story,
    app::App,
    clock::WallClock,
    desktop::{Desktop, DesktopOptions},
    wait::eventually,
};

#[tokio::test]
async fn a_pushed_wall_clock_leaves_the_monotonic_one_alone() -> Story {
    let options = DesktopOptions::without_a_desktop();
    let Some(desktop) = Desktop::for_story(options, "sleep", &["faketime", "python3"]).await? else {
        return Ok(());
    };
    let clock = WallClock::start(desktop.folder())?.ok_or("faketime has no library")?;
    // Python's own sleep counts from the monotonic clock in a way that faketime doesn't know.
    let script = "import select, time\nwhile True:\n  print(int(time.time()), int(time.monotonic()), flush=True)\n  \
                  select.select([], [], [], 0.05)";
    let mut command = desktop.command("python3");
    command.args(["-c", script]).envs(clock.environment()).stdout(Stdio::null());
    let mut app = App::start_prepared(&desktop, "python3".as_ref(), command)?.with_clock(clock);
    let read = |app: &App| -> Option<(i64, i64)> {
        let log = app.log();
        let (wall, monotonic) = log.lines().last()?.split_once(' ')?;
        Some((wall.parse().ok()?, monotonic.parse().ok()?))
    };
    let before = eventually("the clocks", PATIENCE, async || read(&app)).await?;
    app.sleep_an_hour()?;
    let after =
        eventually("an hour", PATIENCE, async || read(&app).filter(|now| now.0 >= before.0 + 3600)).await?;
    assert!(after.0 - before.0 < 3660 && after.1 - before.1 < 60, "{before:?} {after:?}");
    Ok(())
}
