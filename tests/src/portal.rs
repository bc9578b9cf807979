//! The sandbox's portal, used as a browser uses it: pages, forms, a cookie.

use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, Response, StatusCode};

use crate::{Error, Result};

/// Name and password of the stories' account.
pub const ACCOUNT: (&str, &str) = ("householder", "a-long-password");

/// A person logged in at the portal.
pub struct Portal {
    client: Client,
    base: String,
    cookie: String,
}

impl Portal {
    /// Makes an account with one host and its token; `base` is the portal's URL without a slash at its end.
    pub async fn with_host(base: String, hostname: &str) -> Result<(Self, String)> {
        let mut portal = Self::register(base, ACCOUNT.0, ACCOUNT.1).await?;
        portal.add_host(hostname).await?;
        let token = portal.make_token(hostname).await?;
        Ok((portal, token))
    }

    /// Makes an account and logs in.
    pub async fn register(base: String, name: &str, password: &str) -> Result<Self> {
        // An error only says that it was chosen before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| page_error("a client", &error))?;
        let mut portal = Portal { client, base, cookie: String::new() };
        let account = [("name", name), ("password", password)];
        portal.submit("/register", "/register", &account, StatusCode::SEE_OTHER).await?;
        portal.submit("/login", "/login", &account, StatusCode::SEE_OTHER).await?;
        Ok(portal)
    }

    /// Adds a host.
    pub async fn add_host(&mut self, hostname: &str) -> Result<()> {
        // Each page has what a form needs; the list of thousands of hosts would take its time.
        self.submit("/symbols", "/hosts", &[("name", hostname)], StatusCode::SEE_OTHER).await.map(|_| ())
    }

    /// Chooses "Update Token", presses "+ Create Token", confirms that a used one is replaced, and copies the token, which
    /// the page shows once.
    pub async fn make_token(&mut self, hostname: &str) -> Result<String> {
        let host = format!("/hosts/{hostname}");
        let form = format!("{host}/token");
        let mut page = self.submit(&host, &form, &[("kind", "update")], StatusCode::OK).await?;
        if page.contains("name=\"confirm\"") {
            let confirmed = [("kind", "update"), ("confirm", "yes")];
            page = self.submit(&host, &form, &confirmed, StatusCode::OK).await?;
        }
        between(&page, "<code id=\"token\">", "</code>")
            .map(str::to_owned)
            .ok_or_else(|| Error::NotThere("the token on the portal's page".to_owned()))
    }

    /// Opens the page `from`, fills in its form, and submits it to `to`.
    async fn submit(
        &mut self,
        from: &str,
        to: &str,
        fields: &[(&str, &str)],
        expected: StatusCode,
    ) -> Result<String> {
        let form = self.send(self.client.get(format!("{}{from}", self.base))).await?;
        let form = text(form).await?;
        let mut body = String::new();
        if let Some(csrf) = between(&form, "name=\"csrf\" value=\"", "\"") {
            body = format!("csrf={csrf}");
        }
        for (name, value) in fields {
            // Names, passwords and host names of the stories need no escaping.
            body = format!("{body}&{name}={value}");
        }
        let request = self
            .client
            .post(format!("{}{to}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        let response = self.send(request).await?;
        if response.status() != expected {
            return Err(Error::NotThere(format!("{expected} from {to}: it answered {}", response.status())));
        }
        text(response).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> Result<Response> {
        let response = request
            .header(COOKIE, &self.cookie)
            .send()
            .await
            .map_err(|error| page_error("the portal", &error))?;
        for set in response.headers().get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()) {
            set.split(';').next().unwrap_or_default().clone_into(&mut self.cookie);
        }
        Ok(response)
    }
}

async fn text(response: Response) -> Result<String> {
    response.text().await.map_err(|error| page_error("the portal's page", &error))
}

fn page_error(what: &str, error: &reqwest::Error) -> Error {
    Error::NotThere(format!("{what}: {error}"))
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let start = text.find(before)? + before.len();
    text[start..].split(after).next()
}
