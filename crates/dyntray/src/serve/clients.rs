//! The clients that are connected. There is always room for one more: the one that has been silent for longest goes.

use std::cell::Cell;
use std::rc::Rc;

use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// It has been silent since then.
    Silent(Instant),
    /// It waits for a response.
    Asking,
    /// It is sent snapshots.
    Watching,
}

/// A client's own note of what it does.
#[derive(Clone)]
pub struct Note(Rc<Cell<Activity>>);

impl Note {
    /// Notes what the client does now.
    pub fn set(&self, activity: Activity) {
        self.0.set(activity);
    }
}

/// All clients.
pub struct Clients {
    most: usize,
    tasks: JoinSet<()>,
    connected: Vec<(Note, AbortHandle)>,
}

impl Clients {
    /// Room for `most` clients, half of which may watch.
    pub fn with_room_for(most: usize) -> Self {
        Clients { most, tasks: JoinSet::new(), connected: Vec::new() }
    }

    /// Serves one more client, by what `serve` makes of its note. One that there is no room for is dropped, which closes
    /// its connection.
    pub async fn add<F: Future<Output = ()> + 'static>(&mut self, serve: impl FnOnce(Note) -> F) {
        self.connected.retain(|(_, task)| !task.is_finished());
        if self.connected.len() >= self.most {
            let silent = |(note, task): &(Note, AbortHandle)| match note.0.get() {
                Activity::Silent(since) => Some((since, task.clone())),
                Activity::Asking | Activity::Watching => None,
            };
            let Some((_, longest)) = self.connected.iter().filter_map(silent).min_by_key(|(since, _)| *since)
            else {
                tracing::debug!("there are too many clients");
                return;
            };
            longest.abort();
            // It ends in its turn, and only then its descriptor is free.
            while !longest.is_finished() {
                tokio::task::yield_now().await;
            }
            self.connected.retain(|(_, task)| !task.is_finished());
        }
        let note = Note(Rc::new(Cell::new(Activity::Silent(Instant::now()))));
        let task = self.tasks.spawn_local(serve(note.clone()));
        self.connected.push((note, task));
    }

    /// Notes the end of clients.
    pub async fn ended(&mut self) {
        match self.tasks.join_next().await {
            Some(_) => {}
            None => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::LocalSet;

    async fn begun(clients: &mut Clients, activity: Option<Activity>) -> Note {
        let mut noted = None;
        clients
            .add(|note| {
                noted = Some(note.clone());
                if let Some(activity) = activity {
                    note.set(activity);
                }
                async move {
                    std::future::pending::<()>().await;
                    drop(note);
                }
            })
            .await;
        noted.expect("it was let in")
    }

    #[tokio::test]
    async fn the_client_that_was_silent_for_longest_makes_room_and_no_other() {
        LocalSet::new()
            .run_until(async {
                let mut clients = Clients::with_room_for(3);
                let watching = begun(&mut clients, Some(Activity::Watching)).await;
                let asking = begun(&mut clients, Some(Activity::Asking)).await;
                for _ in 0..100 {
                    begun(&mut clients, None).await;
                    assert_eq!(clients.connected.iter().filter(|(_, task)| !task.is_finished()).count(), 3);
                }
                // Theirs, the tasks' and this one.
                assert_eq!((Rc::strong_count(&watching.0), Rc::strong_count(&asking.0)), (3, 3));
            })
            .await;
    }

    #[tokio::test]
    async fn where_all_are_busy_the_newcomer_is_turned_away() {
        LocalSet::new()
            .run_until(async {
                let mut clients = Clients::with_room_for(2);
                for _ in 0..2 {
                    begun(&mut clients, Some(Activity::Asking)).await;
                }
                let mut served = false;
                clients
                    .add(|_| {
                        served = true;
                        std::future::ready(())
                    })
                    .await;
                assert!(!served);
            })
            .await;
    }
}
