//! Watches this machine's network: reads the operating system's tables whenever they change. Also notices when the machine
//! wakes from sleep.

mod events;
mod identity;
mod interfaces;
mod kind;
mod neighbour;
mod platform;
mod reading;
#[cfg(target_os = "linux")]
mod rtnetlink;
mod table;
mod wake;

pub(crate) use identity::by_device_name;
pub(crate) use interfaces::interfaces;
pub use platform::Platform;
pub use reading::read;
pub use table::network_of;
pub use wake::{Clocks, WakeWatch, slept};

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use dyntray_core::types::address::PerFamily;
use dyntray_core::types::network::Network;
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio::time::sleep;

use crate::faults::fail_on_purpose;
use events::Events;
use reading::read_table;
use table::TableReading;

/// The wait from the first event to the reading: a change is a burst of events, and needs only one reading.
const DEBOUNCE: Duration = Duration::from_millis(100);
/// The waits before the tables are read again while something is missing.
const RETRIES: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// The wait after those, while something is still missing.
const LAST_RETRY: Duration = Duration::from_mins(1);
/// The longest time between two readings: events may get lost, and Windows and macOS don't report everything.
const MAX_INTERVAL: Duration = Duration::from_mins(if cfg!(target_os = "linux") { 10 } else { 1 });

/// A watch on the network. Its task ends when it is dropped.
pub struct NetworkWatch {
    readings: watch::Receiver<Option<Network>>,
    read_again: Arc<Notify>,
    resolves_gateway: Arc<AtomicBool>,
    task: AbortHandle,
}

impl NetworkWatch {
    /// Starts the watch. `salt` is this installation's number, with which the gateway's hardware address is hashed. Needs a
    /// tokio runtime with time and I/O.
    pub fn start(salt: u64) -> Self {
        let (sender, readings) = watch::channel(None);
        let read_again = Arc::new(Notify::new());
        let resolves_gateway = Arc::new(AtomicBool::new(true));
        let task = tokio::spawn(watch(salt, sender, read_again.clone(), resolves_gateway.clone()));
        NetworkWatch { readings, read_again, resolves_gateway, task: task.abort_handle() }
    }

    /// Sets whether the gateway's hardware address is wanted. Only then a gateway that the system hasn't resolved yet is
    /// sent a datagram, which makes the system resolve it.
    pub fn resolve_gateway(&self, wanted: bool) {
        if self.resolves_gateway.swap(wanted, Ordering::Relaxed) != wanted && wanted {
            self.read_again();
        }
    }

    /// Returns the newest reading that wasn't returned yet: the first one at once, each later one when the network differs
    /// from the one before, mostly within 150 ms of the change. None if the system's tables can't be read. May be dropped
    /// and called again at any time.
    pub async fn changed(&mut self) -> Option<Network> {
        if self.readings.changed().await.is_err() {
            // The task has failed, and the program begins anew.
            std::future::pending::<()>().await;
        }
        self.readings.borrow_and_update().clone()
    }

    /// Has the tables read now, as after a sleep. A reading that didn't change isn't returned.
    pub fn read_again(&self) {
        self.read_again.notify_one();
    }
}

impl Drop for NetworkWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn watch(
    salt: u64,
    readings: watch::Sender<Option<Network>>,
    read_again: Arc<Notify>,
    resolves_gateway: Arc<AtomicBool>,
) {
    let mut events = Events::default();
    let mut schedule = RetrySchedule::default();
    let mut is_first = true;
    loop {
        events.open();
        fail_on_purpose("the watch on the network");
        let reading = read_table(salt, resolves_gateway.load(Ordering::Relaxed)).await;
        let wait = schedule.wait_after(reading.as_ref());
        let mut network = reading.map(|reading| reading.network);
        let gateway = network.as_mut().and_then(|network| network.gateway.as_mut());
        if let Some(gateway) = gateway.filter(|_| schedule.has_given_up()) {
            gateway.is_resolving = false;
        }
        readings.send_if_modified(|shown| {
            let differs = is_first || *shown != network;
            shown.clone_from(&network);
            differs
        });
        is_first = false;
        tokio::select! {
            () = events.next(network.as_ref(), salt) => {
                sleep(DEBOUNCE).await;
                events.drain();
            }
            () = sleep(wait) => {}
            () = read_again.notified() => {}
        }
    }
}

/// The waits between two readings without an event: short ones while something is missing, but not for ever.
#[derive(Default)]
struct RetrySchedule {
    gateway: Option<PerFamily<Option<IpAddr>>>,
    tries: usize,
}

impl RetrySchedule {
    fn wait_after(&mut self, reading: Option<&TableReading>) -> Duration {
        let gateway =
            reading.and_then(|reading| reading.network.gateway.as_ref()).map(|gateway| gateway.addresses);
        let is_complete = reading.is_some_and(|reading| reading.unresolved.is_none());
        if is_complete || gateway != self.gateway {
            self.tries = 0;
        }
        self.gateway = gateway;
        if is_complete {
            return MAX_INTERVAL;
        }
        let wait = RETRIES.get(self.tries).copied().unwrap_or(LAST_RETRY);
        self.tries += 1;
        wait
    }

    /// True where something has been missing for more than a minute: the system will hardly learn it any more.
    fn has_given_up(&self) -> bool {
        self.tries > RETRIES.len() + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dyntray_core::types::network::{Gateway, NetworkId};

    fn reading(gateway: &str, id: Option<&str>) -> TableReading {
        let address = gateway.parse().expect("an address");
        let addresses = PerFamily { ipv4: Some(address), ipv6: None };
        let id = id.map(|id| NetworkId(id.to_owned()));
        let is_resolving = id.is_none();
        let gateway = Gateway { addresses, ids: id.clone().into_iter().collect(), is_resolving };
        let unresolved = id.is_none().then_some((address, 9).into());
        TableReading { network: Network { gateway: Some(gateway), ..Network::default() }, unresolved }
    }

    #[test]
    fn a_gateway_that_is_not_resolved_is_tried_four_times_and_then_every_minute() {
        let mut schedule = RetrySchedule::default();
        let mut waits = |reading: Option<&TableReading>| schedule.wait_after(reading).as_secs_f32();
        let unresolved = reading("192.168.178.1", None);
        for expected in [0.5, 1.0, 2.0, 4.0, 60.0, 60.0] {
            assert!((waits(Some(&unresolved)) - expected).abs() < 0.001, "{expected}");
        }
        // Another network starts over, and so does a gateway that was known meanwhile.
        assert!((waits(Some(&reading("10.0.0.1", None))) - 0.5).abs() < 0.001);
        assert!((waits(Some(&reading("10.0.0.1", Some("aa")))) - MAX_INTERVAL.as_secs_f32()).abs() < 0.001);
        assert!((waits(Some(&reading("10.0.0.1", None))) - 0.5).abs() < 0.001);
        // Tables that can't be read are retried in the same way.
        for expected in [0.5, 1.0, 2.0, 4.0, 60.0] {
            assert!((waits(None) - expected).abs() < 0.001, "{expected}");
        }
    }
}
