//! Moving to another desktop session. A second start finds the first one running, perhaps in a session that its person
//! has left, and names its own: the window opens there. If that session has another bus, the program starts again in it,
//! so that icon and notifications are where the person is.

use dyntray_control::{DesktopSession, own_bus};

/// The way in which the program belongs to a desktop session.
pub enum Belonging {
    /// It belongs to none, as a service.
    None,
    /// It belongs to the session with this bus; none if it was started without one.
    Session(Option<String>),
}

/// The thing to do for a session that asks for a window.
#[derive(Debug, PartialEq, Eq)]
pub enum Move {
    /// The window opens there, and the program stays.
    Stay,
    /// The program starts again there first.
    Restart,
}

impl Belonging {
    /// The session that this program was started in.
    pub fn to_own_session() -> Self {
        Belonging::Session(own_bus())
    }

    /// The thing to do when `session` asks for a window.
    pub fn asked_from(&self, session: &DesktopSession) -> Move {
        match (self, session.bus()) {
            (Belonging::Session(own), Some(bus)) if own.as_deref() != Some(bus) => Move::Restart,
            (Belonging::Session(_) | Belonging::None, _) => Move::Stay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(json: &str) -> DesktopSession {
        serde_json::from_str(json).expect("JSON")
    }

    #[test]
    fn the_program_moves_to_another_bus_and_to_nothing_else() {
        let own = Belonging::Session(Some("unix:path=/run/user/1000/bus".to_owned()));
        for (asking, expected) in [
            (r#"{"display":":1","busAddress":"unix:path=/run/user/1000/bus"}"#, Move::Stay),
            (r#"{"display":":1","busAddress":"unix:path=/run/user/1000/bus,guid=7f"}"#, Move::Stay),
            (r#"{"display":":1"}"#, Move::Stay),
            (r#"{"display":":1","busAddress":"unix:abstract=/tmp/dbus-7"}"#, Move::Restart),
        ] {
            assert_eq!(own.asked_from(&session(asking)), expected, "{asking}");
        }
        let asking = session(r#"{"display":":1","busAddress":"unix:path=/b"}"#);
        assert_eq!(Belonging::Session(None).asked_from(&asking), Move::Restart);
        assert_eq!(Belonging::None.asked_from(&asking), Move::Stay);
    }
}
