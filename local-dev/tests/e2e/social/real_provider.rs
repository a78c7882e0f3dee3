//! With a certified OpenID provider in Google's and Facebook's places.

use reqwest::{Client, StatusCode, Url};
use serde_json::{Value, json};

use super::browser::{Browser, id_token};
use super::openid_provider::{APP, OpenIdProvider, PHONE, SOMEBODY_ELSE, WEB};
use super::test_graph;
use crate::mail;
use crate::target::{Target, unique};

const PASSWORD: &str = "kX3!vq9Zt-lamp";

/// A target, and the provider that it knows.
async fn start() -> (Target, OpenIdProvider) {
    let provider = OpenIdProvider::start();
    let graph = test_graph::start().await;
    (Target::with_providers(&provider.settings(&graph)).await, provider)
}

async fn post(target: &Target, path: &str, body: Value) -> (StatusCode, Value) {
    let response = Client::new().post(format!("{}{path}", target.http)).json(&body).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

/// Signs in with a browser; answers it, and the URL by which it came back.
async fn browse(target: &Target, provider: &str, name: &str) -> (Browser, Url) {
    let browser = Browser::new();
    let link = format!("{}/accounts/{provider}/login/?next=/api/user-profile/", target.http);
    let back = browser.sign_in_there(&link, name).await;
    assert!(back.as_str().starts_with(&format!("{}/accounts/{provider}/callback/?", target.http)), "{back}");
    (browser, back)
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn a_browser_signs_in_and_a_phones_token_is_the_same_person() {
    let (target, provider) = start().await;
    let name = unique("ann");
    let (browser, back) = browse(&target, "google", &name).await;
    let response = browser.come_back(&back).await;
    assert_eq!((response.status(), response.url().path()), (StatusCode::OK, "/api/user-profile/"));
    let profile: Value = response.json().await.unwrap();
    assert_eq!(profile["email"], format!("{name}@example.org"));
    assert_eq!((&profile["username"], &profile["is_guest"]), (&json!(null), &json!(false)));
    assert_eq!(profile["display_name"], format!("Name {name}"));
    // The link is used up, and was worth nothing elsewhere.
    assert_eq!(browser.come_back(&back).await.status(), StatusCode::BAD_REQUEST);
    let token = id_token(&provider, PHONE, &name).await;
    let (status, tokens) = post(&target, "/api/auth/google/", json!({"id_token": token})).await;
    assert_eq!((status, &tokens["id"]), (StatusCode::OK, &profile["id"]), "{tokens}");
    if let Some(log) = target.stop() {
        let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
        let signature = token.rsplit('.').next().unwrap();
        for secret in [&code, signature, &format!("secret-of-{WEB}"), tokens["token"].as_str().unwrap()] {
            assert!(!log.contains(secret), "{secret} in {log}");
        }
    }
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn a_browser_that_did_not_begin_the_sign_in_does_not_end_it() {
    let (target, _provider) = start().await;
    let (browser, back) = browse(&target, "google", &unique("ann")).await;
    let stranger = Browser::new().come_back(&back).await;
    assert_eq!(stranger.status(), StatusCode::BAD_REQUEST);
    assert!(!stranger.headers().contains_key("set-cookie"));
    let forged: Url = back.as_str().replace("code=", "code=x").parse().unwrap();
    assert_eq!(browser.come_back(&forged).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn who_parked_an_address_loses_it_to_its_owner() {
    let (target, provider) = start().await;
    let name = unique("ann");
    let (address, parker) = (format!("{name}@example.org"), unique("parker"));
    let parked = json!({"username": parker, "email": address, "password": PASSWORD});
    assert_eq!(post(&target, "/api/register/", parked).await.0, StatusCode::CREATED);
    let token = id_token(&provider, PHONE, &name).await;
    let (status, owner) = post(&target, "/api/auth/google/", json!({"id_token": token})).await;
    assert_eq!((status, &owner["user"]["email"]), (StatusCode::OK, &json!(address)), "{owner}");
    let by_address = json!({"email": address, "password": PASSWORD});
    assert_eq!(post(&target, "/api/auth/login/", by_address).await.0, StatusCode::UNAUTHORIZED);
    let by_name = json!({"username": parker, "password": PASSWORD});
    let (status, left) = post(&target, "/api/login/", by_name).await;
    assert_eq!((status, &left["user"]["email"]), (StatusCode::OK, &json!(null)));
    assert_ne!(left["id"], owner["id"]);
}

/// An account of this name, whose address is confirmed.
async fn confirmed(target: &Target, name: &str) {
    let address = format!("{name}@example.org");
    let account = json!({"username": name, "email": address, "password": PASSWORD});
    assert_eq!(post(target, "/api/register/", account).await.0, StatusCode::CREATED);
    let link = mail::link(&target.mails(), &address, "verify-email").await;
    let body = json!({"token": mail::token(&link), "password": PASSWORD});
    assert_eq!(post(target, "/api/auth/verify-email/", body).await.0, StatusCode::OK);
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn who_has_an_address_of_elsewhere_says_the_accounts_secret_once_on_a_phone() {
    let (target, provider) = start().await;
    let name = unique("private");
    confirmed(&target, &name).await;
    let google = async || {
        let token = id_token(&provider, PHONE, &name).await;
        post(&target, "/api/auth/google/", json!({"id_token": token})).await
    };
    let (status, asked) = google().await;
    assert_eq!((status, &asked["code"]), (StatusCode::CONFLICT, &json!("LINK_NEEDED")), "{asked}");
    let link = |password: &str| json!({"link_token": asked["link_token"], "password": password});
    assert_eq!(post(&target, "/api/auth/link/", link("a guess")).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&target, "/api/auth/link/", link(PASSWORD)).await.0, StatusCode::OK);
    let (status, tokens) = google().await;
    assert_eq!((status, &tokens["username"]), (StatusCode::OK, &json!(name)), "{tokens}");
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn a_browser_with_an_address_of_elsewhere_is_asked_by_a_page_and_goes_on_to_where_it_wanted() {
    let (target, _provider) = start().await;
    let name = unique("private");
    confirmed(&target, &name).await;
    let (browser, back) = browse(&target, "google", &name).await;
    let page = browser.come_back(&back).await;
    assert_eq!((page.status(), page.url().path()), (StatusCode::OK, "/accounts/link/"));
    assert_eq!(page.url().query(), Some("provider=google&needs=password"));
    let secret = json!({"password": PASSWORD, "token": ""});
    let url = format!("{}/api/auth/link/", target.http);
    // In another browser the page is good for nothing.
    let stranger = Browser::new().http.post(&url).json(&secret).send().await.unwrap();
    assert_eq!(stranger.status(), StatusCode::BAD_REQUEST);
    let linked = browser.http.post(&url).json(&secret).send().await.unwrap();
    assert_eq!(linked.status(), StatusCode::OK);
    let linked: Value = linked.json().await.unwrap();
    assert_eq!(linked["next"], "/api/user-profile/");
    let profile = browser.http.get(format!("{}/api/user-profile/", target.http)).send().await.unwrap();
    assert_eq!(profile.json::<Value>().await.unwrap()["username"], json!(name));
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn a_token_for_somebody_else_or_one_that_was_changed_is_refused() {
    let (target, provider) = start().await;
    let name = unique("ann");
    let (theirs, ours) =
        (id_token(&provider, SOMEBODY_ELSE, &name).await, id_token(&provider, PHONE, &name).await);
    let (text, signature) = ours.rsplit_once('.').unwrap();
    let (_, other_signature) = theirs.rsplit_once('.').unwrap();
    let tokens =
        [theirs.clone(), format!("{text}.{other_signature}"), format!("{signature}.{text}"), text.into()];
    for token in tokens {
        let (status, answer) = post(&target, "/api/auth/google/", json!({"id_token": token})).await;
        assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &json!("WRONG_CREDENTIALS")));
    }
    // Facebook knows nothing of Google's clients.
    let (status, _) = post(&target, "/api/auth/facebook/", json!({"id_token": ours})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(post(&target, "/api/auth/google/", json!({"id_token": ours})).await.0, StatusCode::OK);
}

#[tokio::test]
#[ignore = "needs an OpenID provider: cargo xtask e2e social"]
async fn facebook_signs_in_by_browser_and_by_access_token() {
    let (target, _provider) = start().await;
    let person = unique("77").replace('-', "");
    let (browser, back) = browse(&target, "facebook", &person).await;
    let profile: Value = browser.come_back(&back).await.json().await.unwrap();
    assert_eq!(
        (&profile["display_name"], &profile["email"]),
        (&json!(format!("Name {person}")), &json!(null))
    );
    let token = format!("{APP}-{person}");
    let (status, tokens) = post(&target, "/api/auth/facebook/", json!({"access_token": token})).await;
    assert_eq!((status, &tokens["id"]), (StatusCode::OK, &profile["id"]), "{tokens}");
    for bad in [format!("666-{person}"), "nonsense".to_owned()] {
        let (status, answer) = post(&target, "/api/auth/facebook/", json!({"access_token": bad})).await;
        assert_eq!((status, &answer["code"]), (StatusCode::UNAUTHORIZED, &json!("WRONG_CREDENTIALS")));
    }
}
