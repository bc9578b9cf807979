//! The same work done by ddclient and inadyn, against the same server: memory of the daemon, wake-ups, and one run that
//! finds nothing to do. Plain HTTP on this machine for all, and one family, which is what all three can do in one run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use dyntray_control::AgentRequest;
use dyntray_core::present::Mood;
use dyntray_stories::app::{self, App, binary};
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home};
use dyntray_stories::needs::{NOT_INSTALLED, program};
use dyntray_stories::{PATIENCE, Story, private_file};
use rustix::process::Signal;
use tokio::process::Command;

use super::figures::{Figures, Goal, Unit};
use super::process::{mega, memory};
use super::quiet;

/// The number of runs of each, in turn.
const RUNS: usize = 9;
/// The number of checks of each daemon.
const CHECKS: usize = 7;
/// Dyntray makes no look-up within this time of the last one; each run is to make one.
const JUST_LOOKED: Duration = Duration::from_millis(6100);
/// The file of trusted authorities on Debian, and on Fedora.
const SYSTEMS_AUTHORITIES: [&str; 2] =
    ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];
/// A daemon has settled after this time.
const SETTLED: Duration = Duration::from_secs(8);

/// Another client, ready to be run.
struct Other {
    name: &'static str,
    once: Vec<String>,
    always: Vec<String>,
    /// The same with a web resolver on HTTPS; only of clients that can be told to look.
    securely: Option<Vec<String>>,
}

/// Measures sizes, single runs and daemons.
pub async fn measure(figures: &mut Figures) -> Story {
    let size = |path: &Path| fs::metadata(path).map(|file| mega(file.len()));
    figures.add("size of the program", size(&binary("dyntray")?)?, Unit::Megabytes, Goal::AtMost(8.0));
    let options = DesktopOptions::without_a_desktop();
    let home = Home::for_story(options, "bench-others", &[]).await?.ok_or(NOT_INSTALLED)?;
    let (_portal, token) = home.portal().await?;
    home.write_settings_enabled()?;
    let secrets = home.write_secrets(&format!("1 {token}\n"))?;
    let trusted = authorities(&home)?;
    let others = others(&home, &token, &trusted)?;
    for other in &others {
        if let Some(path) = program(other.name) {
            println!("{}: {}", other.name, path.display());
        }
    }
    single_runs(&home, &secrets, &others, figures).await?;
    checks(&home, &secrets, &trusted, &others, figures).await?;
    daemons(&home, &secrets, &others, figures).await
}

/// One check of a running daemon, from the command to its last log line: without encryption, and with it, where all of
/// the system's authorities are trusted, as at home. ddclient can't be told to look.
async fn checks(
    home: &Home,
    secrets: &str,
    trusted: &Path,
    others: &[Other],
    figures: &mut Figures,
) -> Story {
    let settings = home.settings_file();
    let before = fs::read_to_string(&settings)?;
    let plain = home.sandbox()?.base_url();
    let secure = home.sandbox()?.https_url().ok_or("the sandbox has no HTTPS")?;
    for (name, base) in
        [("one check of the running program, from the word", &plain), ("  the same by HTTPS", &secure)]
    {
        let often = before.replace(&format!("\"{plain}/checkip"), &format!("\"{base}/checkip"));
        fs::write(&settings, often.replace("\"1 s\"", "\"10 min\"") + "protocol = \"ipv4\"\n")?;
        figures.add(name, our_check(home, secrets, trusted).await?, Unit::Milliseconds, Goal::None);
        for other in others {
            let Some(securely) = &other.securely else { continue };
            let line = if base == &secure { securely } else { &other.always };
            figures.beside(other.name, their_check(home, line).await?);
        }
    }
    fs::write(&settings, before)?;
    Ok(())
}

async fn our_check(home: &Home, secrets: &str, trusted: &Path) -> Story<f64> {
    let ours = ["run", "--secrets-file", secrets];
    let trusted = trusted.display().to_string();
    let trusting = [("SSL_CERT_FILE", trusted.as_str())];
    let mut service = home.start_app_with(&ours, &trusting)?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(SETTLED).await;
    let mut client = app::connect(&home.desktop).await?;
    let mut took = Vec::new();
    for _ in 0..CHECKS {
        tokio::time::sleep(JUST_LOOKED).await;
        let said = Said::after(service.log_file())?;
        let began = Instant::now();
        client.ask(AgentRequest::UpdateNow).await?;
        took.push(said.wait_for("looked up", began)?);
    }
    service.terminate(PATIENCE).await?;
    Ok(median(took))
}

