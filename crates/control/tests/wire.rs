//! The JSON on the socket, frozen: window, command line and always-on program may be of different versions.

use dyntray_control::{ClientMessage, Request, Response};

/// The messages that are no requests.
const CANCEL: &str = r#"{"request":"cancel"}"#;
const WATCH: &str = r#"{"request":"watch","window":true}"#;

/// Every request, as a client sends it.
const REQUESTS: [&str; 41] = [
    r#"{"request":"status"}"#,
    r#"{"request":"form"}"#,
    r#"{"request":"save","base":{"language":"system","theme":"system","notices":"all","resolverIpv4":"https://a/","resolverIpv6":"https://b/","fallBacks":[],"interval":"10 min","homeLock":true,"publishVpn":false,"publishShared":false,"nameServer":"","proxy":"system","proxyAddress":"","releases":"","entries":[]},"form":{"language":"system","theme":"system","notices":"all","resolverIpv4":"https://a/","resolverIpv6":"https://b/","fallBacks":[],"interval":"10 min","homeLock":true,"publishVpn":false,"publishShared":false,"nameServer":"","proxy":"system","proxyAddress":"","releases":"","entries":[]},"secrets":[{"kind":"keep"},{"kind":"replace","secret":"abcd-efgh-ijkl"},{"kind":"remove"}]}"#,
    r#"{"request":"addEntry","entry":{"enabled":true,"hostname":"home.spdns.de","login":"token","user":"","provider":"","server":"update.spdyn.de","updateUrl":"","webresolver":true,"protocol":"both","addressFrom":"webresolver","fixedIpv4":"","fixedIpv6":"","device":""},"secret":{"kind":"replace","secret":"abcd-efgh-ijkl"}}"#,
    r#"{"request":"removeEntry","hostname":"home.spdns.de"}"#,
    r#"{"request":"setSecretOf","seen":{"id":7,"enabled":true,"hostname":"home.spdns.de","login":"token","user":"","provider":"","server":"update.spdyn.de","updateUrl":"","webresolver":true,"protocol":"both","addressFrom":"webresolver","fixedIpv4":"","fixedIpv6":"","device":""},"secret":"abcd-efgh-ijkl"}"#,
    r#"{"request":"inspectSecret","secret":"abcd-efgh-ijkl"}"#,
    r#"{"request":"setSecret","entry":7,"secret":"abcd-efgh-ijkl"}"#,
    r#"{"request":"previewImport","text":"a,b","name":"spdyn_update_token.csv"}"#,
    r#"{"request":"locateImport","text":"a,b","name":"spdyn_update_token.csv"}"#,
    r#"{"request":"import","text":"a,b","name":"spdyn_update_token.csv","take":[0,2]}"#,
    r#"{"request":"backUp","passphrase":"correct horse"}"#,
    r#"{"request":"restart"}"#,
    r#"{"request":"updateNow"}"#,
    r#"{"request":"tryAgain","entry":7}"#,
    r#"{"request":"unlockKeyring"}"#,
    r#"{"request":"thisIsHome"}"#,
    r#"{"request":"forgetHomes"}"#,
    r#"{"request":"pause","until":"2026-11-28T12:00:00Z"}"#,
    r#"{"request":"pause","until":null}"#,
    r#"{"request":"resume"}"#,
    r#"{"request":"setLanguage","language":"de"}"#,
    r#"{"request":"history","limit":20}"#,
    r#"{"request":"openWindow","page":{"page":"newToken","entry":7}}"#,
    r#"{"request":"openWindow","page":{"page":"status"},"activation":"x-1_TIME7"}"#,
    r#"{"request":"openWindow","page":{"page":"status"},"session":{"display":":1","waylandDisplay":"wayland-0","xauthority":"/a","currentDesktop":"KDE","busAddress":"unix:path=/b"}}"#,
    r#"{"request":"openWebsite","entry":7}"#,
    r#"{"request":"openSpdyn"}"#,
    r#"{"request":"openHost","entry":7}"#,
    r#"{"request":"copyAddress","address":"84.160.12.7"}"#,
    r#"{"request":"about"}"#,
    r#"{"request":"openReleases"}"#,
    r#"{"request":"openTrayHelp"}"#,
    r#"{"request":"autostart"}"#,
    r#"{"request":"setAutostart","on":true}"#,
    r#"{"request":"quit"}"#,
    r#"{"request":"log","limit":50}"#,
    r#"{"request":"openLogFolder"}"#,
    r#"{"request":"diagnostics"}"#,
    r#"{"request":"saveDiagnostics"}"#,
    r#"{"request":"saveHistory"}"#,
];

