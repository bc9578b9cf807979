//! Dyntray's usual days in a minute or two: at a desktop, with its window, as a service, and for one run. A profiler
//! that watches it meanwhile sees the code that is always used (`xtask/src/shipped.rs`).

use std::time::Duration;

use dyntray_control::SecretChange;
use dyntray_core::present::Mood;
use dyntray_stories::app;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::needs::NOT_INSTALLED;
use dyntray_stories::window::{self};
use dyntray_stories::{PATIENCE, Story};

/// Time for look-ups that find nothing new.
const QUIET: Duration = Duration::from_secs(8);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Story {
    let home = Home::for_story(DesktopOptions::default(), "usual", &[]).await?.ok_or(NOT_INSTALLED)?;
    let authority = home.sandbox()?.ca_file().ok_or("the sandbox has no HTTPS")?.display().to_string();
    let trusting = [("SSL_CERT_FILE", authority.as_str())];
    println!("at a desktop");
    let (mut app, _portal, token) = home.set_up_with(&trusting).await?;
    look_up_securely(&home).await?;
    days_pass(&home).await?;
    home.quit_from_tray(&mut app).await?;
    // In a run of its own, so that code which only the window needs is told apart.
    println!("at a desktop where somebody looks");
    let mut app = home.start_app_with(&[], &trusting)?;
    home.wait_for_mood(Mood::Fine).await?;
    somebody_looks(&home).await?;
    home.quit_from_tray(&mut app).await?;
    println!("as a service");
    let secrets = home.write_secrets(&format!("1 {token}\n"))?;
    let kept = ["--secrets-file", secrets.as_str()];
    let mut service = home.start_app_with(&["run", kept[0], kept[1]], &trusting)?;
    home.wait_for_mood(Mood::Fine).await?;
    days_pass(&home).await?;
    service.terminate(PATIENCE).await?;
    println!("for one run");
    let once = ["update", "--once", kept[0], kept[1]];
    let code = home.start_app_with(&once, &trusting)?.wait_exit(PATIENCE).await?;
    if code == 0 { Ok(()) } else { Err(format!("the run ended with {code}").into()) }
}

/// Lets the web resolvers be asked by HTTPS, as in real life.
async fn look_up_securely(home: &Home) -> Story {
    let secure = home.sandbox()?.https_url().ok_or("the sandbox has no HTTPS")?;
    let mut form = home.form().await?;
    form.resolver_ipv4 = format!("{secure}/checkip4");
    form.resolver_ipv6 = format!("{secure}/checkip6");
    Ok(app::save(&home.desktop, form, vec![SecretChange::Keep]).await?)
}

/// The window is opened and closed again.
async fn somebody_looks(home: &Home) -> Story {
    let window = home.open_window().await?;
    window.find(&field("overall")).await?;
    tokio::time::sleep(QUIET).await;
    window.close(&home.desktop).await?;
    window::all_ended(&home.desktop).await?;
    // The notification that it keeps running takes seconds under a profiler, and the end would wait for it.
    tokio::time::sleep(QUIET).await;
    Ok(())
}

/// Nothing happens, then the line gets other addresses, then nothing happens again.
async fn days_pass(home: &Home) -> Story {
    tokio::time::sleep(QUIET).await;
    home.sandbox()?.reconnect().await?;
    home.wait_until_followed().await?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(QUIET).await;
    Ok(())
}
