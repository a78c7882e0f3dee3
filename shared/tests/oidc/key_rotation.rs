//! A provider's keys come and go.

use std::time::Duration;

use crate::signed_tokens::*;
use crate::test_provider::*;

const MINUTE: Duration = Duration::from_secs(60);

async fn takes(provider: &TestProvider, which: usize, kid: &str) -> bool {
    provider.verify(&rs256(which, kid, &provider.claims())).await.is_ok()
}

#[tokio::test]
async fn a_new_key_is_looked_for_once_a_minute_and_old_tokens_stay_good_until_their_key_goes() {
    let provider = TestProvider::start().await;
    assert!(takes(&provider, 0, "a").await);
    provider.script().keys.push(rsa_key(1, "b"));
    // Whoever names keys that there are not makes us ask no more often.
    for _ in 0..3 {
        assert!(!takes(&provider, 1, "b").await);
    }
    assert_eq!(provider.script().keys_asked_for, 1);
    provider.clock.advance(MINUTE);
    assert!(takes(&provider, 1, "b").await && takes(&provider, 0, "a").await);
    assert_eq!(provider.script().keys_asked_for, 2);
    provider.clock.advance(MINUTE);
    for _ in 0..3 {
        assert!(!takes(&provider, 1, "c").await);
    }
    assert_eq!(provider.script().keys_asked_for, 3);
}

#[tokio::test]
async fn keys_are_kept_as_long_as_the_provider_says_but_for_five_minutes_to_a_day() {
    for (max_age, minutes) in [(None, 5), (Some(0), 5), (Some(3600), 60), (Some(u32::MAX), 24 * 60)] {
        let provider = TestProvider::start().await;
        provider.script().keys_max_age = max_age;
        assert!(takes(&provider, 0, "a").await);
        provider.script().keys = vec![rsa_key(1, "b")];
        provider.clock.advance(minutes * MINUTE - Duration::from_secs(1));
        assert!(takes(&provider, 0, "a").await, "{max_age:?}");
        provider.clock.advance(Duration::from_secs(1));
        // What was taken back is good no more.
        assert!(!takes(&provider, 0, "a").await, "{max_age:?}");
        assert!(takes(&provider, 1, "b").await, "{max_age:?}");
        assert_eq!(provider.script().keys_asked_for, 2, "{max_age:?}");
    }
}

#[tokio::test]
async fn a_provider_that_is_down_is_not_asked_for_every_token_and_known_keys_go_on() {
    let provider = TestProvider::start().await;
    assert!(takes(&provider, 0, "a").await);
    provider.script().fault = Some(Fault::Broken);
    provider.clock.advance(MINUTE);
    for _ in 0..3 {
        assert!(!takes(&provider, 1, "b").await && takes(&provider, 0, "a").await);
    }
    assert_eq!(provider.script().keys_asked_for, 2);
}
