//! How Dyntray behaves among the other parts of a desktop: keyring, windows, files, languages.

use std::time::Duration;

use dyntray_core::agree::Outcome;
use dyntray_core::observation::LookUpProblem;
use dyntray_core::present::{Ailment, Mood, Status};
use dyntray_core::retry::Trouble;
use dyntray_sandbox::{Fault, Target};
use dyntray_stories::app::{App, binary};
use dyntray_stories::desktop::{DesktopOptions, KEYRING_PASSWORD, Keyring, Notifications, TrayHost};
use dyntray_stories::home::{HOST, Home, field};
use dyntray_stories::notices::Notice;
use dyntray_stories::wait::eventually;
use dyntray_stories::window::Window;
use dyntray_stories::{Error, PATIENCE, processes};

type Story = Result<(), Box<dyn std::error::Error>>;

fn with_recorder() -> DesktopOptions {
    DesktopOptions { notifications: Notifications::Recorder, ..DesktopOptions::default() }
}

#[tokio::test]
async fn a_locked_keyring_is_told_once_and_unlocking_it_is_enough() -> Story {
    let options = with_recorder();
    // The unlock dialog is started by the session bus, so it lies outside the search path.
    let dialog_is_there = std::path::Path::new("/usr/libexec/gcr-prompter").is_file();
    if options.skipped("locked keyring", if dialog_is_there { &[] } else { &["gcr-prompter"] }) {
        return Ok(());
    }
    let home = Home::start(options, "keyring-locked").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    home.desktop.notices().forget();
    home.desktop.lock_keyring().await?;
    home.sandbox()?.reconnect().await?;
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    assert!(
        matches!(shown.entries[0].status, Status::Troubled { trouble: Trouble::KeyringLocked, .. }),
        "{shown:?}"
    );
    home.desktop
        .notices()
        .wait_for("the keyring", PATIENCE, |n| n.body.contains("keyring is locked"))
        .await?;
    home.picture("locked").await?;
    assert!(home.desktop.unlock_prompt_answer(KEYRING_PASSWORD).await?);
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    let told = home.desktop.notices().all();
    assert_eq!(told.iter().filter(|n| n.body.contains("keyring is locked")).count(), 1, "{told:?}");
    Ok(())
}

#[tokio::test]
async fn closing_the_window_with_unsaved_changes_asks_first_and_loses_nothing() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("unsaved changes", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "unsaved").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-settings")).await?;
    window.fill(&field("entry-0-hostname"), "office.spdns.de").await?;
    window.click_close(&home.desktop).await?;
    window.find(&field("leave-stay")).await?;
    home.picture("asked").await?;
    window.click(&field("leave-stay")).await?;
    assert_eq!(
        window.property(&field("entry-0-hostname"), "value").await?.as_deref(),
        Some("office.spdns.de"),
        "nothing typed is lost"
    );
    window.click_close(&home.desktop).await?;
    window.find(&field("leave-discard")).await?;
    // A click that closes the window has nobody left to tell that it was made.
    let press = "const button = document.querySelector(arguments[0]); setTimeout(() => button.click(), 100);";
    window.eval(press, vec![field("leave-discard").into()]).await?;
    eventually("the window to close", PATIENCE, async || {
        home.desktop.windows().await.is_ok_and(|windows| windows.iter().all(|seen| seen.pid != window.pid()))
    })
    .await?;
    assert_eq!(home.status().await?.entries[0].hostname, HOST);
    Ok(())
}

