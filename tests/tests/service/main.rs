//! Stories without a desktop: Dyntray as a service, and its commands.

mod daemon;
mod machine;
mod manual;
mod pasted;
mod secrets;
