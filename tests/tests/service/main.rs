//! Stories without a desktop: Dyntray as a service, and its commands.

mod service;
