//! Stories of what goes wrong: the server, the disk, the clock, the program itself.

mod disk;
mod every_fault;
mod kills;
mod panics;
