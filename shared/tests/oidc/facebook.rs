//! Facebook's two kinds of tokens.

use parlor::domain::provider::Provider;
use parlor::ports::{Clock as _, IdentityError, IdentityProviders as _, ProvenIdentity};
use serde_json::{Value, json};

use crate::signed_tokens::*;
use crate::test_provider::*;

async fn look_up(provider: &TestProvider) -> Result<ProvenIdentity, IdentityError> {
    provider.providers.look_up_access_token(Provider::Facebook, "EAAB-token").await
}

/// A provider that knows the token well.
async fn start() -> TestProvider {
    let provider = TestProvider::start().await;
    let end = provider.clock.now().as_secs() + 60;
    let facts = json!({"is_valid": true, "app_id": APP, "user_id": "77", "type": "USER", "expires_at": end});
    provider.script().debug_token = json!({ "data": facts });
    provider.script().me = json!({"id": "77", "name": "Ann Lee", "email": "ann@example.org"});
    provider
}

#[tokio::test]
async fn an_access_token_is_looked_up_with_the_apps_own_and_a_proof_of_its_secret() {
    let provider = start().await;
    let proven = look_up(&provider).await.unwrap();
    assert_eq!((proven.provider, proven.subject.as_str()), (Provider::Facebook, "77"));
    assert!(!proven.is_authoritative);
    assert_eq!((proven.email, proven.name.as_deref()), (None, Some("Ann Lee")));
    let queries = std::mem::take(&mut provider.script().graph_queries);
    assert_eq!(queries[0]["input_token"], "EAAB-token");
    assert_eq!(queries[0]["access_token"], format!("{APP}|{SECRET}"));
    assert_eq!(queries[1]["access_token"], "EAAB-token");
    // printf EAAB-token | openssl dgst -sha256 -hmac s3cret-of-the-app
    assert_eq!(queries[1]["appsecret_proof"], PROOF);
}

const PROOF: &str = "09db6c9ace22da0d5368ab11a146f16ed10e3253cf86faeee3406fde8d03340b";

#[tokio::test]
async fn a_token_of_another_app_or_person_or_an_old_one_is_refused() {
    let provider = start().await;
    let now = provider.clock.now().as_secs();
    for (name, value) in [
        ("app_id", json!("666")),
        ("app_id", Value::Null),
        ("is_valid", json!(false)),
        ("is_valid", Value::Null),
        ("expires_at", json!(now)),
        ("type", json!("PAGE")),
        ("user_id", json!("78")),
        ("user_id", json!("")),
    ] {
        let provider = start().await;
        let mut facts = provider.script().debug_token["data"].clone();
        facts.as_object_mut().unwrap().remove(name);
        if !value.is_null() {
            facts[name] = value.clone();
        }
        provider.script().debug_token = json!({ "data": facts });
        let error = look_up(&provider).await.expect_err(name);
        assert!(matches!(error, IdentityError::Refused(_)), "{name} {value}: {error:?}");
        assert!(!format!("{error:?}").contains("EAAB"), "{error:?}");
    }
}

#[tokio::test]
async fn what_the_graph_refuses_proves_nothing() {
    let provider = start().await;
    provider.script().me = Value::Null;
    assert!(matches!(look_up(&provider).await, Err(IdentityError::Refused(_))));
    provider.script().debug_token = Value::Null;
    assert!(matches!(look_up(&provider).await, Err(IdentityError::Refused(_))));
    provider.script().debug_token = json!([]);
    assert!(matches!(look_up(&provider).await, Err(IdentityError::Unavailable(_))));
}

#[tokio::test]
async fn a_token_of_limited_login_is_verified_for_the_app() {
    let provider = start().await;
    let verify = async |claims: &Value| {
        provider.providers.verify_id_token(Provider::Facebook, &rs256(0, "a", claims)).await
    };
    let claims = provider.claims_with(json!({"aud": APP, "azp": null, "email_verified": null}));
    let proven = verify(&claims).await.unwrap();
    assert_eq!((proven.provider, proven.subject.as_str(), proven.email), (Provider::Facebook, "1184", None));
    // One provider's token is none of the other's.
    assert!(matches!(verify(&provider.claims()).await, Err(IdentityError::Refused(_))));
}
