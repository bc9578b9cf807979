//! The session: log-in, screen lock, log-out and the next log-in.
