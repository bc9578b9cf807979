//! The certificates of TLS connections: the valid one, and those that faults ask for.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, NoServerSessionStorage, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;

use crate::certificate_authority::{self, CertificateAuthority, Validity};
use crate::error::SandboxError;
use crate::fault::{Faults, PlainFault};

/// The names in the server certificate, beside those of the options.
pub(crate) const NAMES: [&str; 7] = [
    "localhost",
    "127.0.0.1",
    "::1",
    "update.spdyn.test",
    "checkip.spdyn.test",
    "checkip4.spdyn.test",
    "checkip6.spdyn.test",
];
const NOW: Validity = Validity { from: -1, until: 90 };
const PAST: Validity = Validity { from: -90, until: -2 };
const FUTURE: Validity = Validity { from: 30, until: 90 };

struct Certificates {
    valid: Arc<CertifiedKey>,
    expired: Arc<CertifiedKey>,
    not_yet_valid: Arc<CertifiedKey>,
    wrong_name: Arc<CertifiedKey>,
    self_signed: Arc<CertifiedKey>,
    faults: Arc<Faults>,
}

/// Sets up TLS with certificates of the directory's CA.
pub(crate) fn acceptor(
    dir: &Path,
    further_names: &[String],
    faults: Arc<Faults>,
) -> Result<TlsAcceptor, SandboxError> {
    let ca = CertificateAuthority::open(dir, further_names)?;
    let names: Vec<_> = NAMES.into_iter().chain(further_names.iter().map(String::as_str)).collect();
    let certificates = Certificates {
        valid: ca.issue(&names, NOW)?,
        expired: ca.issue(&names, PAST)?,
        not_yet_valid: ca.issue(&names, FUTURE)?,
        wrong_name: ca.issue(&["elsewhere.spdyn.test"], NOW)?,
        self_signed: certificate_authority::self_signed(&names, NOW)?,
        faults,
    };
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(certificates));
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // A resumed session would skip the certificate, and with it the fault.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(match self.faults.next_certificate() {
            Some(PlainFault::Expired) => &self.expired,
            Some(PlainFault::NotYetValid) => &self.not_yet_valid,
            Some(PlainFault::WrongName) => &self.wrong_name,
            Some(PlainFault::SelfSigned) => &self.self_signed,
            _ => &self.valid,
        }))
    }
}

impl fmt::Debug for Certificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificates")
    }
}
