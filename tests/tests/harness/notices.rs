//! Notices: read by the recorder, and shown by a real daemon.

use std::{process::Stdio, time::Duration};

use dyntray_stories::{
    Error, PATIENCE, Story,
    desktop::{Desktop, DesktopOptions, Notifications},
    wait::eventually,
};
use tokio::time::timeout;

use super::tools::picture;

#[tokio::test]
async fn the_recorder_reads_a_notice_and_presses_its_button() -> Story {
    let options =
        DesktopOptions { notifications: Notifications::Recorder, ..DesktopOptions::without_a_desktop() };
    let Some(mut desktop) = Desktop::for_story(options, "a notice", &["notify-send"]).await? else {
        return Ok(());
    };
    let sender = desktop
        .command("notify-send")
        .args(["-a", "Sender", "-u", "critical", "-A", "renew=Enter new token", "Refused", "Größe: <b>5</b>"])
        .stdout(Stdio::piped())
        .spawn()?;
    let notice =
        desktop.notices().wait_for("of the refusal", PATIENCE, |one| one.summary == "Refused").await?;
    assert_eq!((notice.app.as_str(), notice.body.as_str()), ("Sender", "Größe: <b>5</b>"));
    assert_eq!(notice.urgency, Some(2));
    assert_eq!(notice.action("Enter new token"), Some("renew"));

    assert!(desktop.notices().press(notice.id, "another").await.is_err(), "there is no such button");
    desktop.notices().press(notice.id, "renew").await?;
    let said = timeout(PATIENCE, sender.wait_with_output()).await??;
    assert_eq!(String::from_utf8(said.stdout)?, "renew\n");
    assert!(desktop.notices().all()[0].closed);
    assert!(desktop.notices().press(notice.id, "renew").await.is_err(), "it is closed");

    desktop.notices().forget();
    let waited = desktop.notices().wait_for("of nothing", Duration::from_millis(200), |_| true).await;
    assert!(waited.expect_err("nothing comes").to_string().contains("the notice of nothing"));
    desktop.stop_notifications().await?;
    assert!(desktop.tool("notify-send", &["Nobody", "listens"]).await.is_err());
    Ok(())
}

#[tokio::test]
async fn a_real_notice_shows_on_the_screen() -> Story {
    let options =
        DesktopOptions { notifications: Notifications::Shown, ..DesktopOptions::without_a_desktop() };
    let Some(desktop) = Desktop::for_story(options, "a real notice", &["notify-send", "identify"]).await?
    else {
        return Ok(());
    };
    let (before, after) = (picture("before.png"), picture("notice.png"));
    desktop.screenshot(&before).await?;
    desktop.tool("notify-send", &["home.spdns.de", "now points to 84.160.12.7"]).await?;
    eventually("the notice on the screen", PATIENCE, async || {
        desktop.screenshot(&after).await?;
        let colours = desktop.tool("identify", &["-format", "%k", &after.to_string_lossy()]).await?;
        match colours.trim().parse::<u32>() {
            Ok(some) if some > 10 => Ok(()),
            _ => Err(Error::NotThere(format!("{colours} colours"))),
        }
    })
    .await?;
    Ok(())
}
