//! Stories of failures: the server, the disk, the clock, files, the program itself.

mod clock;
mod disk;
mod every_fault;
mod kills;
mod panics;
mod server;
mod unreadable_files;
