//! The portal's texts, one value for each language: a text missing in one of them does not compile.

use axum::http::{HeaderMap, header};

/// All texts of the portal.
pub(super) struct Texts {
    pub(super) lang: &'static str,
    pub(super) sandbox: &'static str,
    pub(super) hosts: &'static str,
    pub(super) line: &'static str,
    pub(super) log_in: &'static str,
    pub(super) log_out: &'static str,
    pub(super) register: &'static str,
    pub(super) account_name: &'static str,
    pub(super) password: &'static str,
    pub(super) password_hint: &'static str,
    pub(super) no_account: &'static str,
    pub(super) has_account: &'static str,
    pub(super) wrong_login: &'static str,
    pub(super) bad_account_name: &'static str,
    pub(super) bad_password: &'static str,
    pub(super) account_taken: &'static str,
    pub(super) host_name: &'static str,
    pub(super) records: &'static str,
    pub(super) records_both: &'static str,
    pub(super) addresses: &'static str,
    pub(super) token: &'static str,
    pub(super) state: &'static str,
    pub(super) none: &'static str,
    pub(super) token_used: &'static str,
    pub(super) token_unused: &'static str,
    pub(super) token_none: &'static str,
    pub(super) active: &'static str,
    pub(super) inactive: &'static str,
    pub(super) no_hosts: &'static str,
    pub(super) add_host: &'static str,
    pub(super) bad_host_name: &'static str,
    pub(super) host_taken: &'static str,
    pub(super) create_missing: &'static str,
    pub(super) last_update: &'static str,
    pub(super) never: &'static str,
    pub(super) update_token: &'static str,
    pub(super) token_meaning: &'static str,
    pub(super) token_replaces: &'static str,
    pub(super) remove_token: &'static str,
    pub(super) switch_on: &'static str,
    pub(super) switch_off: &'static str,
    pub(super) delete_host: &'static str,
    pub(super) update_log: &'static str,
    pub(super) log_empty: &'static str,
    pub(super) time: &'static str,
    pub(super) user_agent: &'static str,
    pub(super) return_code: &'static str,
    pub(super) user: &'static str,
    pub(super) token_once: &'static str,
    pub(super) back: &'static str,
    pub(super) line_meaning: &'static str,
    pub(super) router_address: &'static str,
    pub(super) reconnect: &'static str,
    pub(super) mode: &'static str,
    pub(super) mode_normal: &'static str,
    pub(super) mode_shared: &'static str,
    pub(super) mode_hotel: &'static str,
    pub(super) mode_offline: &'static str,
}

static ENGLISH: Texts = Texts {
    lang: "en",
    sandbox: "This is a sandbox on this computer, not SPDYN: nothing here reaches the real service.",
    hosts: "Hosts",
    line: "Internet line",
    log_in: "Log in",
    log_out: "Log out",
    register: "Create account",
    account_name: "Account name",
    password: "Password",
    password_hint: "At least 8 characters",
    no_account: "No account yet?",
    has_account: "Already an account?",
    wrong_login: "Account name or password is wrong.",
    bad_account_name: "This account name can't be used.",
    bad_password: "The password needs 8 to 200 characters.",
    account_taken: "This account name is taken.",
    host_name: "Host name",
    records: "Records",
    records_both: "A and AAAA",
    addresses: "Addresses",
    token: "Token",
    state: "State",
    none: "none",
    token_used: "used",
    token_unused: "made but unused",
    token_none: "none",
    active: "active",
    inactive: "inactive",
    no_hosts: "No hosts yet.",
    add_host: "Add host",
    bad_host_name: "This is not a full host name such as home.spdns.de.",
    host_taken: "This host name is taken.",
    create_missing: "Create tokens for all hosts without one (CSV)",
    last_update: "Last update",
    never: "never",
    update_token: "Update Token",
    token_meaning: "May update this one host and nothing else. User is the host name, password is the token.",
    token_replaces: "A new token replaces the present one.",
    remove_token: "Remove token",
    switch_on: "Switch on",
    switch_off: "Switch off",
    delete_host: "Delete host",
    update_log: "Update log",
    log_empty: "No update has come in yet.",
    time: "Time",
    user_agent: "Program",
    return_code: "Return code",
    user: "User",
    token_once: "Copy the token now: it is shown this once and can't be recovered.",
    back: "Back",
    line_meaning: "The addresses that this sandbox pretends to see.",
    router_address: "Router's own address",
    reconnect: "Reconnect",
    mode: "Connection",
    mode_normal: "Line of one's own",
    mode_shared: "Provider shares the address",
    mode_hotel: "Hotel sign-in page",
    mode_offline: "No Internet",
};

