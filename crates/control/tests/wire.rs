//! The JSON on the socket, frozen: window, command line and always-on program may be of different versions.

use dyntray_control::{ClientMessage, Request, Response};

/// The message that isn't a request.
const WATCH: &str = r#"{"request":"watch","window":true}"#;

/// Every request, as a client sends it.
const REQUESTS: [&str; 33] = [
    r#"{"request":"status"}"#,
    r#"{"request":"form"}"#,
    r#"{"request":"save","form":{"language":"system","theme":"system","notices":"all","resolverIpv4":"https://a/","resolverIpv6":"https://b/","fallBacks":[],"interval":"10 min","homeLock":true,"publishVpn":false,"publishShared":false,"nameServer":"","proxy":"system","proxyAddress":"","releases":"","entries":[]},"secrets":[{"kind":"keep"},{"kind":"replace","secret":"abcd-efgh-ijkl"},{"kind":"remove"}]}"#,
    r#"{"request":"inspectSecret","secret":"abcd-efgh-ijkl"}"#,
    r#"{"request":"setSecret","entry":7,"secret":"abcd-efgh-ijkl"}"#,
    r#"{"request":"previewImport","text":"a,b","name":"spdyn_update_token.csv"}"#,
    r#"{"request":"import","text":"a,b","name":"spdyn_update_token.csv","take":[0,2]}"#,
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
const RESPONSES: [&str; 24] = [
    r#"{"answer":"show","page":{"page":"status"}}"#,
    r#"{"answer":"show","page":{"page":"settings"}}"#,
    r#"{"answer":"show","page":{"page":"status"},"activation":"x-1_TIME7"}"#,
    r#"{"answer":"show","page":{"page":"diagnostics"}}"#,
    r#"{"answer":"show","page":{"page":"about"}}"#,
    r#"{"answer":"secretShape","shape":"updateToken"}"#,
    r#"{"answer":"history","items":[]}"#,
    r#"{"answer":"autostart","on":false}"#,
    r#"{"answer":"about","about":{"version":"1.2.3","system":"Debian","settingsFolder":"/a","dataFolder":"/b"}}"#,
    r#"{"answer":"done"}"#,
    r#"{"answer":"restarting"}"#,
    r#"{"answer":"refused","refusal":{"kind":"fields","errors":[]}}"#,
    r#"{"answer":"refused","refusal":{"kind":"keyringLocked"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"keyringAbsent"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"secretsReadOnly"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notWritten","why":"x"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"noSuchEntry"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"noWindow","why":"x"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notUnderstood"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notShown","why":"x"}}"#,
    r#"{"answer":"refused","refusal":{"kind":"notCopied","why":"x"}}"#,
    r#"{"answer":"log","lines":[{"at":"2026-11-28T12:00:00Z","level":"warn","text":"x"}]}"#,
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
}

#[test]
fn a_message_that_is_none_of_them_is_not_understood() {
    for json in [
        r#"{"request":"reboot"}"#,
        r#"{"request":"history"}"#,
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
