//! The ways in which the history may be used.

/// The ways in which the database may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenMode {
    /// By the program that keeps it.
    ReadWrite,
    /// The folder can't be written, for example on a file system that was remounted read-only after an error.
    ReadOnly,
    /// Nothing is kept.
    DryRun,
    /// It is of a newer version of the program. Neither read nor written.
    Newer {
        /// That version.
        version: u32,
    },
}
