//! The files and sockets that this process may have open.

/// `most`, or a quarter of this process's descriptors if that is less, so that nothing takes those that the rest needs.
pub fn quarter_of_descriptors(most: usize) -> usize {
    #[cfg(unix)]
    if let Some(descriptors) = rustix::process::getrlimit(rustix::process::Resource::Nofile).current {
        return usize::try_from(descriptors / 4).unwrap_or(most).clamp(1, most);
    }
    most
}
