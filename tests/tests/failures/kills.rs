//! The program is killed again and again at any moment: it always starts, sends nothing twice, forgets no halt and
//! loses no saved setting. `DYNTRAY_KILLS=500` kills it more often.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use dyntray_control::{AgentRequest, Response};
use dyntray_core::present::{Mood, Status};
use dyntray_core::settings::LanguageChoice;
use dyntray_core::state::health_issue::HealthIssue;
use dyntray_core::types::backoff::chance;
use dyntray_core::types::entry_id::EntryId;
use dyntray_sandbox::{Fault, LoggedUpdate, Target};
use dyntray_stories::app::App;
use dyntray_stories::desktop::DesktopOptions;
use dyntray_stories::home::{HOST, Home};
use dyntray_stories::wait::eventually;
use dyntray_stories::{Error, PATIENCE, Story};

/// The number of kills, unless the environment sets another.
const KILLS: u32 = 25;

fn kills() -> u32 {
    std::env::var("DYNTRAY_KILLS").ok().and_then(|number| number.parse().ok()).unwrap_or(KILLS)
}

/// Moments that differ from kill to kill and are the same in every run.
struct Moments {
    seed: u64,
    drawn: u64,
}

impl Moments {
    fn next(&mut self, below: u64) -> u64 {
        self.drawn += 1;
        chance(self.seed, self.drawn) % below
    }
}

/// The setting that one round has saved for sure.
enum Saved {
    Language(LanguageChoice),
    Token,
    /// The program was killed before it answered.
    Unknown,
}

/// Saves a language or a new token, and is interrupted after `at_most`.
async fn save(home: &Home, number: u32, at_most: Duration) -> Story<Saved> {
    let (request, done) = if number.is_multiple_of(2) {
        let language = if number.is_multiple_of(4) { LanguageChoice::De } else { LanguageChoice::En };
        (AgentRequest::SetLanguage { language }, Saved::Language(language))
    } else {
        let token = home.sandbox()?.make_token(HOST).await?;
        (AgentRequest::SetSecret { entry: EntryId(1), secret: token.into() }, Saved::Token)
    };
    Ok(match tokio::time::timeout(at_most, home.ask(request)).await {
        Ok(Ok(Response::Done | Response::Saved { .. })) => done,
        _ => Saved::Unknown,
    })
}

/// Between two kills each address is sent once. After a kill only an address is sent again whose end is unknown.
fn check_sent(log: &[LoggedUpdate], kills: &[Kill]) {
    let mut accepted: Option<&str> = None;
    for (number, kill) in kills.iter().enumerate() {
        let from = number.checked_sub(1).map_or(0, |before| kills[before].sent);
        let until = kill.sent.min(log.len());
        // A token that was replaced while its request was under way is refused; the new one carries the address again.
        let carried_out = log[from..until].iter().filter(|update| update.code != "badauth");
        let sent: Vec<&str> = carried_out.filter_map(|update| update.myip.as_deref()).collect();
        let different: BTreeSet<&&str> = sent.iter().collect();
        assert_eq!(different.len(), sent.len(), "repeated between two kills: {sent:?}");
        if let (Some(accepted), Some(first)) = (accepted, sent.first()) {
            assert_ne!(accepted, *first, "an accepted address was sent again after kill {number}");
        }
        accepted = sent.last().copied().filter(|_| kill.all_was_fine);
    }
}

/// One kill.
struct Kill {
    /// The number of requests at the server by then.
    sent: usize,
    /// The program had said just before that the service has the right addresses.
    all_was_fine: bool,
}

#[tokio::test]
async fn killed_at_any_moment_it_starts_again_repeats_nothing_and_loses_no_saved_setting() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "kills", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, _portal, _token) = home.set_up().await?;
    let (mut moments, began) = (Moments { seed: 7, drawn: 0 }, Instant::now());
    let (mut language, mut killed) = (LanguageChoice::System, Vec::new());
    // Requests take long enough to be cut off.
    home.sandbox()?.fault(Target::Update, Fault::Delay { delay_ms: 400 }, u32::MAX);
    for number in 0..kills() {
        home.sandbox()?.reconnect().await?;
        let told = save(&home, number, Duration::from_millis(moments.next(250))).await?;
        tokio::time::sleep(Duration::from_millis(moments.next(1_500))).await;
        let all_was_fine = home.status().await.is_ok_and(|seen| seen.entries[0].status == Status::Fine);
        app.kill().await?;
        killed.push(Kill { sent: home.updates().await?, all_was_fine });
        app = home.start_app()?;
        let seen = eventually("the program again", PATIENCE, async || home.status().await).await?;
        assert!(
            seen.health_issues.iter().all(|health_issue| *health_issue == HealthIssue::NoTray),
            "{:?}",
            seen.health_issues
        );
        assert_eq!(seen.entries.len(), 1, "the entry is lost");
        match told {
            Saved::Language(saved) => assert_eq!(seen.language, saved, "a saved setting is lost"),
            Saved::Token => assert_eq!(seen.language, language),
            Saved::Unknown => {}
        }
        language = seen.language;
    }
    let log = home.sandbox_state().await?.log;
    check_sent(&log, &killed);
    let fine = killed.iter().filter(|kill| kill.all_was_fine).count();
    println!(
        "killed {} times in {:.0?}, {fine} times when all was fine; {} updates",
        kills(),
        began.elapsed(),
        log.len()
    );
    // After all that it still does its job.
    home.sandbox()?.clear().await?;
    save(&home, 1, PATIENCE).await?;
    home.wait_for_mood(Mood::Fine).await?;
    home.wait_until_followed().await?;
    Ok(())
}

#[tokio::test]
async fn a_halt_survives_every_kill() -> Story {
    let story = Home::for_story(DesktopOptions::without_tray_and_notices(), "kills-halted", &[]).await?;
    let Some(home) = story else { return Ok(()) };
    let (mut app, mut portal, _token) = home.set_up().await?;
    portal.make_token(HOST).await?;
    home.sandbox()?.reconnect().await?;
    home.wait_for_mood(Mood::NeedsYou).await?;
    let sent = home.updates().await?;
    let mut moments = Moments { seed: 11, drawn: 0 };
    for _ in 0..kills().div_ceil(5) {
        home.sandbox()?.reconnect().await?;
        tokio::time::sleep(Duration::from_millis(moments.next(400))).await;
        app.kill().await?;
        app = home.start_app()?;
        let seen = eventually("the program again", PATIENCE, async || home.status().await).await?;
        let is_halted = matches!(seen.entries[0].status, Status::Halted { .. });
        if !is_halted {
            return Err(Error::NotThere(format!("the halt: {:?}", seen.entries[0].status)).into());
        }
    }
    assert_eq!(home.updates().await?, sent, "nothing is sent after a halt");
    drop::<App>(app);
    Ok(())
}
