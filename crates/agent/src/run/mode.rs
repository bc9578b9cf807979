//! The run modes.

/// The part of the work that an agent does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunMode {
    /// Everything, for as long as the machine is on.
    Daemon,
    /// Everything, for one command that ends soon.
    OneShot,
    /// Look-ups only: the agent shows what it would send, but sends and saves nothing.
    DryRun,
    /// Requests only: the agent answers and does what it is asked to, but nothing by itself.
    ControlOnly,
}
