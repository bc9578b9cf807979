//! What people are told, where, and how often: notifications, tray, clipboard, language, and the end of a session.

use std::time::{Duration, Instant};

use dyntray_core::present::{Ailment, Mood, Status};
use dyntray_sandbox::{Fault, Target};
use dyntray_stories::desktop::{DesktopOptions, Notifications};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::notices::Notice;
use dyntray_stories::page::PageServer;
use dyntray_stories::portal::Portal;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE};

type Story = Result<(), Box<dyn std::error::Error>>;

fn with_recorder() -> DesktopOptions {
    DesktopOptions { notifications: Notifications::Recorder, ..DesktopOptions::default() }
}

/// The token is replaced on the website, and a new address brings it to light.
async fn refused(home: &Home) -> Story {
    home.sandbox()?.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    Ok(())
}

#[tokio::test]
async fn without_a_notification_daemon_a_refusal_stands_in_tray_and_window() -> Story {
    let options = DesktopOptions { notifications: Notifications::Absent, ..DesktopOptions::default() };
    if options.skipped("no notifications", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "no-notifications").await?;
    let (app, _portal, _token) = home.set_up().await?;
    refused(&home).await?;
    let item = home.tray_item(&app).await?;
    eventually("the tray to say so", PATIENCE, async || {
        let labels = item.menu().await.map(|menu| menu.labels()).unwrap_or_default();
        labels.iter().any(|label| label.contains("Enter new token"))
    })
    .await?;
    eventually("it to be known that nothing was shown", PATIENCE, async || {
        home.status().await.is_ok_and(|seen| seen.ailments.contains(&Ailment::NoNotices))
    })
    .await?;
    assert!(home.desktop.windows().await?.iter().all(|window| window.title != "Dyntray"), "nothing pops up");
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.wait_for_text(&field("ailment-no-notices"), "no notifications").await?;
    home.picture("said-in-the-window").await?;
    Ok(())
}

#[tokio::test]
async fn without_tray_and_notifications_the_window_itself_opens_where_the_new_token_goes() -> Story {
    let options = DesktopOptions::without_tray_and_notices();
    if options.skipped("neither tray nor notifications", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "nothing-at-all").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    eventually("the missing tray to be known", Duration::from_secs(40), async || {
        home.status().await.is_ok_and(|seen| seen.ailments.contains(&Ailment::NoTray))
    })
    .await?;
    // The window that says so may have opened meanwhile.
    if let Ok(window) = Window::attach_within(&home.desktop, Duration::from_secs(3)).await {
        window.close(&home.desktop).await?;
    }
    refused(&home).await?;
    let window = Window::attach(&home.desktop).await?;
    window.find(&field("new-token")).await?;
    home.picture("opened-by-itself").await?;
    Ok(())
}

#[tokio::test]
async fn closing_the_window_says_once_that_updates_go_on() -> Story {
    let options = with_recorder();
    if options.skipped("closed window", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "goes-on").await?;
    let (mut app, _portal, _token) = home.set_up().await?;
    home.command(&["open"]).await?;
    Window::attach(&home.desktop).await?.close(&home.desktop).await?;
    let says_so = |notice: &Notice| notice.body.contains("updates go on");
    home.desktop.notices().wait_for("that updates go on", PATIENCE, says_so).await?;
    for _ in 0..2 {
        home.command(&["open"]).await?;
        Window::attach(&home.desktop).await?.close(&home.desktop).await?;
    }
    assert_eq!(home.quit_from_tray(&mut app).await?, 0);
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    home.command(&["open"]).await?;
    Window::attach(&home.desktop).await?.close(&home.desktop).await?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(home.desktop.notices().all().iter().filter(|notice| says_so(notice)).count(), 1);
    Ok(())
}