static GERMAN: Texts = Texts {
    lang: "de",
    sandbox: "Dies ist eine Sandbox auf diesem Computer, nicht SPDYN: Nichts davon erreicht den echten Dienst.",
    hosts: "Hosts",
    line: "Internetanschluss",
    log_in: "Anmelden",
    log_out: "Abmelden",
    register: "Konto anlegen",
    account_name: "Kontoname",
    password: "Passwort",
    password_hint: "Mindestens 8 Zeichen",
    no_account: "Noch kein Konto?",
    has_account: "Schon ein Konto?",
    wrong_login: "Kontoname oder Passwort ist falsch.",
    bad_account_name: "Dieser Kontoname ist nicht möglich.",
    bad_password: "Das Passwort braucht 8 bis 200 Zeichen.",
    account_taken: "Dieser Kontoname ist vergeben.",
    host_name: "Hostname",
    records: "Einträge",
    records_both: "A und AAAA",
    addresses: "Adressen",
    token: "Token",
    state: "Zustand",
    none: "keine",
    token_used: "benutzt",
    token_unused: "erzeugt, aber unbenutzt",
    token_none: "keiner",
    active: "aktiv",
    inactive: "inaktiv",
    no_hosts: "Noch keine Hosts.",
    add_host: "Host hinzufügen",
    bad_host_name: "Das ist kein vollständiger Hostname wie home.spdns.de.",
    host_taken: "Dieser Hostname ist vergeben.",
    create_missing: "Token für alle Hosts ohne Token erzeugen (CSV)",
    last_update: "Letzte Aktualisierung",
    never: "nie",
    update_token: "Update Token",
    token_meaning: "Darf nur diesen einen Host aktualisieren. Benutzer ist der Hostname, Passwort ist der Token.",
    token_replaces: "Ein neuer Token ersetzt den bisherigen.",
    remove_token: "Token entfernen",
    switch_on: "Einschalten",
    switch_off: "Ausschalten",
    delete_host: "Host löschen",
    update_log: "Aktualisierungsprotokoll",
    log_empty: "Es kam noch keine Aktualisierung an.",
    time: "Zeit",
    user_agent: "Programm",
    return_code: "Rückgabewert",
    user: "Benutzer",
    token_once: "Bitte den Token jetzt kopieren: Er wird nur dieses eine Mal angezeigt und lässt sich nicht wiederherstellen.",
    back: "Zurück",
    line_meaning: "Die Adressen, die diese Sandbox zu sehen vorgibt.",
    router_address: "Eigene Adresse des Routers",
    reconnect: "Neu verbinden",
    mode: "Verbindung",
    mode_normal: "Eigener Anschluss",
    mode_shared: "Anbieter teilt die Adresse auf",
    mode_hotel: "Anmeldeseite im Hotel",
    mode_offline: "Kein Internet",
};

/// A language of the portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    German,
}

impl Language {
    /// The one a browser likes best; English when it likes neither.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut best = (0.0, Self::English);
        for wish in text.split(',') {
            let (tag, weight) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
            let language = match tag.trim().split('-').next() {
                Some(tag) if tag.eq_ignore_ascii_case("de") => Self::German,
                Some(tag) if tag.eq_ignore_ascii_case("en") => Self::English,
                _ => continue,
            };
            if weight > best.0 {
                best = (weight, language);
            }
        }
        best.1
    }

    /// `en` or `de`.
    pub(super) fn tag(self) -> &'static str {
        self.texts().lang
    }

    /// Its texts.
    pub(super) fn texts(self) -> &'static Texts {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}
