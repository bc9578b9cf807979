//! Watches this machine's network: what the operating system's tables say, anew whenever they change; and whether
//! the machine slept.

mod events;
mod interfaces;
mod kind;
mod reading;
#[cfg(target_os = "linux")]
mod rtnetlink;
mod table;
mod wake;

pub(crate) use interfaces::interfaces;
pub use reading::read;
pub use table::{System, network_of};
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

use events::Events;
use reading::read_with_gap;
use table::TableReading;

/// From the first word of a change to the reading: a change is a burst of words, and all of it is one reading.
const SETTLING: Duration = Duration::from_millis(100);
/// When the tables are read again while the gateway's hardware address isn't known.
const RETRIES: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];
/// When they are read again after that, as long as something is missing.
const STILL_MISSING: Duration = Duration::from_mins(1);
/// When they are read again in any case: a system may fail to tell, and Windows and macOS don't tell of everything.
const AT_LEAST: Duration = Duration::from_mins(if cfg!(target_os = "linux") { 10 } else { 1 });

/// Watches the network from a task of its own, which ends when this is dropped.
pub struct NetworkWatch {
    readings: watch::Receiver<Option<Network>>,
    again: Arc<Notify>,
    learn: Arc<AtomicBool>,
    task: AbortHandle,
}

impl NetworkWatch {
    /// Begins to watch. `salt` is this installation's number, which the gateway's hardware address is hashed with.
    /// Needs a tokio runtime with time and I/O.
    pub fn start(salt: u64) -> Self {
        let (sender, readings) = watch::channel(None);
        let again = Arc::new(Notify::new());
        let learn = Arc::new(AtomicBool::new(true));
        let task = tokio::spawn(watch_on(salt, sender, again.clone(), learn.clone())).abort_handle();
        NetworkWatch { readings, again, learn, task }
    }

    /// Says whether the gateway's hardware address matters. Only then is a gateway that the system doesn't know yet
    /// sent a datagram, so that it learns it.
    pub fn learn_gateway(&self, wanted: bool) {
        if self.learn.swap(wanted, Ordering::Relaxed) != wanted && wanted {
            self.look_again();
        }
    }

    /// Returns the newest reading that wasn't returned yet: the first at once, each later one when the network
    /// differs from the one before, mostly within 150 ms of the change. None when the system's tables can't be read.
    /// May be dropped and called again at any time.
    pub async fn changed(&mut self) -> Option<Network> {
        if self.readings.changed().await.is_err() {
            // The task has failed, which its runtime reported. What was read last stays what is known.
            std::future::pending::<()>().await;
        }
        self.readings.borrow_and_update().clone()
    }

    /// Has the tables read now, as after a sleep. Nothing comes of it unless they have changed.
    pub fn look_again(&self) {
        self.again.notify_one();
    }
}

impl Drop for NetworkWatch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn watch_on(
    salt: u64,
    readings: watch::Sender<Option<Network>>,
    again: Arc<Notify>,
    learn: Arc<AtomicBool>,
) {
    let mut events = Events::default();
    let mut patience = Patience::default();
    let mut is_first = true;
    loop {
        events.open();
        let reading = read_with_gap(salt, learn.load(Ordering::Relaxed)).await;
        let wait = patience.after(reading.as_ref());
        let network = reading.map(|reading| reading.network);
        readings.send_if_modified(|shown| {
            let differs = is_first || *shown != network;
            shown.clone_from(&network);
            differs
        });
        is_first = false;
        tokio::select! {
            () = events.next(network.as_ref(), salt) => {
                sleep(SETTLING).await;
                events.drain();
            }
            () = sleep(wait) => {}
            () = again.notified() => {}
        }
    }
}

/// Says when to read again without being told: sooner while something is missing, but not for ever.
#[derive(Default)]
struct Patience {
    gateway: Option<PerFamily<Option<IpAddr>>>,
    tries: usize,
}

impl Patience {
    fn after(&mut self, reading: Option<&TableReading>) -> Duration {
        let gateway =
            reading.and_then(|reading| reading.network.gateway.as_ref()).map(|gateway| gateway.addresses);
        let is_whole = reading.is_some_and(|reading| reading.unlearnt.is_none());
        if is_whole || gateway != self.gateway {
            self.tries = 0;
        }
        self.gateway = gateway;
        if is_whole {
            return AT_LEAST;
        }
        let wait = RETRIES.get(self.tries).copied().unwrap_or(STILL_MISSING);
        self.tries += 1;
        wait
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
        let unlearnt = id.is_none().then_some((address, 9).into());
        TableReading {
            network: Network { gateway: Some(Gateway { addresses, id }), ..Network::default() },
            unlearnt,
        }
    }

    #[test]
    fn a_gateway_that_is_not_learnt_is_looked_for_four_times_and_then_every_minute() {
        let mut patience = Patience::default();
        let mut waits = |reading: Option<&TableReading>| patience.after(reading).as_secs_f32();
        let unlearnt = reading("192.168.178.1", None);
        for expected in [0.5, 1.0, 2.0, 4.0, 60.0, 60.0] {
            assert!((waits(Some(&unlearnt)) - expected).abs() < 0.001, "{expected}");
        }
        // Another network begins anew, and so does a gateway that was known meanwhile.
        assert!((waits(Some(&reading("10.0.0.1", None))) - 0.5).abs() < 0.001);
        assert!((waits(Some(&reading("10.0.0.1", Some("aa")))) - AT_LEAST.as_secs_f32()).abs() < 0.001);
        assert!((waits(Some(&reading("10.0.0.1", None))) - 0.5).abs() < 0.001);
        // Tables that can't be read are tried again likewise.
        for expected in [0.5, 1.0, 2.0, 4.0, 60.0] {
            assert!((waits(None) - expected).abs() < 0.001, "{expected}");
        }
    }
}