/// One check of inadyn, which a signal makes look.
async fn their_check(home: &Home, line: &[String]) -> Story<f64> {
    let arguments: Vec<&str> = line[1..].iter().map(String::as_str).chain(["--loglevel=info"]).collect();
    let mut daemon = App::start(&home.desktop, Path::new(&line[0]), &arguments, &[])?;
    tokio::time::sleep(SETTLED).await;
    let mut took = Vec::new();
    for _ in 0..CHECKS {
        let said = Said::after(daemon.log_file())?;
        let began = Instant::now();
        daemon.signal(Signal::USR2);
        took.push(said.wait_for("No IP# change detected", began)?);
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    daemon.terminate(PATIENCE).await?;
    Ok(median(took))
}

/// All authorities that this system trusts, and the sandbox's own.
fn authorities(home: &Home) -> Story<PathBuf> {
    let systems = SYSTEMS_AUTHORITIES.into_iter().find(|file| Path::new(file).exists());
    let mut all = fs::read(systems.ok_or_else(|| format!("there is none of {SYSTEMS_AUTHORITIES:?}"))?)?;
    all.extend(fs::read(home.sandbox()?.ca_file().ok_or("the sandbox has no HTTPS")?)?);
    let file = home.desktop.home().join("authorities.pem");
    fs::write(&file, all)?;
    Ok(file)
}

/// The log of a daemon from now on.
struct Said<'a> {
    log: &'a Path,
    before: usize,
}

impl<'a> Said<'a> {
    fn after(log: &'a Path) -> Story<Self> {
        Ok(Said { log, before: fs::read(log)?.len() })
    }

    /// The time from `began` until these words came, in milliseconds.
    fn wait_for(&self, words: &str, began: Instant) -> Story<f64> {
        while began.elapsed() < PATIENCE {
            let log = fs::read(self.log)?;
            if String::from_utf8_lossy(log.get(self.before..).unwrap_or_default()).contains(words) {
                return Ok(began.elapsed().as_secs_f64() * 1000.0);
            }
            // The runtime's own clock has steps of a millisecond. The server runs on a thread of its own.
            thread::sleep(Duration::from_micros(50));
        }
        Err(format!("{words:?} never came: {}", String::from_utf8_lossy(&fs::read(self.log)?)).into())
    }
}

/// The time of one run of each that finds nothing to do: its first run has updated.
async fn single_runs(home: &Home, secrets: &str, others: &[Other], figures: &mut Figures) -> Story {
    let ours: Vec<String> = [binary("dyntray")?.display().to_string(), "update".into(), "--once".into()]
        .into_iter()
        .chain(["--secrets-file".to_owned(), secrets.to_owned()])
        .collect();
    let all: Vec<&Vec<String>> =
        std::iter::once(&ours).chain(others.iter().map(|other| &other.once)).collect();
    let settings = home.settings_file();
    let both = fs::read_to_string(&settings)?;
    fs::write(&settings, format!("{both}protocol = \"ipv4\"\n"))?;
    let mut took: Vec<(Vec<f64>, Vec<f64>)> = vec![Default::default(); all.len()];
    for round in 0..=RUNS {
        tokio::time::sleep(JUST_LOOKED).await;
        for (line, took) in all.iter().zip(&mut took) {
            let (wall, busy) = timed(home, line).await?;
            if round > 0 {
                took.0.push(wall);
                took.1.push(busy);
            }
        }
    }
    fs::write(&settings, both)?;
    let middle: Vec<(f64, f64)> = took.into_iter().map(|(wall, busy)| (median(wall), median(busy))).collect();
    figures.add("one run that finds nothing to do", middle[0].0, Unit::Milliseconds, Goal::None);
    for (other, (wall, _)) in others.iter().zip(&middle[1..]) {
        figures.beside(other.name, *wall);
    }
    figures.add("  processor time of that", middle[0].1, Unit::Milliseconds, Goal::None);
    for (other, (_, busy)) in others.iter().zip(&middle[1..]) {
        figures.beside(other.name, *busy);
    }
    Ok(())
}

/// Memory and wake-ups of each as a daemon between two look-ups, and the cost of a look-up of ours.
async fn daemons(home: &Home, secrets: &str, others: &[Other], figures: &mut Figures) -> Story {
    let settings = home.settings_file();
    let often = fs::read_to_string(&settings)?;
    let ours = ["run", "--secrets-file", secrets];
    let mut service = home.start_app_with(&ours, &[])?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(SETTLED).await;
    let checks = 30;
    let before = busy(service.pid())?;
    tokio::time::sleep(Duration::from_secs(checks)).await;
    // Both families are looked up each second, or a little later.
    let each = (busy(service.pid())? - before) / f64::from(u32::try_from(checks)?);
    service.terminate(PATIENCE).await?;

    fs::write(&settings, often.replace("\"1 s\"", "\"10 min\""))?;
    let mut service = home.start_app_with(&ours, &[])?;
    home.wait_for_mood(Mood::Fine).await?;
    tokio::time::sleep(SETTLED).await;
    let mut kept = vec![(memory(service.pid())?, quiet::while_quiet(service.pid()).await?)];
    service.terminate(PATIENCE).await?;
    let mut names = Vec::new();
    for other in others {
        let program = PathBuf::from(&other.always[0]);
        let arguments: Vec<&str> = other.always[1..].iter().map(String::as_str).collect();
        let daemon = App::start(&home.desktop, &program, &arguments, &[])?;
        tokio::time::sleep(SETTLED).await;
        match memory(daemon.pid()) {
            Ok(memory) => {
                kept.push((memory, quiet::while_quiet(daemon.pid()).await?));
                names.push(other.name);
            }
            Err(_) => println!("{} doesn't stay: {}", other.name, daemon.log()),
        }
    }
    fs::write(&settings, often)?;
    figures.add("idle without a desktop", kept[0].0, Unit::Megabytes, Goal::AtMost(7.0));
    for (name, (memory, _)) in names.iter().zip(&kept[1..]) {
        figures.beside(name, *memory);
    }
    figures.add("wake-ups without a desktop", kept[0].1, Unit::PerMinute, Goal::AtMost(2.0));
    for (name, (_, wakes)) in names.iter().zip(&kept[1..]) {
        figures.beside(name, *wakes);
    }
    figures.add(
        "processor time of one check that finds nothing new",
        each,
        Unit::Milliseconds,
        Goal::AtMost(5.0),
    );
    Ok(())
}

