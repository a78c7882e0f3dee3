//! A browser, as far as a sign-in needs one: cookies, redirects, and two forms to fill in.

use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode, Url};
use serde_json::Value;

use super::openid_provider::OpenIdProvider;

/// Where the provider sends a phone's program back to. Nothing is there.
const PHONE_CALLBACK: &str = "http://localhost:1/phone";
/// The example of RFC 7636, appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A browser with cookies of its own.
pub struct Browser {
    pub http: Client,
}

impl Browser {
    pub fn new() -> Self {
        let until_the_phone = Policy::custom(|attempt| {
            // What comes back to us is looked at before it is followed.
            let stops = attempt.url().path() == "/phone" || attempt.url().path().ends_with("/callback/");
            if stops { attempt.stop() } else { attempt.follow() }
        });
        let http = Client::builder().cookie_store(true).redirect(until_the_phone).build().unwrap();
        Self { http }
    }

    /// Follows a link to the provider, signs in there under a name and consents; answers the URL that leads back.
    pub async fn sign_in_there(&self, link: &str, name: &str) -> Url {
        let mut response = self.http.get(link).send().await.unwrap();
        while !response.status().is_redirection() {
            response = self.fill_in(response, name).await;
        }
        let back = response.headers()["location"].to_str().unwrap();
        response.url().join(back).unwrap()
    }

    /// Fills in the form that it is shown, which says by a hidden field what it is for.
    async fn fill_in(&self, shown: Response, name: &str) -> Response {
        let (url, status) = (shown.url().clone(), shown.status());
        let page = shown.text().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{url}: {page}");
        let form: &[(&str, &str)] = if page.contains(r#"name="login""#) {
            &[("prompt", "login"), ("login", name), ("password", "any")]
        } else {
            assert!(page.contains("consent"), "{url}: {page}");
            &[("prompt", "consent")]
        };
        self.http.post(url).form(form).send().await.unwrap()
    }

    /// Comes back from the provider.
    pub async fn come_back(&self, url: &Url) -> Response {
        self.http.get(url.clone()).send().await.unwrap()
    }
}

/// An ID token, which a phone's program got from the provider by itself.
pub async fn id_token(provider: &OpenIdProvider, client: &str, name: &str) -> String {
    let browser = Browser::new();
    let query = [
        ("client_id", client),
        ("redirect_uri", PHONE_CALLBACK),
        ("response_type", "code"),
        ("scope", "openid email profile"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let link = Url::parse_with_params(&format!("{}/auth", provider.url), query).unwrap();
    let back = browser.sign_in_there(link.as_str(), name).await;
    let code = back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let form = [
        ("client_id", client),
        ("redirect_uri", PHONE_CALLBACK),
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("code_verifier", VERIFIER),
    ];
    let answer = browser.http.post(format!("{}/token", provider.url)).form(&form).send().await.unwrap();
    let tokens: Value = answer.json().await.unwrap();
    tokens["id_token"].as_str().unwrap_or_else(|| panic!("{tokens}")).to_owned()
}
