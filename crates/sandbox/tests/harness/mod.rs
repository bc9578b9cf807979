//! The test harness: a sandbox in a directory of its own, an update client, a browser that keeps its cookie.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic fails the test")]

use std::io::Write as _;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;

use dyntray_sandbox::{Options, Sandbox, start};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use tempfile::TempDir;

pub const HOST: &str = "home.spdns.de";
pub const AGENT: &str = "Dyntray/0.1.0 (test; +https://example.org)";

/// Another address of this machine: a client there is a stranger to those at 127.0.0.1.
pub const STRANGER: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));

/// The answer to the portal's questions.
pub const CONFIRMED: (&str, &str) = ("confirm", "yes");

/// Reports a skipped test, past the test runner's capture.
pub fn skipped(why: &str) {
    let _ = writeln!(std::io::stderr(), "SKIPPED {why}"); // stderr may be closed
}

/// The builder of a client that follows no redirects and uses no proxy.
pub fn builder() -> ClientBuilder {
    let _ = rustls::crypto::ring::default_provider().install_default(); // fails if it is installed already
    Client::builder().no_proxy().redirect(Policy::none())
}

/// A client that follows no redirects and uses no proxy.
pub fn client() -> Client {
    builder().build().unwrap()
}

/// The same, from another address of this machine.
pub fn client_at(address: IpAddr) -> Client {
    builder().local_address(address).build().unwrap()
}

/// A sandbox and its directory.
pub struct Stage {
    pub dir: TempDir,
    pub sandbox: Sandbox,
    pub client: Client,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(adjust: impl FnOnce(&mut Options)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut options = Options::new(dir.path());
        adjust(&mut options);
        let sandbox = start(options).await.unwrap();
        Self { dir, sandbox, client: client() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.base_url())
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(self.url(path)).header("user-agent", AGENT)
    }

    pub async fn text(&self, path: &str) -> String {
        self.get(path).send().await.unwrap().text().await.unwrap()
    }

    /// Sends an update with HTTP Basic; `query` has no question mark.
    pub async fn update_as(&self, user: &str, secret: &str, query: &str) -> String {
        let request = self.get(&format!("/nic/update?{query}")).basic_auth(user, Some(secret));
        request.send().await.unwrap().text().await.unwrap()
    }

    /// The same, from another address of this machine.
    pub async fn update_from(&self, address: IpAddr, user: &str, secret: &str, query: &str) -> String {
        let request = client_at(address).get(self.url(&format!("/nic/update?{query}")));
        let request = request.header("user-agent", AGENT).basic_auth(user, Some(secret));
        request.send().await.unwrap().text().await.unwrap()
    }

    /// Sends an update of `HOST` with its token.
    pub async fn update(&self, token: &str, myip: &str) -> String {
        self.update_as(HOST, token, &format!("hostname={HOST}&myip={myip}")).await
    }

    pub async fn control(&self, path: &str, body: serde_json::Value) -> Response {
        let request = self.client.post(self.url(path)).header("content-type", "application/json");
        request.body(body.to_string()).send().await.unwrap()
    }

    /// The browser of somebody who owns `HOST`, and its token.
    pub async fn owner(&self) -> (Browser, String) {
        let mut browser = self.browser();
        browser.enter("anna", "correct horse").await;
        browser.add_host(HOST).await;
        let token = browser.create_token(HOST).await;
        (browser, token)
    }

    pub fn browser(&self) -> Browser {
        Browser::at(&self.sandbox.base_url())
    }

    /// A browser at another address of this machine.
    pub fn browser_from(&self, address: IpAddr) -> Browser {
        Browser { client: client_at(address), ..self.browser() }
    }
}

/// A response to the browser.
pub struct Page {
    pub status: u16,
    pub location: Option<String>,
    pub set_cookie: Option<String>,
    pub body: String,
}

impl Page {
    /// The CSRF token of the page's form.
    pub fn csrf(&self) -> String {
        self.between("name=\"csrf\" value=\"", "\"").expect("a form")
    }

    /// The tokens that the page's form would replace.
    pub fn replaces(&self) -> String {
        self.between("name=\"replaces\" value=\"", "\"").expect("a token's form")
    }