/// Responses whose data is the protocol's own.
const RESPONSES: [&str; 30] = [
    r#"{"answer":"show","page":{"page":"status"}}"#,
    r#"{"answer":"show","page":{"page":"settings"}}"#,
    r#"{"answer":"show","page":{"page":"status"},"activation":"x-1_TIME7"}"#,
    r#"{"answer":"show","page":{"page":"diagnostics"}}"#,
    r#"{"answer":"show","page":{"page":"about"}}"#,
    r#"{"answer":"secretShape","shape":"updateToken"}"#,
    r#"{"answer":"history","items":[]}"#,
    r#"{"answer":"autostart","on":false}"#,
    r#"{"answer":"autostart","on":false,"note":{"kind":"another","program":"/opt/dyntray"}}"#,
    r#"{"answer":"autostart","on":false,"note":{"kind":"moveFirst"}}"#,
    r#"{"answer":"about","about":{"version":"1.2.3","system":"Debian","settingsFolder":"/a","dataFolder":"/b"}}"#,
    r#"{"answer":"program","version":"1.2.3"}"#,
    r#"{"answer":"located","elsewhere":[{"number":1,"addresses":"91.3.4.5"}],"unknown":2}"#,
    r#"{"answer":"backedUp","file":"-----BEGIN AGE","withoutSecret":["home.spdns.de"]}"#,
    r#"{"answer":"done"}"#,
    r#"{"answer":"restarting"}"#,
    r#"{"answer":"refused","refusal":{"kind":"fields","errors":[]}}"#,
    r#"{"answer":"refused","refusal":{"kind":"keyringLocked"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"keyringAbsent"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"secretsReadOnly","hostnames":["home.spdns.de"]}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notWritten","why":"x"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"noSuchEntry"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"networkUnclear"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"noWindow","why":"x"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notUnderstood"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notShown","why":"x"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notCopied","why":"x"}}"#,
    r#"{"answer":"log","lines":[{"at":"2026-11-28T12:00:00Z","level":"warn","message":"y","text":"x"}]}"#,
    r#"{"answer":"diagnostics","text":"x"}"#,
    r#"{"answer":"fileSaved","path":"/a"}"#,
];

fn read<T: serde::de::DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn written(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON")
}

#[test]
fn every_request_is_read_and_written_as_it_always_was() {
    for json in REQUESTS {
        let request: Request = read(json);
        assert_eq!(written(&request), json);
        assert_eq!(written(&ClientMessage::Request(request)), json);
        let message: ClientMessage = read(json);
        assert!(matches!(message, ClientMessage::Request(_)), "{json}");
    }
    let watch: ClientMessage = read(WATCH);
    assert!(matches!(watch, ClientMessage::Watch { window: true }));
    assert_eq!(written(&watch), WATCH);
    let cancel: ClientMessage = read(CANCEL);
    assert!(matches!(cancel, ClientMessage::Cancel));
    assert_eq!(written(&cancel), CANCEL);
}

#[test]
fn a_message_that_is_none_of_them_is_not_understood() {
    for json in [
        r#"{"request":"reboot"}"#,
        r#"{"request":"history"}"#,
        // As a window from before an update says it: nobody knows what it was made from.
        r#"{"request":"save","form":{},"secrets":[]}"#,
        r#"{"request":"watch"}"#,
        r#"{"request":"copyAddress","address":"192.168.0.1"}"#,
        r#""status""#,
        "{}",
    ] {
        assert!(serde_json::from_str::<ClientMessage>(json).is_err(), "{json}");
    }
    assert!(serde_json::from_str::<Request>(WATCH).is_err(), "watching is the connection's matter");
}

#[test]
fn what_a_newer_program_says_more_about_a_window_is_left_out_by_an_older_one() {
    let newer = r#"{"request":"openWindow","page":{"page":"status"},"later":{"display":":1"}}"#;
    assert_eq!(written(&read::<Request>(newer)), r#"{"request":"openWindow","page":{"page":"status"}}"#);
    let bare = r#"{"request":"openWindow","page":{"page":"status"},"session":{"later":"x"}}"#;
    assert!(matches!(read(bare), ClientMessage::Request(_)));
}

#[test]
fn every_response_is_read_and_written_as_it_always_was() {
    for json in RESPONSES {
        assert_eq!(written(&read::<Response>(json)), json);
    }
}

#[test]
fn a_line_of_an_older_programs_log_has_no_sentence_of_its_own() {
    let older = r#"{"answer":"log","lines":[{"at":"2026-11-28T12:00:00Z","level":"warn","text":"x"}]}"#;
    let Response::Log { lines } = read(older) else { panic!("{older}") };
    assert_eq!((lines[0].message.as_str(), lines[0].text.as_str()), ("", "x"));
}
