//! The sandbox's test CA: created once per directory, valid for loopback, `spdyn.test` and the further names of the
//! options only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints,
};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;

use crate::error::SandboxError;

/// The file of the CA's certificate, for clients to trust.
const CERTIFICATE: &str = "ca.pem";
/// The file of the CA's key, readable by its owner only. The key is worthless beyond this machine's test names.
const KEY: &str = "ca.key";

/// A year, in days.
const YEAR: i64 = 365;

/// A certificate authority that issues the sandbox's server certificates.
pub(crate) struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
}

/// The validity period of a certificate, in days from today.
#[derive(Clone, Copy)]
pub(crate) struct Validity {
    pub(crate) from: i64,
    pub(crate) until: i64,
}

/// The path of the CA's certificate.
pub(crate) fn certificate_file(dir: &Path) -> PathBuf {
    dir.join(CERTIFICATE)
}

impl CertificateAuthority {
    /// Opens the CA of a directory, or creates it. `further_names` change its certificate, not its key.
    pub(crate) fn open(dir: &Path, further_names: &[String]) -> Result<Self, SandboxError> {
        let (certificate, key) = (certificate_file(dir), dir.join(KEY));
        let pair = match (certificate.exists(), fs::read_to_string(&key)) {
            (true, Ok(pem)) => KeyPair::from_pem(&pem)?,
            (false, Ok(_)) => create(&certificate, &key)?,
            (_, Err(error)) if error.kind() == io::ErrorKind::NotFound => create(&certificate, &key)?,
            (_, Err(error)) => return Err(error.into()),
        };
        if !further_names.is_empty() {
            write(&certificate, &certificate_of(&pair, further_names)?)?;
        }
        Ok(Self { issuer: Issuer::new(own_params(further_names)?, pair) })
    }

    /// Issues a server certificate.
    pub(crate) fn issue(
        &self,
        names: &[&str],
        validity: Validity,
    ) -> Result<Arc<CertifiedKey>, SandboxError> {
        let pair = KeyPair::generate()?;
        let certificate = server_params(names, validity)?.signed_by(&pair, &self.issuer)?;
        certified(certificate.der(), &pair)
    }
}

/// Makes a server certificate that no CA signed.
pub(crate) fn self_signed(names: &[&str], validity: Validity) -> Result<Arc<CertifiedKey>, SandboxError> {
    let pair = KeyPair::generate()?;
    certified(server_params(names, validity)?.self_signed(&pair)?.der(), &pair)
}

fn certified(
    certificate: &CertificateDer<'static>,
    pair: &KeyPair,
) -> Result<Arc<CertifiedKey>, SandboxError> {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(pair.serialize_der()));
    Ok(Arc::new(CertifiedKey::new(vec![certificate.clone()], any_supported_type(&key)?)))
}

/// Creates a key and its certificate. The certificate is written last: if it exists, so does its key.
fn create(certificate: &Path, key: &Path) -> Result<KeyPair, SandboxError> {
    let pair = KeyPair::generate()?;
    write(key, &pair.serialize_pem())?;
    write(certificate, &certificate_of(&pair, &[])?)?;
    Ok(pair)
}

/// The CA's own certificate, as PEM.
fn certificate_of(pair: &KeyPair, further_names: &[String]) -> Result<String, SandboxError> {
    let mut params = own_params(further_names)?;
    (params.not_before, params.not_after) = (day(-1), day(10 * YEAR));
    Ok(params.self_signed(pair)?.pem())
}

/// Writes a file that only its owner can read, whole or not at all.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("draft");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(draft, path)
}

fn own_params(further_names: &[String]) -> Result<CertificateParams, SandboxError> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(DnType::CommonName, "SPDYN sandbox test CA");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    // The constraints keep clients that trust this CA safe everywhere else.
    let mut permitted_subtrees = vec![
        GeneralSubtree::DnsName("localhost".to_owned()),
        GeneralSubtree::DnsName("spdyn.test".to_owned()),
        GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(Ipv4Addr::LOCALHOST.octets(), 8)),
        GeneralSubtree::IpAddress(CidrSubnet::from_v6_prefix(Ipv6Addr::LOCALHOST.octets(), 128)),
    ];
    permitted_subtrees.extend(further_names.iter().cloned().map(GeneralSubtree::DnsName));
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees: Vec::new() });
    Ok(params)
}

fn server_params(names: &[&str], validity: Validity) -> Result<CertificateParams, SandboxError> {
    let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, "SPDYN sandbox");
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    (params.not_before, params.not_after) = (day(validity.from), day(validity.until));
    Ok(params)
}

/// The present time of day, some days from today.
fn day(from_today: i64) -> OffsetDateTime {
    let seconds = Timestamp::now().as_second() + 24 * 60 * 60 * from_today;
    OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
