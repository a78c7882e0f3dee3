//! Which ID tokens are taken.

use parlor::domain::provider::Provider;
use parlor::oidc::{OpenIdProviders, ProviderSettings};
use parlor::ports::{Clock as _, IdentityError, IdentityProviders as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::signed_tokens::*;
use crate::test_provider::*;

#[tokio::test]
async fn a_good_token_says_who_it_is_about() {
    let provider = TestProvider::start().await;
    provider.script().keys.push(ec_key("e"));
    for token in [rs256(0, "a", &provider.claims()), es256("e", &provider.claims())] {
        let proven = provider.verify(&token).await.unwrap();
        assert_eq!((proven.provider, proven.subject.as_str()), (Provider::Google, "1184"));
        assert_eq!(proven.email.unwrap().as_str(), "ann@example.org");
        assert_eq!(proven.name.as_deref(), Some("Ann Lee"));
    }
    assert_eq!(provider.script().keys_asked_for, 1);
}

#[tokio::test]
async fn an_address_counts_only_if_the_provider_has_verified_it() {
    let provider = TestProvider::start().await;
    for other in [
        json!({"email_verified": false}),
        json!({"email_verified": null}),
        json!({"email": null}),
        json!({"email": "no address"}),
    ] {
        let token = rs256(0, "a", &provider.claims_with(other.clone()));
        assert_eq!(provider.verify(&token).await.unwrap().email, None, "{other}");
    }
}

#[tokio::test]
async fn a_provider_speaks_for_its_own_addresses_and_for_those_of_the_organisation_whose_account_it_is() {
    let provider = TestProvider::start().await;
    for (other, is_authoritative) in [
        (json!({"email": "ann@gmail.com"}), true),
        (json!({"hd": "example.org"}), true),
        (json!({"hd": "example.com"}), false),
        (json!({}), false),
        (json!({"email": "ann@gmail.com", "email_verified": false}), false),
    ] {
        let token = rs256(0, "a", &provider.claims_with(other.clone()));
        assert_eq!(provider.verify(&token).await.unwrap().is_authoritative, is_authoritative, "{other}");
    }
}

#[tokio::test]
async fn a_token_of_another_issuer_audience_or_time_is_refused() {
    let provider = TestProvider::start().await;
    let now = provider.clock.now().as_secs();
    for (why, other) in [
        ("issuer", json!({"iss": "https://evil.example"})),
        ("issuer with a slash", json!({"iss": format!("{}/", provider.url)})),
        ("no issuer", json!({"iss": null})),
        ("audience", json!({"aud": "evil.example", "azp": null})),
        ("audience of which one is not ours", json!({"aud": [WEB, "evil.example"]})),
        ("no audience", json!({"aud": null})),
        ("empty audience", json!({"aud": []})),
        ("party", json!({"azp": "evil.example"})),
        ("several audiences and no party", json!({"aud": [WEB, PHONE], "azp": null})),
        ("expired", json!({"exp": now - 1})),
        ("expires now", json!({"exp": now})),
        ("no expiry", json!({"exp": null})),
        ("no subject", json!({"sub": null})),
        ("empty subject", json!({"sub": ""})),
        ("endless subject", json!({"sub": "x".repeat(256)})),
    ] {
        provider.refuses(&rs256(0, "a", &provider.claims_with(other)), why).await;
    }
}

#[tokio::test]
async fn a_token_is_taken_for_each_of_our_clients_and_for_a_phone_that_asked_for_the_servers() {
    let provider = TestProvider::start().await;
    for other in [
        json!({"aud": PHONE, "azp": null}),
        json!({"aud": [WEB], "azp": null}),
        json!({"aud": WEB, "azp": PHONE}),
        json!({"aud": [WEB, PHONE], "azp": WEB}),
    ] {
        let token = rs256(0, "a", &provider.claims_with(other.clone()));
        assert!(provider.verify(&token).await.is_ok(), "{other}");
    }
}

#[tokio::test]
async fn a_token_that_the_provider_did_not_sign_is_refused() {
    let provider = TestProvider::start().await;
    let claims = provider.claims();
    let good = rs256(0, "a", &claims);
    let (text, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = text.split_once('.').unwrap();
    let other_claims = rs256(1, "x", &provider.claims_with(json!({"sub": "1"})));
    let other_claims = other_claims.split('.').nth(1).unwrap();
    for (why, token) in [
        ("unsigned", unsigned("a", &claims)),
        ("signature cut off", format!("{text}.")),
        ("signed with what everybody knows", hs256_by_public_key(0, "a", &claims)),
        ("signed by somebody else", rs256(1, "a", &claims)),
        ("another algorithm's key", es256("a", &claims)),
        ("claims exchanged", format!("{header}.{other_claims}.{signature}")),
    ] {
        provider.refuses(&token, why).await;
    }
    for (why, garbled) in [("nothing", ""), ("dots", ".."), ("a word", "word"), ("two parts", text)] {
        provider.refuses(garbled, why).await;
    }
}

#[tokio::test]
async fn a_garbled_token_costs_no_request() {
    let provider = TestProvider::start().await;
    provider.refuses("x.y.z", "garbled").await;
    assert_eq!(provider.script().keys_asked_for, 0);
}

#[tokio::test]
async fn who_is_not_set_up_is_not_offered() {
    let clock = TestProvider::start().await.clock;
    let none = OpenIdProviders::new(ProviderSettings::default(), clock);
    for provider in Provider::ALL {
        let error = none.verify_id_token(provider, "x").await.unwrap_err();
        assert!(matches!(error, IdentityError::NotOffered), "{error:?}");
        let error = none.look_up_access_token(provider, "x").await.unwrap_err();
        assert!(matches!(error, IdentityError::NotOffered), "{error:?}");
    }
}

#[tokio::test]
async fn a_provider_that_misbehaves_is_unavailable_and_is_not_followed() {
    for fault in [Fault::Redirect, Fault::Torrent, Fault::Broken, Fault::Nonsense] {
        let provider = TestProvider::start().await;
        provider.script().fault = Some(fault);
        let error = provider.verify(&rs256(0, "a", &provider.claims())).await.unwrap_err();
        assert!(matches!(error, IdentityError::Unavailable(_)), "{fault:?}: {error:?}");
        provider.script().fault = None;
        assert!(provider.verify(&rs256(0, "a", &provider.claims())).await.is_ok(), "{fault:?}");
    }
}

#[tokio::test]
async fn an_issuer_that_speaks_for_somebody_else_is_not_believed() {
    let provider = TestProvider::start().await;
    provider.script().discovery.insert("issuer", "https://accounts.google.com".to_owned());
    let error = provider.verify(&rs256(0, "a", &provider.claims())).await.unwrap_err();
    assert!(matches!(error, IdentityError::Unavailable(_)), "{error:?}");
    let nothing: Value = json!({});
    provider.refuses(&unsigned("a", &nothing), "no claims").await;
}

/// Time passes whenever everybody waits: nobody waits for five seconds.
#[tokio::test(start_paused = true)]
async fn a_provider_that_never_answers_is_given_up() {
    let provider = TestProvider::start().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let providers = OpenIdProviders::new(settings(&url), provider.clock.clone());
    let token = rs256(0, "a", &provider.claims_with(json!({"iss": url})));
    let error = providers.verify_id_token(Provider::Google, &token).await.unwrap_err();
    assert!(
        matches!(&error, IdentityError::Unavailable(why) if why.to_string().contains("5 s")),
        "{error:?}"
    );
}
