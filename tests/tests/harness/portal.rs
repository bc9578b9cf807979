//! The sandbox's portal in a real browser: somebody who uses it, and a hostile page that somebody else looks at.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use dyntray_sandbox::{Options, Sandbox, start};
use dyntray_stories::Story;
use dyntray_stories::needs::{program, skipped};
use dyntray_stories::portal::Portal;
use tokio::process::Command;

const HOST: &str = "home.spdns.de";
/// The time for all pages in all languages, on a busy machine.
const LIMIT: Duration = Duration::from_mins(10);

/// The project's folder.
fn project() -> Story<&'static Path> {
    Ok(Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or("no project")?)
}

/// The browser; none, with a message, where it or what drives it is missing.
fn browser(story: &str) -> Story<Option<PathBuf>> {
    let chromium = program("chromium").or_else(|| program("chromium-browser"));
    let mut missing = Vec::new();
    if program("node").is_none() {
        missing.push("node");
    }
    if chromium.is_none() {
        missing.push("chromium");
    }
    let modules = project()?.join("ui/node_modules");
    if !["playwright-core", "axe-core"].iter().all(|name| modules.join(name).is_dir()) {
        missing.push("ui/node_modules (npm ci in ui)");
    }
    Ok(if skipped(story, &missing) { None } else { chromium })
}

/// Runs a script of `tests/portal`, and returns what it printed. It has nothing of this process's environment.
async fn run(script: &str, arguments: &[&str], chromium: &Path) -> Story<String> {
    let home = tempfile::tempdir()?;
    let mut command = Command::new(program("node").ok_or("no node")?);
    command
        .arg(project()?.join("tests/portal").join(script))
        .args(arguments)
        .arg(chromium)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", home.path())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output =
        tokio::time::timeout(LIMIT, command.output()).await.map_err(|_| format!("{script} never ends"))??;
    let told = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    if output.status.success() { Ok(told) } else { Err(told.into()) }
}

/// A sandbox and its folder.
async fn sandbox() -> Story<(Sandbox, tempfile::TempDir)> {
    let folder = tempfile::tempdir()?;
    Ok((start(Options::new(folder.path())).await?, folder))
}

#[tokio::test]
async fn the_portal_is_walked_in_a_real_browser_and_axe_finds_nothing() -> Story {
    let Some(chromium) = browser("portal in a browser")? else { return Ok(()) };
    let (sandbox, _folder) = sandbox().await?;
    let pictures = project()?.join("target/stories/portal").display().to_string();
    let told = run("walk.mjs", &[&sandbox.base_url(), &pictures], &chromium).await?;
    for name in ["en-light", "en-dark", "de-light", "de-dark", "en-light-noscript"] {
        assert!(told.lines().any(|line| line == format!("walked {name}")), "{told}");
    }
    Ok(())
}

#[tokio::test]
async fn a_hostile_page_reaches_nothing_by_dns_rebinding_nor_across_sites() -> Story {
    let Some(chromium) = browser("hostile page in a browser")? else { return Ok(()) };
    let (sandbox, _folder) = sandbox().await?;
    let (_portal, token) = Portal::with_host(sandbox.base_url(), HOST).await?;
    let before = sandbox.state().await?;
    let query = format!("hostname={HOST}&myip=203.0.113.7&user={HOST}&pass={token}");
    let told = run("hostile.mjs", &[&sandbox.base_url(), &query], &chromium).await?;

    let count = |line: &str| told.lines().filter(|told| *told == line).count();
    for attempt in [
        "GET /control/state",
        "POST /control/reconnect",
        "GET /line",
        "POST /line/reconnect",
        "GET /login",
        "GET /hosts",
        "GET /nic/update",
    ] {
        let refused = ["421", "403"].map(|status| count(&format!("rebound {attempt} {status}")));
        assert_eq!(refused.iter().sum::<usize>(), 1, "{attempt}: {told}");
    }
    for site in ["evil.example", "127.0.0.66"] {
        for path in
            ["/nic/update", "/control/state", "/control/reconnect", "/line/reconnect", "/login", "/line"]
        {
            assert_eq!(count(&format!("{site} {path} 403")), 1, "{site} {path}: {told}");
        }
    }
    assert_eq!(sandbox.state().await?, before, "nothing was changed, counted or logged");
    Ok(())
}
