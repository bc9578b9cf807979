//! The reducer: folds one event into the state, and returns the notices and history items that it raised. Each file
//! below holds the events of one subject.

mod address_kept;
mod clock;
mod dns;
pub mod event;
mod future;
mod halt;
mod home;
mod incomplete;
mod look_up;
mod network_change;
mod person;
pub mod recorded;
mod release;
mod server_wait;
mod settings_change;
mod start;
mod third_party;
mod unsent;
mod update;

use jiff::Timestamp;

pub use self::event::{Event, SecretPresence, SendEnd};
use self::incomplete::Concerned;
pub use self::recorded::{HistoryItem, Recorded, Repeated, UpdateResult};
use crate::assess::Assessment;
use crate::settings::Settings;
use crate::state::State;
use crate::state::notice::Notice;

/// Folds `event`, which happened at `now`, into `state`. `assessment` belongs to `state` and the settings before the
/// event; the returned one belongs to the new state.
pub fn record(
    state: State,
    assessment: Assessment,
    settings: &Settings,
    event: Event,
    now: Timestamp,
) -> Recorded {
    let is_ephemeral = event.is_ephemeral();
    let concerned = Concerned::by(&event);
    let mut done = Recorded { state, assessment, notices: Vec::new(), history: Vec::new(), is_ephemeral };
    match event {
        Event::Started => start::started(&mut done, settings, now),
        Event::Tick => clock::tick(&mut done, settings, now),
        Event::SettingsChanged { new_secrets } => {
            settings_change::changed(&mut done.state, settings, &new_secrets, now);
            done.assessment.renew(settings, &done.state);
        }
        Event::NetworkSeen(seen) => network_change::network_seen(&mut done.state, settings, seen, now),
        Event::ChangeReported => {
            let (change, way_out) = (network_change::Change::Other, network_change::WayOut::Same);
            network_change::debounce(&mut done.state, change, way_out, now);
        }
        Event::ThisIsHome => home::this_is_home(&mut done.state, done.assessment.home),
        Event::HomesForgotten => done.state.homes.clear(),
        Event::DnsCheckStarted(id) => done.state.entries.entry(id).or_default().live.asked = Some(now),
        Event::DnsCheckEnded(id, answer) => dns::ended(&mut done, settings, id, &answer, now),
        Event::PrefixTold(source, prefix) => look_up::prefix_told(&mut done.state, source, prefix),
        Event::IdentityTold(id) => network_change::identity_told(&mut done.state, id),
        Event::LookUpStarted(source) => look_up::started(&mut done.state, settings, source, now),
        Event::LookUpEnded(source, seen) => look_up::ended(&mut done.state, settings, source, seen, now),
        Event::SendStarted(request) => update::started(&mut done, settings, &request, now),
        Event::SendEnded(id, end) => update::ended(&mut done, settings, id, end, now),
        Event::RetryAfter(wish) => server_wait::asked(&mut done.state, wish, now),
        Event::UpdateNow => person::update_now(&mut done.state, now),
        Event::UpdateWhenDue => person::update_when_due(&mut done.state, now),
        Event::TryAgain(id) => person::try_again(&mut done.state, id, now),
        Event::Paused(pause) => person::paused(&mut done.state, pause, now),
        Event::Resumed => done.state.pause = None,
        Event::KeyringBack => person::keyring_back(&mut done.state, now),
        Event::SecretLookStarted(id) => halt::secret_look_started(&mut done.state, id),
        Event::SecretLookEnded(id, presence) => {
            halt::secret_look_ended(&mut done, settings, id, presence, now);
        }
        Event::SecretGone(id) => halt::secret_gone(&mut done, settings, id, now),
        Event::ReleaseLookStarted => done.state.releases.asked = Some(now),
        Event::ReleaseLookEnded(announced) => release::ended(&mut done, announced, now),
        Event::WindowClosed => person::window_closed(&mut done, settings),
        Event::TrayKnown => done.state.tray_known = true,
    }
    done.assessment.follow(settings, &done.state);
    incomplete::follow(&mut done, settings, &concerned, now);
    home::learn(&mut done, settings);
    home::tell_elsewhere(&mut done, settings);
    third_party::tell(&mut done, settings, now);
    address_kept::ask(&mut done);
    done.is_ephemeral &= done.notices.iter().all(Notice::may_be_told_again);
    done
}
