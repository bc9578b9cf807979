//! The connection to the always-on program: its state, and the time until the next attempt.

use std::time::Duration;

use dyntray_control::ConnectError;
use serde::Serialize;

/// The state of the connection. The pages show one banner for each state without a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Connection {
    /// No attempt has ended yet.
    Connecting,
    /// The always-on program answers.
    Connected,
    /// The always-on program doesn't run.
    NotRunning,
    /// The always-on program can't be reached.
    Lost,
    /// The always-on program is of another version, so that its answers aren't understood.
    NotUnderstood,
}

impl From<&ConnectError> for Connection {
    fn from(error: &ConnectError) -> Self {
        match error {
            ConnectError::NotRunning | ConnectError::Elsewhere { .. } => Connection::NotRunning,
            ConnectError::NotUnderstood => Connection::NotUnderstood,
            ConnectError::Lost(_) | ConnectError::ForeignOwner(_) => Connection::Lost,
        }
    }
}

impl Connection {
    /// The state after a request. An answer proves a connection; a failure adds nothing once there is none, because
    /// only the next attempt to connect tells why.
    pub fn after_request<T>(self, outcome: &Result<T, ConnectError>) -> Self {
        match (self, outcome) {
            (_, Ok(_)) => Connection::Connected,
            (Connection::Connecting | Connection::Connected, Err(error)) => error.into(),
            (Connection::NotRunning | Connection::Lost | Connection::NotUnderstood, Err(_)) => self,
        }
    }
}

const FIRST_DELAY: Duration = Duration::from_millis(250);
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// The delays between attempts to connect: each twice the one before, up to five seconds.
pub fn retry_delays() -> impl Iterator<Item = Duration> {
    std::iter::successors(Some(FIRST_DELAY), |last| Some((*last * 2).min(LONGEST_DELAY)))
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    fn lost() -> ConnectError {
        ConnectError::Lost(ErrorKind::UnexpectedEof.into())
    }

    #[test]
    fn the_pages_get_codes() {
        let code = |state: Connection| serde_json::to_string(&state).expect("a code");
        assert_eq!(code(Connection::from(&ConnectError::NotRunning)), r#""notRunning""#);
        assert_eq!(code(Connection::from(&lost())), r#""lost""#);
        assert_eq!(code(Connection::from(&ConnectError::NotUnderstood)), r#""notUnderstood""#);
        assert_eq!(code(Connection::Connecting), r#""connecting""#);
        assert_eq!(code(Connection::Connected), r#""connected""#);
    }

    #[test]
    fn a_program_that_has_ended_is_not_running_in_whatever_order_that_is_noticed() {
        let noticed_by_a_request = Connection::Connected.after_request::<()>(&Err(lost()));
        assert_eq!(noticed_by_a_request, Connection::Lost);
        // The next attempt to connect finds nobody; a request that breaks off afterwards doesn't change that.
        let found_by_an_attempt = Connection::from(&ConnectError::NotRunning);
        assert_eq!(found_by_an_attempt.after_request::<()>(&Err(lost())), Connection::NotRunning);
        assert_eq!(
            Connection::Connecting.after_request::<()>(&Err(ConnectError::NotRunning)),
            Connection::NotRunning
        );
    }

    #[test]
    fn an_answer_ends_every_other_state() {
        let without = [Connection::NotRunning, Connection::Lost, Connection::NotUnderstood];
        for state in [Connection::Connecting].into_iter().chain(without) {
            assert_eq!(state.after_request(&Ok(())), Connection::Connected);
        }
    }

    #[test]
    fn the_first_attempts_follow_quickly() {
        let milliseconds: Vec<_> = retry_delays().take(6).map(|delay| delay.as_millis()).collect();
        assert_eq!(milliseconds, [250, 500, 1_000, 2_000, 4_000, 5_000]);
    }

    #[test]
    fn they_never_end_and_never_exceed_five_seconds() {
        assert!(retry_delays().take(10_000).all(|delay| delay <= LONGEST_DELAY));
        assert_eq!(retry_delays().nth(10_000), Some(LONGEST_DELAY));
    }
}
