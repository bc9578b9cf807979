//! Every fault that the sandbox can inject, at the first update, at a change and after sleep: the requests, the state
//! shown, the notifications, and the recovery. The tables go to `target/stories`.

use std::fmt::Write as _;
use std::time::Duration;

use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::{Mood, Status};
use dyntray_core::types::entry_id::EntryId;
use dyntray_sandbox::{Fault, PlainFault, Target};
use dyntray_stories::app::output_folder;
use dyntray_stories::clock::WallClock;
use dyntray_stories::desktop::{DesktopOptions, Notifications, TrayHost};
use dyntray_stories::home::Home;
use dyntray_stories::notices::Notice;
use dyntray_stories::processes;
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

/// The state of an entry after a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Consequence {
    /// The answer was good in spite of the fault.
    Fine,
    /// Stopped until the person acts.
    Halted,
    /// Retried later, by itself.
    Retried,
    /// No address is known; the published one stays.
    NoAddress,
}

fn consequence(status: &Status) -> Option<Consequence> {
    match status {
        Status::Fine => Some(Consequence::Fine),
        Status::Halted { .. } => Some(Consequence::Halted),
        Status::Failed { .. } => Some(Consequence::Retried),
        Status::NoAddress { .. } => Some(Consequence::NoAddress),
        _ => None,
    }
}

fn code(code: &str) -> Fault {
    Fault::Code { code: code.to_owned() }
}

fn page(body: &str, status: u16) -> Fault {
    Fault::Body { body: body.to_owned(), content_type: "text/html".to_owned(), status }
}

/// Each fault by name, with its consequence.
fn faults() -> Vec<(&'static str, Target, Fault, Consequence)> {
    use Consequence::{Fine, Halted, NoAddress, Retried};
    use Target::{Checkip, Update};
    let plain = Fault::Plain;
    vec![
        ("badauth", Update, code("badauth"), Halted),
        ("!yours", Update, code("!yours"), Halted),
        ("notfqdn", Update, code("notfqdn"), Halted),
        ("nohost", Update, code("nohost"), Halted),
        ("fatal", Update, code("fatal"), Halted),
        ("abuse", Update, code("abuse"), Halted),
        ("good 127.0.0.1", Update, code("good 127.0.0.1"), Halted),
        ("911", Update, code("911"), Retried),
        ("dnserr", Update, code("dnserr"), Retried),
        ("unknown word", Update, code("perhaps"), Retried),
        ("empty answer", Update, page("", 200), Retried),
        ("status 500", Update, plain(PlainFault::Error), Retried),
        ("web page that says good", Update, plain(PlainFault::Html), Retried),
        ("64 MiB that begin with good", Update, plain(PlainFault::Huge), Retried),
        ("cut off", Update, plain(PlainFault::Truncated), Retried),
        ("reset", Update, plain(PlainFault::Reset), Retried),
        ("redirect", Update, plain(PlainFault::Redirect), Retried),
        ("silence", Update, Fault::Hang { hang_seconds: 1 }, Retried),
        ("late", Update, Fault::Delay { delay_ms: 700 }, Fine),
        ("good for another address, as a picture", Update, plain(PlainFault::WrongType), Halted),
        ("clock of ten years ago", Update, plain(PlainFault::Clock), Fine),
        ("look-up: web page", Checkip, plain(PlainFault::Html), NoAddress),
        ("look-up: reset", Checkip, plain(PlainFault::Reset), NoAddress),
        ("look-up: redirect", Checkip, plain(PlainFault::Redirect), NoAddress),
        ("look-up: 64 MiB", Checkip, plain(PlainFault::Huge), NoAddress),
        ("look-up: private address", Checkip, page("192.168.1.5", 200), NoAddress),
    ]
}

/// The moment of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Moment {
    /// At the very first update, of a program that remembers nothing.
    FirstUpdate,
    /// At a usual update.
    Change,
    /// At the update after the machine has slept for an hour and has another address meanwhile.
    AfterWake,
}

#[tokio::test]
async fn every_fault_at_a_change_is_named_publishes_nothing_wrong_and_comes_right_again() -> Story {
    every_fault(Moment::Change, "faults").await
}

#[tokio::test]
async fn every_fault_at_the_first_update_is_named_publishes_nothing_wrong_and_comes_right_again() -> Story {
    every_fault(Moment::FirstUpdate, "faults-first").await
}

#[tokio::test]
async fn every_fault_after_sleep_is_named_publishes_nothing_wrong_and_comes_right_again() -> Story {
    every_fault(Moment::AfterWake, "faults-woken").await
}

