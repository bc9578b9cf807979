//! The machine is in a bad way: the disk is full or can't be written, the clock is decades off, the settings are of
//! another version. The program always starts, says what is the matter, and loses nothing.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use dyntray_control::{Answer, Request};
use dyntray_core::present::{Ailment, Mood, Status};
use dyntray_core::settings::LanguageChoice;
use dyntray_stories::app::{App, binary};
use dyntray_stories::clock::WallClock;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::Home;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE};

type Told<T> = Result<T, Box<dyn std::error::Error>>;
type Story = Told<()>;

/// Whether this user may mount in a namespace of their own; says so where not.
fn may_mount(story: &str) -> bool {
    let tried = std::process::Command::new("unshare")
        .args(["--mount", "sh", "-c", "mount -t tmpfs tmpfs /mnt"])
        .output();
    let may = tried.is_ok_and(|tried| tried.status.success());
    if !may {
        println!("SKIPPED {story}: this user may not mount anything");
    }
    may
}

/// Starts the program with `prepare` done first, in a file system view of its own; `$1` is `folder`.
fn start_with_mounts(home: &Home, prepare: &str, folder: &Path) -> Told<App> {
    let program = binary("dyntray")?;
    let mut command = home.desktop.command("unshare");
    let script = format!("set -e; {prepare}; shift; exec \"$@\"");
    command.args(["--mount", "sh", "-c", &script, "sh"]).arg(folder).arg(&program);
    Ok(App::start_prepared(&home.desktop, &program, command)?)
}

/// A file below the program's own view of the file system.
fn seen_by(app: &App, path: &Path) -> PathBuf {
    let below = path.strip_prefix("/").unwrap_or(path);
    Path::new("/proc").join(app.pid().to_string()).join("root").join(below)
}

/// Writes to `file` until nothing more goes in.
fn fill(file: &Path) -> Told<u64> {
    let mut full = fs::File::create(file)?;
    for size in [4096, 1] {
        while full.write(&vec![0; size]).is_ok_and(|written| written > 0) {}
    }
    Ok(full.metadata()?.len())
}

async fn wait_for_ailment(home: &Home, wanted: impl Fn(&Ailment) -> bool) -> Told<()> {
    eventually("the trouble to be said", PATIENCE, async || {
        let seen = home.status().await?;
        let is_said = seen.ailments.iter().any(&wanted);
        if is_said { Ok(()) } else { Err(Error::NotThere(format!("{:?}", seen.ailments))) }
    })
    .await?;
    Ok(())
}

fn cannot_remember(ailment: &Ailment) -> bool {
    matches!(ailment, Ailment::CannotRemember { .. })
}

#[tokio::test]
async fn on_a_full_disk_nothing_is_sent_that_would_be_forgotten_and_all_goes_on_when_there_is_room() -> Story
{
    if DesktopOptions::without_tray_and_notices().skipped("a full disk", &[]) || !may_mount("a full disk") {
        return Ok(());
    }
    let home = Home::start(DesktopOptions::without_tray_and_notices(), "full-disk").await?;
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let data = home.desktop.home().join(".local/share/dyntray");
    let small_disk =
        "cp -a \"$1\" \"$1.before\"; mount -t tmpfs -o size=1m tmpfs \"$1\"; cp -a \"$1.before/.\" \"$1\"";
    let app = start_with_mounts(&home, small_disk, &data)?;
    home.wait_for_mood(Mood::Fine).await?;
    let stuffing = seen_by(&app, &data.join("stuffing"));
    assert!(fill(&stuffing)? > 0, "there was room before");
    let sent = home.updates().await?;
    home.sandbox()?.reconnect().await?;
    wait_for_ailment(&home, cannot_remember).await?;
    assert_eq!(home.wait_for_mood(Mood::NeedsYou).await?.entries.len(), 1);
    assert_eq!(home.updates().await?, sent, "an update went out that nobody would remember");
    // The text for the person.
    let why = String::from_utf8(home.command(&["status"]).await?.stdout)?;
    assert!(why.contains("full"), "{why}");
    fs::remove_file(&stuffing)?;
    home.wait_until_followed().await?;
    home.wait_for_mood(Mood::Fine).await?;
    Ok(())
}

#[tokio::test]
async fn in_a_home_that_cant_be_written_it_starts_says_so_and_keeps_every_setting() -> Story {
    if DesktopOptions::without_tray_and_notices().skipped("a read-only home", &[])
        || !may_mount("a read-only home")
    {
        return Ok(());
    }
    let home = Home::start(DesktopOptions::without_tray_and_notices(), "read-only").await?;
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let settings = home.settings_file();
    let (before, sent) = (fs::read(&settings)?, home.updates().await?);
    let read_only = "mount --bind \"$1\" \"$1\"; mount -o remount,bind,ro \"$1\"";
    let mut app = start_with_mounts(&home, read_only, &home.desktop.home())?;
    home.sandbox()?.reconnect().await?;
    wait_for_ailment(&home, cannot_remember).await?;
    let seen = home.status().await?;
    assert_eq!((seen.mood, seen.entries.len()), (Mood::NeedsYou, 1), "{seen:?}");
    assert_eq!(home.updates().await?, sent, "an update went out that nobody would remember");
    let refused = home.ask(&Request::SetLanguage { language: LanguageChoice::De }).await?;
    assert!(matches!(refused, Answer::Refused { .. }), "{refused:?}");
    app.terminate(PATIENCE).await?;
    assert_eq!(fs::read(&settings)?, before);
    // Writable again, it goes on where it was.
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn with_a_clock_of_1970_or_2038_it_does_its_job_and_goes_on_when_the_clock_is_right() -> Story {
    if DesktopOptions::without_tray_and_notices().skipped("a clock that is off", &[]) {
        return Ok(());
    }
    let home = Home::start(DesktopOptions::without_tray_and_notices(), "clocks").await?;
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
        // It is the time of today again, in either direction.
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
async fn settings_of_the_first_version_are_read_and_those_of_a_later_one_are_kept_as_they_are() -> Story {
    if DesktopOptions::without_tray_and_notices().skipped("settings of other versions", &[]) {
        return Ok(());
    }
    let home = Home::start(DesktopOptions::without_tray_and_notices(), "versions").await?;
    let (mut app, _portal, _token) = home.set_up().await?;
    app.terminate(PATIENCE).await?;
    let settings = home.settings_file();
    // What the first version knew, and no more.
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
    let kept = seen.ailments.iter().find_map(|ailment| match ailment {
        Ailment::SettingsDamaged { kept } => Some(kept.clone()),
        _ => None,
    });
    let kept = kept.ok_or("the place where the later settings are kept")?;
    assert_eq!(fs::read_to_string(&kept)?, later, "nothing of them is lost");
    app.terminate(PATIENCE).await?;
    // The later version is back: all is as it was.
    fs::write(&settings, first)?;
    let _app = home.start_app()?;
    home.wait_for_mood(Mood::Fine).await?;
    assert_eq!(home.updates().await?, sent, "what was accepted is known over all that");
    Ok(())
}
