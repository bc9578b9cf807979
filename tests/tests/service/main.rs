//! Stories without a desktop: Dyntray as a service, and its commands.

mod machine;
mod manual;
mod secrets;
mod service;