async fn every_fault(moment: Moment, story: &str) -> Story {
    let options = DesktopOptions {
        notifications: Notifications::Recorder,
        tray: TrayHost::Absent,
        ..DesktopOptions::default()
    };
    let Some(home) = Home::for_story(options, story, &[]).await? else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    if moment == Moment::AfterWake {
        let Some(clock) = WallClock::start(home.desktop.folder())? else {
            println!("SKIPPED every fault after sleep: faketime isn't installed");
            return Ok(());
        };
        wait_for_success(&home).await?;
        app.terminate(PATIENCE).await?;
        app = home.start_app_with_clock(clock)?;
        home.wait_for_mood(Mood::Fine).await?;
    }
    let mut table = "| fault | requests | shown | told | CPU |\n|---|---|---|---|---|\n".to_owned();
    // A person who did something is told the result.
    let mut is_told = moment != Moment::AfterWake;
    for (name, target, fault, expected) in faults() {
        if is_told {
            wait_for_success(&home).await?;
        }
        if moment == Moment::FirstUpdate {
            app.terminate(PATIENCE).await?;
            forget_everything(&home)?;
        }
        home.desktop.notices().forget();
        let before = home.sandbox_state().await?;
        let times = if target == Target::Checkip { 10_000 } else { 1 };
        home.sandbox()?.fault(target, fault, times);
        match moment {
            Moment::FirstUpdate => app = home.start_app()?,
            Moment::Change => {}
            Moment::AfterWake => app.sleep_an_hour()?,
        }
        let busy = processes::cpu_time(app.pid()).unwrap_or_default();
        home.sandbox()?.reconnect().await?;
        let shown = eventually(&format!("what comes of {name:?}"), PATIENCE, async || {
            let seen = home.status().await?;
            let sent = home.updates().await?;
            let happened = target == Target::Checkip || sent > before.log.len();
            match consequence(&seen.entries[0].status) {
                Some(state) if state == expected && happened => Ok(format!("{:?}", seen.mood)),
                _ => Err(Error::NotThere(format!("{name}: {:?}", seen.entries[0].status))),
            }
        })
        .await?;
        if expected == Consequence::Fine {
            // The addresses of the two families may go out one after the other.
            home.wait_until_followed().await?;
        }
        // From now on nothing is sent: no loop, no second request.
        let quiet_from = home.updates().await?;
        tokio::time::sleep(Duration::from_millis(1_200)).await;
        let after = home.sandbox_state().await?;
        assert!(after.log.len() <= quiet_from, "{name}: {} requests more", after.log.len() - quiet_from);
        let is_right = |at: &dyntray_sandbox::State| at.hosts[0].published;
        let published = is_right(&after);
        assert!(published == is_right(&before) || published == after.wan.public, "{name}: {published:?}");
        let told: Vec<String> =
            home.desktop.notices().all().into_iter().map(|notice| notice.summary).collect();
        assert!(told.len() <= 1, "{name} is told more than once: {told:?}");
        assert_eq!(
            told.iter().any(|told| told == "Updates have stopped"),
            expected == Consequence::Halted,
            "{name}: {told:?}"
        );
        let cpu = processes::cpu_time(app.pid()).unwrap_or_default().saturating_sub(busy);
        let requests = after.log.len() - before.log.len();
        writeln!(table, "| {name} | {requests} | {shown} | {} | {} ms |", told.join(", "), cpu.as_millis())?;

        home.sandbox()?.clear().await?;
        is_told = expected != Consequence::Fine;
        if is_told {
            renew(&home).await?;
        }
        home.wait_for_mood(Mood::Fine).await?;
        home.wait_until_followed().await?;
    }
    println!("{moment:?}\n{table}");
    std::fs::write(output_folder()?.join(format!("{story}.md")), table)?;
    Ok(())
}

async fn wait_for_success(home: &Home) -> Story {
    let success = |notice: &Notice| notice.summary == "Address updated";
    home.desktop.notices().wait_for("the success", PATIENCE, success).await?;
    Ok(())
}

/// Removes state, history and the second copy of refusals, as on a new machine; settings and keyring stay.
fn forget_everything(home: &Home) -> Story {
    match std::fs::remove_file(home.settings_file().with_file_name("refusals.json")) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let folder = home.desktop.home().join(".local/share/dyntray");
    for file in std::fs::read_dir(folder)? {
        let path = file?.path();
        if path.to_string_lossy().contains("history.db") {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Saves a new token, which ends a halt as well as a wait.
async fn renew(home: &Home) -> Story {
    let token = home.sandbox()?.make_token(dyntray_stories::home::HOST).await?;
    match home.ask(AgentRequest::SetSecret { entry: EntryId(1), secret: token.into() }).await? {
        Response::Saved { .. } => Ok(()),
        other => Err(format!("not saved: {other:?}").into()),
    }
}
