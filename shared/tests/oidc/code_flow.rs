//! A browser goes to the provider and comes back.

use std::collections::HashMap;

use parlor::domain::provider::Provider;
use parlor::ports::{IdentityError, IdentityProviders as _, ProvenIdentity, ProviderVisit};
use serde_json::json;

use crate::signed_tokens::*;
use crate::test_provider::*;

fn visit() -> ProviderVisit {
    ProviderVisit {
        redirect_uri: "https://app.test/accounts/google/callback/".to_owned(),
        state: "the-state".to_owned(),
        nonce: "the-nonce".to_owned(),
        // The example of RFC 7636, appendix B.
        verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk".to_owned(),
    }
}

async fn finish(provider: &TestProvider, id_token: Option<String>) -> Result<ProvenIdentity, IdentityError> {
    let tokens = json!({"access_token": "opaque", "token_type": "Bearer", "id_token": id_token});
    provider.script().tokens = (200, tokens);
    provider.providers.finish(Provider::Google, &visit(), "the-code").await
}

#[tokio::test]
async fn a_browser_is_sent_there_with_state_nonce_and_a_challenge() {
    let provider = TestProvider::start().await;
    let url = provider.providers.begin(Provider::Google, &visit()).await.unwrap();
    let url: reqwest::Url = url.parse().unwrap();
    assert!(url.as_str().starts_with(&format!("{}/authorize?", provider.url)), "{url}");
    let query: HashMap<_, _> = url.query_pairs().into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", WEB),
        ("redirect_uri", "https://app.test/accounts/google/callback/"),
        ("scope", "openid email profile"),
        ("state", "the-state"),
        ("nonce", "the-nonce"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    assert_eq!(query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[tokio::test]
async fn a_code_is_exchanged_with_secret_and_verifier_for_whoever_signed_in() {
    let provider = TestProvider::start().await;
    let token = rs256(0, "a", &provider.claims_with(json!({"nonce": "the-nonce"})));
    assert_eq!(finish(&provider, Some(token)).await.unwrap().subject.as_str(), "1184");
    let expected = [
        ("grant_type", "authorization_code"),
        ("code", "the-code"),
        ("redirect_uri", "https://app.test/accounts/google/callback/"),
        ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        ("client_id", WEB),
        ("client_secret", SECRET),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    assert_eq!(provider.script().exchanges, [expected]);
}

#[tokio::test]
async fn a_token_of_another_sign_in_or_of_another_client_of_ours_is_refused() {
    let provider = TestProvider::start().await;
    for other in [
        json!({}),
        json!({"nonce": "another"}),
        json!({"nonce": ""}),
        json!({"nonce": "the-nonce", "aud": PHONE, "azp": PHONE}),
        json!({"nonce": "the-nonce", "azp": PHONE}),
    ] {
        let token = rs256(0, "a", &provider.claims_with(other.clone()));
        let error = finish(&provider, Some(token)).await.expect_err(&other.to_string());
        assert!(matches!(error, IdentityError::Refused(_)), "{other}: {error:?}");
    }
}

#[tokio::test]
async fn a_code_that_the_provider_refuses_proves_nothing_and_an_answer_without_sense_is_its_fault() {
    let provider = TestProvider::start().await;
    provider.script().tokens = (400, json!({"error": "invalid_grant", "error_description": "the-code"}));
    let error = provider.providers.finish(Provider::Google, &visit(), "the-code").await.unwrap_err();
    assert!(matches!(&error, IdentityError::Refused(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("the-code"), "{error:?}");
    let error = finish(&provider, None).await.unwrap_err();
    assert!(matches!(error, IdentityError::Unavailable(_)), "{error:?}");
    provider.script().tokens = (200, json!({"access_token": "s3cret-token"}));
    let error = provider.providers.finish(Provider::Google, &visit(), "the-code").await.unwrap_err();
    assert!(matches!(error, IdentityError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
}