#[tokio::test]
async fn starting_with_the_computer_is_what_the_systems_list_says() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("autostart", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "autostart").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    let file = home.desktop.folder().join("home/.config/autostart/dyntray.desktop");
    assert!(!file.exists(), "off until somebody asks for it");
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    window.click(&field("autostart")).await?;
    let entry = eventually("the entry", PATIENCE, async || std::fs::read_to_string(&file)).await?;
    assert!(entry.contains(&format!("Exec=\"{}\"", binary("dyntray")?.display())), "{entry}");
    home.picture("on").await?;
    // Desktops have a list of their own, where it can be switched off.
    std::fs::write(&file, entry + "Hidden=true\n")?;
    window.click(&field("nav-status")).await?;
    window.click(&field("nav-settings")).await?;
    window.click(&field("more")).await?;
    eventually("the switch to be off", PATIENCE, async || {
        let checked = window.property(&field("autostart"), "checked").await?;
        if checked.as_deref() == Some("false") {
            Ok(())
        } else {
            Err(Error::NotThere(format!("{checked:?}")))
        }
    })
    .await?;
    window.close(&home.desktop).await?;
    Ok(())
}

#[tokio::test]
async fn an_exported_table_of_tokens_is_taken_over_and_every_host_turns_green() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("import", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "import").await?;
    let (app, mut portal, _token) = home.set_up().await?;
    let mut lines = vec!["Hostname;Token".to_owned()];
    let mut tokens = Vec::new();
    for number in 1..=5 {
        let host = format!("room{number}.spdns.de");
        portal.add_host(&host).await?;
        let token = portal.make_token(&host).await?;
        lines.push(format!("{host};{token}"));
        tokens.push(token);
    }
    lines.push("moved.spdns.de;1234567-abcd-efgh-ijkl".to_owned());
    let file = home.desktop.folder().join("spdyn_update_token.csv");
    std::fs::write(&file, lines.join("\r\n"))?;
    let path = file.display().to_string();
    let shown = home.command(&["import", &path]).await?;
    assert_eq!(home.status().await?.entries.len(), 1, "nothing is taken over unasked: {shown:?}");
    let taken = home.command(&["import", &path, "--yes"]).await?;
    assert!(taken.status.success(), "{taken:?}");
    let said = String::from_utf8(taken.stdout)?;
    assert!(said.contains("moved.spdns.de") && said.contains("5 entries"), "{said}");
    assert!(tokens.iter().all(|token| !said.contains(token) && !app.log().contains(token)), "{said}");
    let green = eventually("six green entries", PATIENCE, async || {
        let snapshot = home.status().await?;
        let is_green = snapshot.entries.iter().all(|entry| entry.status == Status::Fine);
        if is_green { Ok(snapshot.entries.len()) } else { Err(Error::NotThere(format!("{snapshot:?}"))) }
    });
    assert_eq!(green.await?, 6);
    let again = home.command(&["import", &path, "--yes"]).await?;
    assert!(again.status.success() && home.status().await?.entries.len() == 6, "no host is there twice");
    Ok(())
}