#[tokio::test]
async fn the_tray_copies_the_published_address_for_other_programs() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("clipboard", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "clipboard").await?;
    let (app, _portal, _token) = home.set_up().await?;
    let published = home.status().await?.entries[0].families[0].published.ok_or("nothing published")?;
    let address = published.address.to_string();
    let item = home.tray_item(&app).await?;
    eventually("the menu to offer the address", PATIENCE, async || item.click(&address).await.is_ok())
        .await?;
    // Another program asks for it, as it does when somebody pastes.
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-settings")).await?;
    window.fill(&field("entry-0-server"), "x").await?;
    home.desktop.key("ctrl+a").await?;
    home.desktop.key("ctrl+v").await?;
    eventually("the address to be pasted", PATIENCE, async || {
        let typed = window.property(&field("entry-0-server"), "value").await?;
        if typed.as_deref() == Some(address.as_str()) {
            Ok(())
        } else {
            Err(Error::NotThere(format!("{typed:?}")))
        }
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn another_language_is_spoken_at_once_in_window_tray_and_notifications() -> Story {
    let options = with_recorder();
    if options.skipped("another language", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "another-language").await?;
    let (app, mut portal, _token) = home.set_up().await?;
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    window.choose(&field("language"), "de").await?;
    window.wait_for_text(&field("nav-settings"), "Einstellungen").await?;
    home.picture("chosen").await?;
    window.click(&field("save")).await?;
    window.find(&field("saved")).await?;
    let item = home.tray_item(&app).await?;
    eventually("the tray to speak German", PATIENCE, async || {
        let labels = item.menu().await.map(|menu| menu.labels()).unwrap_or_default();
        labels.iter().any(|label| label == "Jetzt aktualisieren")
    })
    .await?;
    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    let in_german = |notice: &Notice| notice.body.contains("nicht wiederherstellen");
    home.desktop.notices().wait_for("the refusal in German", PATIENCE, in_german).await?;
    Ok(())
}

#[tokio::test]
async fn logging_off_in_the_middle_of_an_update_ends_at_once_and_forgets_nothing() -> Story {
    let options = with_recorder();
    if options.skipped("log-off", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "log-off").await?;
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
    assert!(began.elapsed() < Duration::from_secs(5), "a session waits for nobody: {:?}", began.elapsed());
    let _app = home.start_app()?;
    let waiting = home.wait_for_mood(Mood::Waiting).await?;
    assert!(matches!(waiting.entries[0].status, Status::Troubled { .. }), "{waiting:?}");
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent, "nobody knows what became of it, so it isn't repeated at once");
    Ok(())
}

#[tokio::test]
async fn a_new_version_is_told_once_where_the_settings_say_whom_to_ask() -> Story {
    let options = with_recorder();
    if options.skipped("a new version", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "new-version").await?;
    let (mut app, _portal, _token) = home.set_up().await?;
    let announcing = PageServer::start("application/json", r#"{"version":"999.1.0"}"#).await?;
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    window.fill(&field("releases"), &announcing.address("/dyntray.json")).await?;
    window.click(&field("save")).await?;
    window.find(&field("saved")).await?;
    let told = |notice: &Notice| notice.body.contains("999.1.0");
    home.desktop.notices().wait_for("the new version", PATIENCE, told).await?;
    window.click(&field("nav-about")).await?;
    window.wait_for_text("main", "999.1.0").await?;
    home.picture("about").await?;
    window.close(&home.desktop).await?;
    app.terminate(PATIENCE).await?;
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(home.desktop.notices().all().iter().filter(|notice| told(notice)).count(), 1);
    assert_eq!(announcing.visits(), 1, "once a day, across restarts");
    Ok(())
}

/// A file as it comes from the website, for 200 hosts, and the tokens in it.
async fn two_hundred(home: &Home) -> Result<(String, Vec<String>), Box<dyn std::error::Error>> {
    let mut portal = Portal::register(home.sandbox()?, "reseller", "a-long-password").await?;
    let mut lines = vec!["Hostname,Token".to_owned()];
    let mut tokens = Vec::new();
    for number in 1..=200 {
        let host = format!("client{number}.spdns.org");
        portal.add_host(&host).await?;
        let token = portal.make_token(&host).await?;
        lines.push(format!("\"{host}\",\"{token}\""));
        tokens.push(token);
    }
    Ok((lines.join("\r\n"), tokens))
}

#[tokio::test]
async fn two_hundred_hosts_are_chosen_as_a_file_previewed_and_all_turn_green() -> Story {
    let options = with_recorder();
    if options.skipped("200 hosts", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "two-hundred").await?;
    let (app, _portal, _token) = home.set_up().await?;
    let (table, tokens) = two_hundred(&home).await?;
    let file = home.desktop.folder().join("spdyn_update_token.csv");
    std::fs::write(&file, table)?;
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-settings")).await?;
    window.find(&field("import-open")).await?;
    // The file dialog belongs to the desktop; what it hands over is handed over here.
    window
        .eval("document.querySelector(arguments[0]).hidden = false", vec![field("import-input").into()])
        .await?;
    let input = window.find(&field("import-input")).await?;
    input.send_keys(&file.display().to_string()).await?;
    window.wait_for_text(&field("import-count"), "200").await?;
    home.picture("preview").await?;
    let began = Instant::now();
    window.click(&field("import-take")).await?;
    window.wait_for_text_within(&field("import-done"), "200", Duration::from_secs(90)).await?;
    println!("200 entries were taken over in {:.1?}", began.elapsed());
    home.picture("taken-over").await?;
    let green = eventually("201 green entries", Duration::from_secs(90), async || {
        let seen = home.status().await?;
        let green = seen.entries.iter().filter(|entry| entry.status == Status::Fine).count();
        if green == 201 { Ok(seen) } else { Err(Error::NotThere(format!("{green} are green"))) }
    });
    green.await?;
    let of_clients = |notice: &Notice| notice.body.contains("client");
    home.desktop.notices().wait_for("of the clients", PATIENCE, of_clients).await?;
    let told = home.desktop.notices().all();
    let told: Vec<&Notice> = told.iter().filter(|notice| of_clients(notice)).collect();
    assert!(told.len() <= 5 && told[0].body.contains("more"), "nobody wants 200 notifications: {told:?}");
    let log = app.log();
    assert!(tokens.iter().all(|token| !log.contains(token)));
    let labels = home.tray_item(&app).await?.menu().await?.labels();
    assert!(labels.iter().any(|label| label == "and 193 more…"), "{labels:?}");
    window.click(&field("import-close")).await?;
    window.click(&field("nav-status")).await?;
    home.picture("status").await?;
    Ok(())
}
