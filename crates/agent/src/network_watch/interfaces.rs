//! Asks the operating system for its interfaces, with their addresses and gateways. On every system the answer has
//! `netdev`'s shape; on Linux it is read here.
//!
//! There netdev 0.47 opens some thirty files for each interface, for what nobody asks here (traffic, speed, DHCP, name
//! servers), takes each of its dumps through a buffer of 1 MiB, and falls back to lists without flags when the network
//! changes meanwhile.

#[cfg(target_os = "linux")]
mod linux;

use std::io;
use std::thread;
use std::time::Duration;

/// How often a table that can't be read, or that changed meanwhile, is read again, and the pause between.
const TRIES: usize = 3;
const PAUSE: Duration = Duration::from_millis(20);

/// All interfaces of this machine, up or down, in no order. Waits up to 40 ms for a network that just changes.
///
/// # Errors
/// The system's, [`io::ErrorKind::Interrupted`] where the network changed each time (Linux), and
/// [`io::ErrorKind::NotFound`] where nothing was told.
pub(crate) fn interfaces() -> io::Result<Vec<netdev::Interface>> {
    let mut read = once();
    for _ in 1..TRIES {
        if read.is_ok() {
            break;
        }
        thread::sleep(PAUSE);
        read = once();
    }
    read
}

fn once() -> io::Result<Vec<netdev::Interface>> {
    #[cfg(target_os = "linux")]
    let interfaces = linux::interfaces()?;
    #[cfg(not(target_os = "linux"))]
    let interfaces = netdev::get_interfaces();
    // There is a loopback interface at least: an empty table wasn't read.
    if interfaces.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(interfaces) }
}
