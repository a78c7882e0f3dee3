//! A browser goes to the provider and comes back.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlor::domain::provider::Provider;
use parlor::ports::{IdentityError, IdentityProviders as _, ProvenIdentity, ProviderAnswer, ProviderVisit};
use ring::digest::{SHA256, digest};
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

fn answer(issuer: Option<&str>) -> ProviderAnswer {
    ProviderAnswer { code: "the-code".to_owned(), issuer: issuer.map(str::to_owned) }
}

async fn finish(provider: &TestProvider, id_token: Option<String>) -> Result<ProvenIdentity, IdentityError> {
    let tokens = json!({"access_token": "opaque", "token_type": "Bearer", "id_token": id_token});
    provider.script().tokens = (200, tokens);
    provider.providers.finish(Provider::Google, &visit(), &answer(None)).await
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
async fn an_id_token_that_came_with_another_access_token_is_refused() {
    let provider = TestProvider::start().await;
    // RFC: the left half of the hash of what stands in the same answer.
    let hash = |token: &str| URL_SAFE_NO_PAD.encode(&digest(&SHA256, token.as_bytes()).as_ref()[..16]);
    let told = async |at_hash: String| {
        let claims = provider.claims_with(json!({"nonce": "the-nonce", "at_hash": at_hash}));
        finish(&provider, Some(rs256(0, "a", &claims))).await
    };
    assert!(told(hash("opaque")).await.is_ok());
    for wrong in [hash("another"), String::new(), "x".to_owned()] {
        let error = told(wrong).await.unwrap_err();
        assert!(matches!(error, IdentityError::Refused(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_code_that_another_issuer_gave_is_sent_to_nobody() {
    let provider = TestProvider::start().await;
    let token = rs256(0, "a", &provider.claims_with(json!({"nonce": "the-nonce"})));
    provider.script().tokens =
        (200, json!({"access_token": "opaque", "token_type": "Bearer", "id_token": token}));
    let finish = async |issuer: &str| {
        provider.providers.finish(Provider::Google, &visit(), &answer(Some(issuer))).await
    };
    for foreign in ["https://evil.example", "", &format!("{}/", provider.url)] {
        let error = finish(foreign).await.unwrap_err();
        assert!(matches!(error, IdentityError::Refused(_)), "{foreign}: {error:?}");
    }
    assert!(provider.script().exchanges.is_empty());
    assert!(finish(&provider.url).await.is_ok());
}

#[tokio::test]
async fn a_code_that_the_provider_refuses_proves_nothing_and_an_answer_without_sense_is_its_fault() {
    let provider = TestProvider::start().await;
    provider.script().tokens = (400, json!({"error": "invalid_grant", "error_description": "the-code"}));
    let error = provider.providers.finish(Provider::Google, &visit(), &answer(None)).await.unwrap_err();
    assert!(matches!(&error, IdentityError::Refused(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("the-code"), "{error:?}");
    let error = finish(&provider, None).await.unwrap_err();
    assert!(matches!(error, IdentityError::Unavailable(_)), "{error:?}");
    provider.script().tokens = (200, json!({"access_token": "s3cret-token"}));
    let error = provider.providers.finish(Provider::Google, &visit(), &answer(None)).await.unwrap_err();
    assert!(matches!(error, IdentityError::Unavailable(_)), "{error:?}");
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
}
