//! A watch on the keyring: it may be opened, or another one may take its place, without Dyntray's doing.

#[cfg(target_os = "linux")]
use super::secret_service::ServiceWatch;

/// The watch. Only the session bus of Linux reports such changes; elsewhere nothing does.
pub(crate) struct KeyringWatch {
    #[cfg(target_os = "linux")]
    service: Option<ServiceWatch>,
}

impl KeyringWatch {
    /// A watch on the system's keyring. Needs a tokio runtime with time and I/O.
    pub(super) fn on_system() -> Self {
        KeyringWatch {
            #[cfg(target_os = "linux")]
            service: Some(ServiceWatch::start()),
        }
    }

    /// A watch on a store that nobody locks.
    pub(super) fn on_nothing() -> Self {
        KeyringWatch {
            #[cfg(target_os = "linux")]
            service: None,
        }
    }

    /// Returns when the keyring was opened, or is another one. May be dropped and called again at any time.
    pub(crate) async fn changed(&self) {
        #[cfg(target_os = "linux")]
        if let Some(service) = &self.service {
            return service.changed().await;
        }
        std::future::pending::<()>().await;
    }
}
