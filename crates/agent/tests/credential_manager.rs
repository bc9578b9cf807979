//! A story of the Credential Manager, the keyring of Windows.
#![cfg(windows)]

use dyntray_agent::keyring::{Keyring, SecretStore};
use dyntray_core::types::entry_id::EntryId;
use dyntray_core::types::hostname::Hostname;
use secrecy::ExposeSecret as _;

#[tokio::test]
async fn a_secret_is_written_read_replaced_and_removed_and_another_programs_is_another() {
    let name = format!("dyntray-test-{}", std::process::id());
    let start = |name: String| Keyring::start(SecretStore::Keyring(name));
    let (keyring, other) = (start(name.clone()), start(format!("{name}-other")));
    let host = Hostname::parse("home.spdns.de").expect("a host name");
    let read = async |entry| {
        let secret = keyring.read(entry, host.clone()).await.expect("there is a keyring");
        secret.map(|secret| secret.expose_secret().to_owned())
    };
    assert_eq!(read(EntryId(1)).await, None);
    for secret in ["first-secret", "zweites Geheimnis äöü €"] {
        keyring.write(EntryId(1), secret.into()).await.expect("it is kept");
        assert_eq!(read(EntryId(1)).await.as_deref(), Some(secret));
        assert_eq!(read(EntryId(2)).await, None);
        assert!(other.read(EntryId(1), host.clone()).await.expect("there is a keyring").is_none());
    }
    keyring.remove(EntryId(1)).await.expect("it is removed");
    assert_eq!(read(EntryId(1)).await, None);
    keyring.remove(EntryId(1)).await.expect("what isn't there is removed");
}