    /// True if the page asks before it does something.
    pub fn asks(&self) -> bool {
        self.status == 200 && self.body.contains("name=\"confirm\"")
    }

    /// The token on the page.
    pub fn token(&self) -> Option<String> {
        self.between("<code id=\"token\">", "</code>")
    }

    fn between(&self, before: &str, after: &str) -> Option<String> {
        let rest = self.body.split_once(before)?.1;
        Some(rest.split_once(after)?.0.to_owned())
    }
}

/// A browser that uses the portal like a person: it opens the page with the form, fills it in, submits it.
pub struct Browser {
    base: String,
    client: Client,
    pub cookie: Option<String>,
    pub language: &'static str,
}

impl Browser {
    pub fn at(base: &str) -> Self {
        Self { base: base.to_owned(), client: client(), cookie: None, language: "en" }
    }

    /// The same browser once more, with the same cookie.
    pub fn copy(&self) -> Self {
        Self {
            base: self.base.clone(),
            client: client(),
            cookie: self.cookie.clone(),
            language: self.language,
        }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Submits a form as given, without a CSRF token of its page.
    pub async fn post_raw(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        let request = self.client.post(format!("{}{path}", self.base));
        let request =
            request.header("content-type", "application/x-www-form-urlencoded").body(body.join("&"));
        self.send(request).await
    }

    /// Opens a page and submits one of its forms.
    pub async fn fill_in(&mut self, page: &str, form: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get(page).await.csrf();
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.post_raw(form, &all).await
    }

    /// Creates an account and logs in.
    pub async fn enter(&mut self, name: &str, password: &str) {
        let fields = [("name", name), ("password", password)];
        assert_eq!(self.fill_in("/register", "/register", &fields).await.status, 303);
        assert_eq!(self.fill_in("/login", "/login", &fields).await.status, 303);
    }

    pub async fn add_host(&mut self, name: &str) {
        let page = self.fill_in("/hosts", "/hosts", &[("name", name)]).await;
        assert_eq!(page.status, 303, "{}", page.body);
    }

    pub async fn delete_host(&mut self, host: &str) {
        let page = format!("/hosts/{host}");
        let deleted = self.fill_in(&page, &format!("{page}/delete"), &[CONFIRMED]).await;
        assert_eq!(deleted.status, 303, "{}", deleted.body);
    }

    pub async fn create_token(&mut self, host: &str) -> String {
        let page = format!("/hosts/{host}");
        self.fill_in(&page, &format!("{page}/token"), &[CONFIRMED]).await.token().expect("a token")
    }

    pub async fn set_active(&mut self, host: &str, active: bool) {
        let (page, on) = (format!("/hosts/{host}"), if active { "on" } else { "off" });
        assert_eq!(self.fill_in(&page, &format!("{page}/active"), &[("active", on)]).await.status, 303);
    }

    /// Chooses a kind of token in the drop-down, presses "+ Create Token", and answers no question.
    pub async fn choose_token(&mut self, host: &str, kind: &str) -> Page {
        let page = self.get(&format!("/hosts/{host}")).await;
        let fields = [("csrf", &*page.csrf()), ("replaces", &*page.replaces()), ("kind", kind)];
        self.post_raw(&format!("/hosts/{host}/token"), &fields).await
    }

    async fn send(&mut self, mut request: RequestBuilder) -> Page {
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.header("accept-language", self.language).send().await.unwrap();
        let header = |name: &str| Some(response.headers().get(name)?.to_str().unwrap().to_owned());
        let (location, set_cookie) = (header("location"), header("set-cookie"));
        if let Some(cookie) = &set_cookie {
            self.cookie = cookie.split(';').next().map(str::to_owned);
        }
        let status = response.status().as_u16();
        Page { status, location, set_cookie, body: response.text().await.unwrap() }
    }
}

/// Percent-encodes everything but letters and digits.
pub fn encoded(text: &str) -> String {
    let keep = |byte: u8| byte.is_ascii_alphanumeric();
    text.bytes().map(|b| if keep(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// The bytes of the database's files: the database itself, its WAL and its index.
pub fn database_bytes(dir: &Path) -> Vec<u8> {
    let files = std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    files.flat_map(|file| std::fs::read(file).unwrap()).collect()
}

pub fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}