#[tokio::test]
async fn without_a_keyring_nothing_is_saved_and_nothing_typed_is_lost() -> Story {
    let options = DesktopOptions { keyring: Keyring::Absent, ..DesktopOptions::default() };
    if options.skipped("no keyring", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "keyring-absent").await?;
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
async fn a_closed_window_leaves_no_web_process_and_the_memory_of_before() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("closed window", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "closed-window").await?;
    let (app, _portal, _token) = home.set_up().await?;
    let web_processes = || {
        home.desktop
            .processes()
            .into_iter()
            .filter_map(processes::name)
            .filter(|n| n.contains("WebKit"))
            .count()
    };
    eventually("the web processes to end", PATIENCE, async || web_processes() == 0).await?;
    let before = processes::tree_anonymous_kib(app.pid()).ok_or("no figure")?;
    for _ in 0..3 {
        home.command(&["open"]).await?;
        let window = Window::attach(&home.desktop).await?;
        window.find(&field("overall")).await?;
        assert!(web_processes() > 0);
        window.close(&home.desktop).await?;
        eventually("the web processes to end", PATIENCE, async || web_processes() == 0).await?;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let after = processes::tree_anonymous_kib(app.pid()).ok_or("no figure")?;
    println!("dyntray before and after three windows: {before} KiB, {after} KiB beside its own file");
    assert!(after <= before + 2048, "the window left something behind: {before} KiB, then {after} KiB");
    Ok(())
}

#[tokio::test]
async fn a_second_start_brings_the_first_ones_window_to_the_front() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("second start", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "second-start").await?;
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

#[tokio::test]
async fn damaged_files_are_kept_beside_and_named() -> Story {
    let options = with_recorder();
    if options.skipped("damaged files", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "damaged").await?;
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let (config, data) =
        (home.desktop.home().join(".config/dyntray"), home.desktop.home().join(".local/share/dyntray"));
    std::fs::write(config.join("settings.toml"), "interval = [[[")?;
    std::fs::write(data.join("history.db"), b"this is no database at all".repeat(100))?;
    let _app = home.start_app()?;
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    let kept: Vec<_> = shown
        .ailments
        .iter()
        .filter_map(|ailment| match ailment {
            Ailment::SettingsDamaged { kept } | Ailment::HistoryDamaged { kept } => Some(kept),
            _ => None,
        })
        .collect();
    assert_eq!(kept.len(), 2, "{shown:?}");
    assert!(kept.iter().all(|path| std::path::Path::new(path).is_file()), "{kept:?}");
    home.command(&["open"]).await?;
    let window = Window::attach(&home.desktop).await?;
    window.click(&field("nav-status")).await?;
    window.wait_for_text("body", "kept at").await?;
    home.picture("damaged").await?;
    Ok(())
}

#[tokio::test]
async fn whatever_a_look_up_page_says_nothing_wrong_goes_out_and_the_reason_is_shown() -> Story {
    let options = with_recorder();
    if options.skipped("hostile look-ups", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "hostile-look-ups").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    let (before, sent) = (home.sandbox_state().await?.hosts, home.updates().await?);
    for answer in ["192.168.1.5", "100.64.1.2", "127.0.0.1", "FW 7.28.1.9", "", "198.51.100.7"] {
        let fault =
            Fault::Body { body: answer.to_owned(), content_type: "text/plain".to_owned(), status: 200 };
        home.sandbox()?.fault(Target::Checkip, fault, 6);
        let shown = home.wait_for_mood(Mood::Waiting).await?;
        let seen = &shown.entries[0].families[0].why.outcome;
        let named = match seen {
            Outcome::Nothing { why: LookUpProblem::Unpublishable { address, .. } } => address == answer,
            Outcome::Nothing { why: LookUpProblem::NotAnAddress { line } } => line == answer,
            _ => false,
        };
        assert!(named, "{answer:?} was seen as {seen:?}");
        home.wait_for_mood(Mood::Fine).await?;
    }
    let after = home.sandbox_state().await?.hosts;
    assert_eq!((before[0].published, sent), (after[0].published, home.updates().await?));
    Ok(())
}

#[tokio::test]
async fn after_abuse_nothing_is_repeated() -> Story {
    let options = with_recorder();
    if options.skipped("abuse", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "abuse").await?;
    let (_app, _portal, _token) = home.set_up().await?;
    home.desktop.notices().forget();
    home.sandbox()?.fault(Target::Update, Fault::Code { code: "abuse".to_owned() }, 1000);
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(home.updates().await?, sent);
    let told = home.desktop.notices().all();
    assert_eq!(
        told.iter().filter(|notice| notice.body.contains("locked home.spdns.de")).count(),
        1,
        "{told:?}"
    );
    Ok(())
}

#[tokio::test]
async fn german_is_spoken_where_the_desktop_does() -> Story {
    let options = DesktopOptions {
        notifications: Notifications::Dunst,
        locale: "de_DE.UTF-8".to_owned(),
        dark: true,
        ..DesktopOptions::default()
    };
    if options.skipped("German", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "german").await?;
    let (mut portal, token) = home.portal().await?;
    let app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.wait_for_text("body", "Hostname").await?;
    home.picture("willkommen").await?;
    home.fill_in(&window, &token).await?;
    home.wait_for_mood(Mood::Fine).await?;
    window.click(&field("nav-status")).await?;
    home.picture("status").await?;
    let labels = home.tray_item(&app).await?.menu().await?.labels();
    assert!(labels.iter().any(|label| label == "Jetzt aktualisieren"), "{labels:?}");
    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    home.picture("abgelehnt").await?;
    let item = home.tray_item(&app).await?;
    let line = "Neues Token für home.spdns.de eingeben …";
    eventually("the way out in the menu", PATIENCE, async || item.click(line).await.is_ok()).await?;
    window.find(&field("new-token")).await?;
    home.picture("neues-token").await?;
    let said = home.command(&["status"]).await?;
    assert_eq!(said.status.code(), Some(4));
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("ermittelt"), "{said}");
    Ok(())
}

