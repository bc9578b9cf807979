//! Reads the operating system's interfaces with their addresses and gateways, as values of `netdev`. On Linux Dyntray reads
//! them itself, because netdev 0.47 opens some thirty files for each interface, for data that isn't needed here (traffic,
//! speed, DHCP, name servers), reads each dump through a buffer of 1 MiB, and falls back to lists without flags if the
//! network changes meanwhile.

#[cfg(target_os = "linux")]
mod linux;

use std::io;
use std::thread;
use std::time::Duration;

/// The number of attempts to read a table, which may change meanwhile, and the pause between two.
const ATTEMPTS: usize = 3;
const PAUSE: Duration = Duration::from_millis(20);

/// All interfaces of this machine, up or down, in no order. Waits up to 40 ms if the network is just changing.
///
/// # Errors
/// The system's; [`io::ErrorKind::Interrupted`] if the network changed each time (Linux); [`io::ErrorKind::NotFound`] if
/// the table is empty.
pub(crate) fn interfaces() -> io::Result<Vec<netdev::Interface>> {
    let mut read = once();
    for _ in 1..ATTEMPTS {
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
    // There is always a loopback interface, so an empty table means a failure.
    if interfaces.is_empty() { Err(io::ErrorKind::NotFound.into()) } else { Ok(interfaces) }
}
