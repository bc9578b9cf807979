//! Stories without a desktop: Dyntray as a service, and its commands.

mod cron;
mod daemon;
mod exit_codes;
mod machine;
mod manual;
mod nsupdate;
mod pasted;
mod real_servers;
mod secrets;
mod syncs;