/// The installed ones, set up for the sandbox.
fn others(home: &Home, token: &str, trusted: &Path) -> Story<Vec<Other>> {
    let server = home.sandbox()?.authority();
    let folder = home.desktop.home();
    let mut others = Vec::new();
    if let Some(path) = program("inadyn") {
        let (config, secure_config) = (folder.join("inadyn.conf"), folder.join("inadyn-secure.conf"));
        let cache = folder.join("inadyn");
        let text = |is_secure: bool, resolver: &str| {
            format!(
                "period = 600\nallow-ipv6 = true\nca-trust-file = \"{}\"\ncustom spdyn {{\nssl = false\n\
                 checkip-ssl = {is_secure}\nusername = \"{HOST}\"\npassword = \"{token}\"\nhostname = \"{HOST}\"\n\
                 checkip-server = \"{resolver}\"\ncheckip-path = \"/checkip4\"\nddns-server = \"{server}\"\n\
                 ddns-path = \"/nic/update?hostname=%h&myip=%i\"\n}}\n",
                trusted.display()
            )
        };
        private_file::write(&config, text(false, &server))?;
        let secure = home.sandbox()?.https_url().ok_or("the sandbox has no HTTPS")?;
        private_file::write(&secure_config, text(true, secure.trim_start_matches("https://")))?;
        fs::create_dir_all(&cache)?;
        fs::write(cache.join(format!("{HOST}.cache")), "")?;
        let line = |config: &Path, how: &[&str]| {
            let mut all = vec![path.display().to_string()];
            all.extend(how.iter().map(|&word| word.to_owned()));
            all.extend([
                "--foreground".into(),
                "--no-pidfile".into(),
                format!("--config={}", config.display()),
            ]);
            all.push(format!("--cache-dir={}", cache.display()));
            all
        };
        others.push(Other {
            name: "inadyn",
            once: line(&config, &["--once"]),
            always: line(&config, &[]),
            securely: Some(line(&secure_config, &[])),
        });
    }
    if let Some(path) = program("ddclient") {
        let (config, cache) = (folder.join("ddclient.conf"), folder.join("ddclient.cache"));
        let text = format!(
            "syslog=no\nssl=no\nuse=web, web=http://{server}/checkip4\nprotocol=dyndns2\nserver={server}\n\
             login={HOST}\npassword={token}\n{HOST}\n"
        );
        private_file::write(&config, &text)?;
        let line = |period: &str| {
            let words = ["-foreground", "-daemon", period, "-file"].map(str::to_owned);
            let mut all = vec![path.display().to_string()];
            all.extend(words);
            all.extend([config.display().to_string(), "-cache".into(), cache.display().to_string()]);
            all
        };
        others.push(Other { name: "ddclient", once: line("0"), always: line("600"), securely: None });
    }
    Ok(others)
}

/// Runs a command line to its end; gives the wall time and the processor time in milliseconds, measured by bash.
async fn timed(home: &Home, line: &[String]) -> Story<(f64, f64)> {
    let script = "TIMEFORMAT='%3U %3S'; time \"$@\" >/dev/null 2>&1";
    let mut command: Command = home.desktop.command("/bin/bash");
    command.args(["-c", script, "bash"]).args(line).stdin(Stdio::null());
    let began = Instant::now();
    let output = command.output().await?;
    let wall = began.elapsed().as_secs_f64() * 1000.0;
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let busy: Vec<f64> = told.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    if busy.len() != 2 {
        return Err(format!("{}: {told}", line[0]).into());
    }
    Ok((wall, (busy[0] + busy[1]) * 1000.0))
}

/// The processor time of all threads so far, in milliseconds.
fn busy(pid: u32) -> Story<f64> {
    let mut all = 0.0;
    for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
        let text = fs::read_to_string(thread?.path().join("schedstat"))?;
        let nanoseconds: f64 = text.split(' ').next().unwrap_or_default().parse()?;
        all += nanoseconds / 1e6;
    }
    Ok(all)
}

fn median(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
