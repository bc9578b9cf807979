//! TLS servers on loopback, with good and bad certificates.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use dyntray_core::types::server::WebAddress;
use jiff::civil::Date;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ServerConfig, SupportedProtocolVersion};
use tokio_rustls::server::TlsStream;

use super::act::{Act, play, read_head};
pub use super::pace::Pace;
use super::pace::Paced;

const ALL_VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];

const AUTHORITY_KEY: &str = "DYNTRAY_TEST_AUTHORITY";

/// A certificate authority that the system trusts in the process that [`Authority::trusted`] starts.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Certificate,
}

impl Authority {
    pub fn new() -> Self {
        Self::of(KeyPair::generate().expect("a key"))
    }

    fn of(key: KeyPair) -> Self {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(DnType::CommonName, "An authority of this test");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages.push(KeyUsagePurpose::KeyCertSign);
        let certificate = params.self_signed(&key).expect("signs");
        Authority { issuer: Issuer::new(params, key), certificate }
    }

    /// Runs `story` in a process of its own in which the system trusts an authority.
    pub fn trusted(test: &str, story: impl AsyncFnOnce(Authority)) {
        let key = match std::env::var(AUTHORITY_KEY) {
            Ok(pem) => KeyPair::from_pem(&pem).expect("a key"),
            Err(_) => KeyPair::generate().expect("a key"),
        };
        let pem = key.serialize_pem();
        let authority = Authority::of(key);
        let mut trusted = tempfile::NamedTempFile::new().expect("a file");
        trusted.write_all(authority.certificate.pem().as_bytes()).expect("writes");
        let variables = [("SSL_CERT_FILE", trusted.path().as_os_str()), (AUTHORITY_KEY, pem.as_ref())];
        super::in_environment(test, &variables, async || story(authority).await);
    }

    /// A certificate for `name`, valid until the end of `year`.
    pub fn certify(&self, name: &str, year: i32) -> Identity {
        self.sign(&params(name, year))
    }

    /// A certificate for `name`, valid from the beginning of the day `from` to that of the day `until`.
    pub fn certify_between(&self, name: &str, from: Date, until: Date) -> Identity {
        let unsigned = |number: i8| u8::try_from(number).expect("from 1 on");
        let midnight =
            |day: Date| date_time_ymd(day.year().into(), unsigned(day.month()), unsigned(day.day()));
        let mut params = params(name, 4000);
        (params.not_before, params.not_after) = (midnight(from), midnight(until));
        self.sign(&params)
    }

    fn sign(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.issuer).expect("signs");
        Identity { certificate: certificate.der().clone(), key }
    }
}

/// The certificate and key of a server.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Identity {
    /// A self-signed certificate.
    pub fn self_signed(name: &str) -> Self {
        let key = KeyPair::generate().expect("a key");
        let certificate = params(name, 4000).self_signed(&key).expect("signs");
        Identity { certificate: certificate.der().clone(), key }
    }

    fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::new(self.config(&ALL_VERSIONS)))
    }

    fn config(&self, versions: &[&'static SupportedProtocolVersion]) -> ServerConfig {
        let key = PrivateKeyDer::try_from(self.key.serialize_der()).expect("a key");
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(versions)
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate.clone()], key)
            .expect("a certificate")
    }
}

fn params(name: &str, year: i32) -> CertificateParams {
    let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(year, 12, 31);
    params
}

/// The behaviour of a server after a request has arrived through TLS.
#[derive(Clone)]
pub enum TlsAct {
    /// The same as without TLS.
    Plain(Act),
    /// Sends these bytes, then closes TCP without TLS's `close_notify`.
    Cut(Vec<u8>),
    /// Sends these bytes unencrypted.
    Garble(Vec<u8>),
    /// Sends these bytes and nothing more, and keeps the connection open.
    Stall(Vec<u8>),
}

/// A version of TLS.
#[derive(Clone, Copy, Debug)]
pub enum TlsVersion {
    Tls12,
    Tls13,
}

/// A TLS server on `127.0.0.1`.
pub struct TlsServer {
    port: u16,
    received: Arc<Mutex<Vec<Result<String, String>>>>,
}

impl TlsServer {
    pub async fn start(identity: &Identity, act: TlsAct) -> Self {
        Self::with(identity.acceptor(), Pace::Free, act).await
    }

    /// A server that speaks only this version, and writes at this pace.
    pub async fn at_pace(identity: &Identity, version: TlsVersion, pace: Pace, act: TlsAct) -> Self {
        let version = match version {
            TlsVersion::Tls12 => &TLS12,
            TlsVersion::Tls13 => &TLS13,
        };
        let mut config = identity.config(&[version]);
        // Nothing follows the end of the handshake but the answer.
        config.send_tls13_tickets = 0;
        Self::with(TlsAcceptor::from(Arc::new(config)), pace, act).await
    }

    /// A server that speaks only this protocol behind TLS (ALPN).
    pub async fn speaking_only(identity: &Identity, protocol: &str, act: TlsAct) -> Self {
        let mut config = identity.config(&ALL_VERSIONS);
        config.alpn_protocols = vec![protocol.into()];
        Self::with(TlsAcceptor::from(Arc::new(config)), Pace::Free, act).await
    }

    async fn with(acceptor: TlsAcceptor, pace: Pace, act: TlsAct) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = TlsServer {
            port: listener.local_addr().expect("an address").port(),
            received: Arc::new(Mutex::new(Vec::new())),
        };
        let received = Arc::clone(&server.received);
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let (received, acceptor, act) = (Arc::clone(&received), acceptor.clone(), act.clone());
                tokio::spawn(serve(Paced::new(tcp, pace), acceptor, act, received));
            }
        });
        server
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// This server as an update server: `https://localhost:PORT/nic/update`.
    pub fn update(&self) -> WebAddress {
        WebAddress::parse_server(&format!("https://localhost:{}", self.port)).expect("an address")
    }

    /// The result of each connection: the head of a request, or the error of the handshake.
    pub fn received(&self) -> Vec<Result<String, String>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The results, once there are `count` of them.
    pub async fn received_all(&self, count: usize) -> Vec<Result<String, String>> {
        while self.received().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        self.received()
    }
}

async fn serve(
    tcp: Paced<TcpStream>,
    acceptor: TlsAcceptor,
    act: TlsAct,
    received: Arc<Mutex<Vec<Result<String, String>>>>,
) {
    let note = |what| received.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    let mut stream: TlsStream<Paced<TcpStream>> = match acceptor.accept(tcp).await {
        Ok(stream) => stream,
        Err(error) => return note(Err(error.to_string())),
    };
    note(Ok(read_head(&mut stream).await));
    match act {
        TlsAct::Plain(act) => play(&mut stream, act).await,
        TlsAct::Cut(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.flush().await;
            let (mut tcp, _) = stream.into_inner();
            let _ = tcp.shutdown().await;
        }
        TlsAct::Garble(bytes) => {
            let (mut tcp, _) = stream.into_inner();
            let _ = tcp.write_all(&bytes).await;
            let _ = tcp.shutdown().await;
        }
        TlsAct::Stall(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.flush().await;
            std::future::pending::<()>().await;
        }
    }
}
