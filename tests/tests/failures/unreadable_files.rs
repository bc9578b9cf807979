//! Files that the program can't read, damaged or of another version, are kept as they are.

use std::fs;

use dyntray_core::present::Mood;
use dyntray_core::settings::LanguageChoice;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{Home, field};
use dyntray_stories::{PATIENCE, Story};

#[tokio::test]
async fn damaged_files_are_kept_beside_and_named() -> Story {
    let story = Home::for_story(DesktopOptions::with_recorder(), "damaged", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let (config, data) =
        (home.desktop.home().join(".config/dyntray"), home.desktop.home().join(".local/share/dyntray"));
    std::fs::write(config.join("settings.toml"), "interval = [[[")?;
    std::fs::write(data.join("history.db"), b"this is no database at all".repeat(100))?;
    let _app = home.start_app()?;
    let shown = home.wait_for_mood(Mood::NeedsYou).await?;
    let kept: Vec<_> = shown
        .health_issues
        .iter()
        .filter_map(|health_issue| match health_issue {
            HealthIssue::SettingsDamaged { kept } | HealthIssue::HistoryDamaged { kept } => Some(kept),
            _ => None,
        })
        .collect();
    assert_eq!(kept.len(), 2, "{shown:?}");
    assert!(kept.iter().all(|path| std::path::Path::new(path).is_file()), "{kept:?}");
    let window = home.open_window().await?;
    window.click(&field("nav-status")).await?;
    window.wait_for_text("body", "kept at").await?;
    home.picture("damaged").await?;
    Ok(())
}

#[tokio::test]
async fn settings_of_the_first_version_are_read_and_those_of_a_later_one_are_kept_as_they_are() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "versions", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let settings = home.settings_file();
    // The settings of the first version.
    let (server, base) = (home.sandbox()?.authority(), home.sandbox()?.base_url());
    let first = format!(
        "language = \"de\"\nresolverIpv4 = \"{base}/checkip4\"\nresolverIpv6 = \"{base}/checkip6\"\n\
         interval = \"1 s\"\nschemaVersion = 1\n\n[[entries]]\nid = 1\nenabled = true\n\
         hostname = \"home.spdns.de\"\nlogin = \"token\"\nuser = \"\"\nserver = \"{server}\"\n\
         webresolver = true\nprotocol = \"both\"\n"
    );
    fs::write(&settings, &first)?;
    let mut app = home.start_app()?;
    let seen = home.wait_for_mood(Mood::Fine).await?;
    assert_eq!((seen.language, seen.entries.len()), (LanguageChoice::De, 1));
    app.terminate(PATIENCE).await?;

    let later = first.replace("schemaVersion = 1", "schemaVersion = 2\nsomethingNew = \"word\"");
    fs::write(&settings, &later)?;
    let sent = home.updates().await?;
    let mut app = home.start_app()?;
    let seen = home.wait_for_mood(Mood::NeedsYou).await?;
    let kept = seen.health_issues.iter().find_map(|health_issue| match health_issue {
        HealthIssue::SettingsDamaged { kept } => Some(kept.clone()),
        _ => None,
    });
    let kept = kept.ok_or("the place where the later settings are kept")?;
    assert_eq!(fs::read_to_string(&kept)?, later, "nothing of them is lost");
    app.terminate(PATIENCE).await?;
    // After the return to the older settings all is as before.
    fs::write(&settings, first)?;
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    assert_eq!(home.updates().await?, sent, "what was accepted is known over all that");
    Ok(())
}
