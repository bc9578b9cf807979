//! The stage itself: that its parts are real, that it sees and presses what a person would, and that nothing is
//! left behind.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use dyntray_stories::{
    Error, PATIENCE,
    app::App,
    desktop::{Desktop, DesktopOptions, DesktopWindow, KEYRING_PASSWORD, Keyring, Notifications, TrayHost},
    processes,
    search::Secret,
    tray::Tray,
    wait::eventually,
    window::Window,
};
use tokio::{io::AsyncWriteExt as _, time::timeout};

type Story = Result<(), Box<dyn std::error::Error>>;

fn picture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("pictures").join(name)
}

/// Everything that still runs on the desktop that had this folder.
fn inhabitants(folder: &Path) -> Vec<u32> {
    processes::with_environment(&format!("DYNTRAY_DESKTOP={}", folder.display()))
}

/// Where the built programs lie.
fn binary_folder() -> PathBuf {
    let test = std::env::current_exe().expect("a running test");
    test.ancestors().nth(2).expect("target/debug").to_owned()
}

/// Where a Python program of these stories lies.
fn program(name: &str) -> String {
    format!("{}/tests/harness/programs/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Whether Debian's Python can import something of GTK's world.
fn has_typelib(name: &str, version: &str) -> bool {
    let script = format!("import gi; gi.require_version('{name}', '{version}')");
    std::process::Command::new("/usr/bin/python3")
        .args(["-c", &script])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Skips visibly, or fails where skipping is no option.
fn skipped_without(story: &str, typelib: (&str, &str)) -> bool {
    let missing = !has_typelib(typelib.0, typelib.1);
    if missing {
        assert!(std::env::var_os("DYNTRAY_NO_SKIP").is_none(), "{story} needs gir1.2 {typelib:?}");
        eprintln!("SKIPPED {story}: not installed: the introspection data of {typelib:?}");
    }
    missing
}

async fn store(desktop: &Desktop, name: &str, secret: &str) -> Result<(), Box<dyn std::error::Error>> {
    let mut tool = desktop
        .command("secret-tool")
        .args(["store", "--label", name, "story", name])
        .stdin(Stdio::piped())
        .spawn()?;
    tool.stdin.take().expect("piped").write_all(secret.as_bytes()).await?;
    match processes::wait_exit(&mut tool, PATIENCE).await? {
        0 => Ok(()),
        code => Err(format!("secret-tool: exit code {code}").into()),
    }
}

#[tokio::test]
async fn a_desktop_has_a_tray_a_keyring_and_leaves_nothing_behind() -> Story {
    let options = DesktopOptions::default();
    if options.skipped("a desktop", &["secret-tool"]) {
        return Ok(());
    }
    let began = Instant::now();
    let desktop = Desktop::start(options).await?;
    let took = began.elapsed();
    println!("the desktop was there after {took:?}");
    assert!(took < Duration::from_secs(10), "the desktop took {took:?} to start");

    for name in ["org.kde.StatusNotifierWatcher", "org.freedesktop.secrets", "org.freedesktop.Notifications"]
    {
        assert!(desktop.name_is_owned(name).await?, "{name}");
    }
    store(&desktop, "a-token", "abcdefghijkl").await?;
    assert_eq!(desktop.tool("secret-tool", &["lookup", "story", "a-token"]).await?, "abcdefghijkl");
    assert_eq!(
        Secret::new("abcdefghijkl").find_below(desktop.folder())?,
        [],
        "the keyring's file is encrypted"
    );

    let (folder, everyone) = (desktop.folder().to_owned(), desktop.processes());
    let names: Vec<String> = everyone.iter().filter_map(|pid| processes::name(*pid)).collect();
    for part in ["Xvfb", "dbus-daemon", "gnome-keyring-d", "openbox", "dunst", "xfce4-panel"] {
        assert!(names.iter().any(|name| name == part), "{part} in {names:?}");
    }
    drop(desktop);
    let left: Vec<u32> = everyone.into_iter().filter(|pid| processes::is_alive(*pid)).collect();
    assert!(left.is_empty(), "{left:?} are left");
    assert!(inhabitants(&folder).is_empty());
    assert!(!folder.exists());
    Ok(())
}

#[tokio::test]
async fn a_story_that_panics_leaves_nothing_behind_either() -> Story {
    if DesktopOptions::without_a_desktop().skipped("a panic", &[]) {
        return Ok(());
    }
    let (folder_is, folder) = tokio::sync::oneshot::channel();
    let local = tokio::task::LocalSet::new();
    let story = local.spawn_local(async move {
        let desktop = Desktop::start(DesktopOptions::without_a_desktop()).await.expect("a desktop");
        // Detached from everything: only the mark in its environment leads back to the desktop.
        desktop.tool("sh", &["-c", "setsid sleep 1000 >/dev/null 2>&1 &"]).await.expect("a detached process");
        folder_is.send(desktop.folder().to_owned()).expect("a listener");
        panic!("on purpose");
    });
    local.await;
    let folder = folder.await?;
    assert!(story.await.expect_err("the story panics").is_panic());
    let evidence = binary_folder().join("../failed-stories/a_story_that_panics_leaves_nothing_behind_either");
    assert!(
        evidence.join("screen.png").is_file() && evidence.join("log/Xvfb").is_file(),
        "{}",
        evidence.display()
    );
    std::fs::remove_dir_all(evidence)?;
    assert!(inhabitants(&folder).is_empty());
    assert!(!folder.exists());
    Ok(())
}

/// Not a story of its own: the victim of the next one, which runs it as a process that can be killed.
#[tokio::test]
#[ignore = "run by a_story_that_is_killed_leaves_nothing_behind_either"]
async fn victim() -> Story {
    let desktop = Desktop::start(DesktopOptions::without_a_desktop()).await?;
    println!("victim's desktop: {}", desktop.folder().display());
    std::future::pending().await
}

#[tokio::test]
async fn a_story_that_is_killed_leaves_nothing_behind_either() -> Story {
    if DesktopOptions::without_a_desktop().skipped("a kill", &[]) {
        return Ok(());
    }
    let log = tempfile::NamedTempFile::new()?;
    let mut victim = tokio::process::Command::new(std::env::current_exe()?)
        .args(["--exact", "desktops::victim", "--ignored", "--nocapture"])
        .stdout(log.reopen()?)
        .kill_on_drop(true)
        .spawn()?;
    let folder = eventually("the victim's desktop", PATIENCE, async || {
        let written = std::fs::read_to_string(log.path()).ok()?;
        let rest = written.split_once("victim's desktop: ")?.1;
        Some(PathBuf::from(rest.split_once('\n')?.0))
    })
    .await?;
    assert!(!inhabitants(&folder).is_empty());
    victim.kill().await?;
    eventually("the guard to end the desktop", PATIENCE, async || {
        inhabitants(&folder).is_empty() && !folder.exists()
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn absent_parts_are_absent_and_stay_so() -> Story {
    if DesktopOptions::without_a_desktop().skipped("absent parts", &["secret-tool", "notify-send"]) {
        return Ok(());
    }
    let desktop = Desktop::start(DesktopOptions::without_a_desktop()).await?;
    assert!(desktop.tool("secret-tool", &["lookup", "story", "any"]).await.is_err());
    assert!(desktop.tool("notify-send", &["Nobody", "listens"]).await.is_err());
    for name in ["org.kde.StatusNotifierWatcher", "org.freedesktop.secrets", "org.freedesktop.Notifications"]
    {
        assert!(!desktop.name_is_owned(name).await?, "{name}");
    }
    assert!(Tray::of(&desktop).items().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn the_recorder_reads_a_notice_and_presses_its_button() -> Story {
    let options =
        DesktopOptions { notifications: Notifications::Recorder, ..DesktopOptions::without_a_desktop() };
    if options.skipped("a notice", &["notify-send"]) {
        return Ok(());
    }
    let mut desktop = Desktop::start(options).await?;
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
        DesktopOptions { notifications: Notifications::Dunst, ..DesktopOptions::without_a_desktop() };
    if options.skipped("a real notice", &["notify-send", "identify"]) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    let (before, after) = (picture("before.png"), picture("notice.png"));
    desktop.screenshot(&before).await?;
    desktop.tool("notify-send", &["home.spdns.de", "now leads to 84.160.12.7"]).await?;
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

#[tokio::test]
async fn a_locked_keyring_asks_and_opens_with_the_right_password() -> Story {
    let options = DesktopOptions { keyring: Keyring::Unlocked, ..DesktopOptions::without_a_desktop() };
    if options.skipped("a locked keyring", &["secret-tool"]) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    store(&desktop, "a-token", "abcdefghijkl").await?;
    desktop.lock_keyring().await?;

    let mut lookup =
        desktop.command("secret-tool").args(["lookup", "story", "a-token"]).stdout(Stdio::piped()).spawn()?;
    let early = processes::wait_exit(&mut lookup, Duration::from_millis(700)).await;
    assert!(matches!(early, Err(Error::TimedOut { .. })), "{early:?}");
    desktop.wait_for_window("the unlock dialog", DesktopWindow::is_unlock_dialog).await?;
    desktop.screenshot(picture("unlock.png")).await?;
    assert!(desktop.unlock_prompt_answer(KEYRING_PASSWORD).await?);
    let said = timeout(PATIENCE, lookup.wait_with_output()).await??;
    assert_eq!(String::from_utf8(said.stdout)?, "abcdefghijkl");
    Ok(())
}

#[tokio::test]
async fn a_keyring_can_be_locked_from_the_start() -> Story {
    let options = DesktopOptions { keyring: Keyring::Locked, ..DesktopOptions::without_a_desktop() };
    if options.skipped("a keyring locked from the start", &["secret-tool"]) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    let storing = store(&desktop, "a-token", "abcdefghijkl");
    let answering = async {
        let first = desktop.unlock_prompt_answer("wrong").await?;
        desktop.screenshot(picture("unlock-again.png")).await?;
        Ok::<_, Error>((first, desktop.unlock_prompt_answer(KEYRING_PASSWORD).await?))
    };
    let (stored, answered) = tokio::join!(storing, answering);
    assert_eq!(answered?, (false, true));
    stored?;
    assert_eq!(desktop.tool("secret-tool", &["lookup", "story", "a-token"]).await?, "abcdefghijkl");
    Ok(())
}

#[tokio::test]
async fn a_tray_item_is_read_and_its_menu_clicked_also_after_the_tray_came_back() -> Story {
    let options = DesktopOptions { tray: TrayHost::Panel, ..DesktopOptions::without_a_desktop() };
    let story = "a tray item";
    if options.skipped(story, &[]) || skipped_without(story, ("AyatanaAppIndicator3", "0.1")) {
        return Ok(());
    }
    let mut desktop = Desktop::start(options).await?;
    let mut app = App::start_with(&desktop, Path::new("/usr/bin/python3"), &[&program("item.py")], &[])?;
    let tray = Tray::of(&desktop);
    let item = tray.wait_for_pid(app.pid(), PATIENCE).await?;
    assert_eq!((item.title().await?, item.id().await?), ("An item".to_owned(), "story-item".to_owned()));
    assert_eq!(item.status().await?, "Active");
    assert_eq!(item.icon().await?.name, "dialog-information");

    let menu = item.menu().await?;
    assert_eq!(menu.labels(), ["Status", "Paused", "Pause", "For an hour", "—", "Quit"]);
    assert_eq!(menu.find("Paused").and_then(|entry| entry.checked), Some(true));
    assert_eq!(menu.find("Quit").and_then(|entry| entry.checked), None);
    item.click("For an hour").await?;
    eventually("the click", PATIENCE, async || app.log().contains("clicked For an _hour")).await?;
    assert!(item.click("Status").await.is_err(), "it is greyed out");
    assert!(item.click("Nothing").await.is_err_and(|error| error.to_string().contains("For an hour")));

    desktop.stop_tray().await?;
    assert!(tray.items().await?.is_empty());
    desktop.start_tray().await?;
    tray.wait_for_title("story-item", PATIENCE).await?;
    desktop.screenshot(picture("tray.png")).await?;

    println!("PSS of the item's process: {:?} KiB", app.tree_pss_kib());
    assert!(app.tree_pss_kib() > Some(5_000), "a Python program with GTK takes more");
    assert_eq!(app.terminate(PATIENCE).await?, 128 + 15);
    tray.wait_for_none(item.pid, PATIENCE).await?;
    Ok(())
}

const PAGE: &str = "<title>A page</title><input id=name value=old><select id=pick><option value=a>A<option value=b>B</select>
    <p id=said aria-label=Answer></p><button id=late style='display:none'>Say</button>
    <script>
      late.onclick = () => setTimeout(() => said.textContent = `Hello ${name_()}, ${pick.value}`, 300);
      const name_ = () => document.getElementById('name').value;
      setTimeout(() => late.style.display = '', 500);
    </script>";

#[tokio::test]
async fn a_window_is_attached_to_filled_in_closed_and_attached_to_again() -> Story {
    let options = DesktopOptions {
        dark: true,
        locale: "de_DE.UTF-8".to_owned(),
        ..DesktopOptions::without_a_desktop()
    };
    let story = "a window";
    if options.skipped(story, &["WebKitWebDriver"]) || skipped_without(story, ("WebKit2", "4.1")) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    let nobody = Window::attach_within(&desktop, Duration::from_millis(300)).await;
    assert!(nobody.expect_err("no window yet").to_string().contains("nobody listens"));

    for round in 1..=2 {
        let mut app =
            App::start_with(&desktop, Path::new("/usr/bin/python3"), &[&program("page.py"), PAGE], &[])?;
        let began = Instant::now();
        let window = Window::attach(&desktop).await?;
        println!("round {round}: attached after {:?}", began.elapsed());
        assert_eq!(window.pid(), app.pid());
        assert_eq!(window.title().await?, "A page");

        window.fill("#name", "Zoë").await?;
        window.choose("#pick", "b").await?;
        window.click("#late").await?;
        window.wait_for_text("#said", "Hello Zoë, b").await?;
        assert_eq!(window.property("#name", "value").await?.as_deref(), Some("Zoë"));
        assert_eq!(window.attribute("#said", "aria-label").await?.as_deref(), Some("Answer"));
        assert_eq!(window.count("option").await?, 2);
        window.wait_for_none("#nowhere").await?;
        let error = window.wait_for_text_within("#said", "Bye", Duration::from_millis(300)).await;
        assert!(error.expect_err("it says hello").to_string().contains("Hello Zoë"));
        let dark = "return matchMedia('(prefers-color-scheme: dark)').matches";
        assert_eq!(window.eval(dark, Vec::new()).await?, true);
        desktop.screenshot(picture(&format!("window-{round}.png"))).await?;

        let family: Vec<u32> = processes::tree(app.pid());
        assert!(family.len() > 2, "the web and network processes are below it: {family:?}");
        window.close(&desktop).await?;
        assert_eq!(app.wait_exit(PATIENCE).await?, 0);
        eventually("the web processes to end", PATIENCE, async || {
            !family.iter().any(|pid| processes::is_alive(*pid))
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_german_desktop_speaks_german_also_to_web_pages() -> Story {
    let options = DesktopOptions { locale: "de_DE.UTF-8".to_owned(), ..DesktopOptions::without_a_desktop() };
    let story = "a German desktop";
    if options.skipped(story, &["WebKitWebDriver", "locale"]) || skipped_without(story, ("WebKit2", "4.1")) {
        return Ok(());
    }
    let desktop = Desktop::start(options).await?;
    let said = desktop.command("locale").arg("day").output().await?;
    if !String::from_utf8_lossy(&said.stdout).contains("Montag") {
        assert!(std::env::var_os("DYNTRAY_NO_SKIP").is_none(), "{story} needs the package locales");
        eprintln!("SKIPPED {story}: not installed: locales");
        return Ok(());
    }
    let _app = App::start_with(&desktop, Path::new("/usr/bin/python3"), &[&program("page.py"), PAGE], &[])?;
    let window = Window::attach(&desktop).await?;
    assert_eq!(window.eval("return navigator.language", Vec::new()).await?, "de-DE");
    assert_eq!(window.eval("return (1234.5).toLocaleString()", Vec::new()).await?, "1.234,5");
    assert_eq!(
        window.eval("return matchMedia('(prefers-color-scheme: dark)').matches", Vec::new()).await?,
        false
    );
    window.detach().await?;
    desktop.wait_for_window("the page, still open", |window| window.title == "A page").await?;
    Ok(())
}

#[tokio::test]
async fn processes_tell_memory_libraries_words_and_environment() -> Story {
    let mut sleeper = tokio::process::Command::new("sh")
        .args(["-c", "sleep 1000 & wait; true a-secret-word"])
        .env("TOKEN", "another-secret")
        .kill_on_drop(true)
        .spawn()?;
    let pid = sleeper.id().expect("running");
    let tree = eventually("the shell's child", PATIENCE, async || {
        let tree = processes::tree(pid);
        (tree.len() == 2 && processes::name(tree[1]).as_deref() == Some("sleep")).then_some(tree)
    })
    .await?;
    let (own, all) = (processes::pss_kib(pid), processes::tree_pss_kib(pid));
    assert!(own > Some(50) && all > own, "{own:?} {all:?}");
    assert_eq!(Secret::new("a-secret-word").find_in_processes(&tree).len(), 1);
    assert_eq!(Secret::new("another-secret").find_in_processes(&tree).len(), 2);

    let libraries = processes::linked_libraries(&std::env::current_exe()?)?;
    assert!(libraries.iter().any(|name| name == "libc.so.6"), "{libraries:?}");
    assert!(!libraries.iter().any(|name| name.contains("gtk")), "{libraries:?}");

    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    assert_eq!(processes::listening_on(listener.local_addr()?.port()), Some(std::process::id()));

    let waiting = processes::wait_exit(&mut sleeper, Duration::from_millis(50)).await;
    assert!(waiting.expect_err("it sleeps").to_string().contains("(sh) to end"));
    for pid in &tree {
        tokio::process::Command::new("kill").args(["-9", &pid.to_string()]).status().await?;
    }
    assert_eq!(processes::wait_exit(&mut sleeper, PATIENCE).await?, 128 + 9);
    assert_eq!(processes::tree_pss_kib(pid), None);
    Ok(())
}

#[tokio::test]
async fn a_secret_is_found_in_any_file_below_a_folder() -> Story {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("deep"))?;
    std::fs::write(folder.path().join("deep/state.db-wal"), b"\0\0\x01abcdefghijkl\xff")?;
    std::fs::write(folder.path().join("innocent"), b"abcdefghijk")?;
    std::os::unix::fs::symlink("/nowhere", folder.path().join("dangling"))?;
    let leaks = Secret::new("abcdefghijkl").find_below(folder.path())?;
    assert_eq!(leaks.len(), 1);
    assert!(leaks[0].place.ends_with("deep/state.db-wal"));
    assert_eq!((leaks[0].offset, leaks[0].shape), (3, "plain"));
    Ok(())
}
