//! The places for open connections: a bounded number, of which no client can hold more than half.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The places for connections, shared by all listeners.
#[derive(Clone)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    max: u32,
    taken: Taken,
}

/// The number of places that each network holds.
type Taken = Arc<Mutex<HashMap<IpAddr, u32>>>;

/// One connection's place, until it is dropped.
pub(crate) struct Place {
    _permit: OwnedSemaphorePermit,
    network: IpAddr,
    taken: Taken,
}

impl Places {
    /// Room for `max` connections.
    pub(crate) fn new(max: u32) -> Self {
        Self { free: Arc::new(Semaphore::new(max as usize)), max, taken: Taken::default() }
    }

    /// A place for a connection from a network (see [`Peer::network`](crate::connection::Peer::network)); none if all are
    /// taken, or as many by this network as it may have.
    pub(crate) fn take(&self, network: IpAddr) -> Option<Place> {
        let permit = Arc::clone(&self.free).try_acquire_owned().ok()?;
        let mut taken = lock(&self.taken);
        let own = taken.entry(network).or_default();
        if *own >= (self.max / 2).max(1) {
            return None;
        }
        *own += 1;
        drop(taken);
        Some(Place { _permit: permit, network, taken: Arc::clone(&self.taken) })
    }

    /// Waits until no connection is open any more.
    pub(crate) async fn emptied(&self) {
        let _ = self.free.acquire_many(self.max).await; // never closed
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = lock(&self.taken);
        if let Some(own) = taken.get_mut(&self.network) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.network);
            }
        }
    }
}

fn lock(taken: &Taken) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
    taken.lock().unwrap_or_else(PoisonError::into_inner)
}