#[tokio::test]
async fn the_tray_pauses_and_resumes() -> Story {
    let options = with_recorder();
    if options.skipped("pause", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "pause").await?;
    let (app, _portal, _token) = home.set_up().await?;
    let item = home.tray_item(&app).await?;
    item.click("Until I resume").await?;
    home.wait_for_mood(Mood::Paused).await?;
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(home.updates().await?, sent);
    eventually("the menu to offer it", PATIENCE, async || item.click("Resume").await.is_ok()).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn without_a_panel_the_window_says_so_and_the_icon_comes_with_the_panel() -> Story {
    let options = DesktopOptions { tray: TrayHost::Absent, ..DesktopOptions::default() };
    if options.skipped("no tray", &[]) {
        return Ok(());
    }
    let mut home = Home::start(options, "no-tray").await?;
    let app = home.start_app()?;
    let window = Window::attach(&home.desktop).await?;
    window.wait_for_text_within(&field("ailment-no-tray"), "tray", Duration::from_secs(40)).await?;
    home.picture("no-tray").await?;
    home.desktop.start_tray().await?;
    home.tray_item(&app).await?;
    window.wait_for_none(&field("ailment-no-tray")).await?;
    Ok(())
}

#[tokio::test]
async fn a_missing_window_program_is_told_by_a_notification_and_in_the_terminal() -> Story {
    let options = with_recorder();
    if options.skipped("missing window", &[]) {
        return Ok(());
    }
    let home = Home::start(options, "no-window").await?;
    let alone = home.desktop.folder().join("dyntray");
    std::fs::copy(binary("dyntray")?, &alone)?;
    let _app = App::start(&home.desktop, &alone, &[])?;
    let says_so =
        |n: &Notice| n.body.contains("window couldn't be opened") && n.body.contains("dyntray-window");
    home.desktop.notices().wait_for("the missing window", PATIENCE, says_so).await?;
    let asked = home.command(&["open"]).await?;
    assert_eq!(asked.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&asked.stderr).contains("window couldn't be opened"), "{asked:?}");
    Ok(())
}

#[test]
fn the_always_on_program_links_no_gtk_and_no_web_engine() -> Story {
    let libraries = processes::linked_libraries(&binary("dyntray")?)?;
    for forbidden in ["gtk", "gdk", "webkit", "javascriptcore", "glib", "dbus-1", "soup"] {
        assert!(!libraries.iter().any(|library| library.to_lowercase().contains(forbidden)), "{libraries:?}");
    }
    Ok(())
}

#[test]
fn the_window_program_has_no_http_client_and_no_keyring_of_its_own() -> Story {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../src-tauri/Cargo.toml"))?;
    for forbidden in ["reqwest", "keyring", "dyntray-agent", "rusqlite", "notify-rust", "tray-icon"] {
        assert!(!manifest.contains(forbidden), "{forbidden}");
    }
    Ok(())
}
