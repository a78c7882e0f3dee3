//! A provider's public keys, as long as they may be kept.

use std::time::Duration;

use openidconnect::core::CoreJsonWebKeySet;
use tokio::sync::Mutex;

use super::http_client::{HttpClient, HttpFailure};
use crate::protocol::Timestamp;

/// Keys are kept for so long at least, whatever the provider says: it answers many sign-ins by one request.
const KEPT_AT_LEAST: Duration = Duration::from_secs(300);
/// And for so long at most, so that a key that was taken back does not live on.
const KEPT_AT_MOST: Duration = Duration::from_secs(24 * 3600);
/// How often an unknown key is looked for at most, in seconds: anybody can name one.
const LOOKS_AGAIN_EVERY: i64 = 60;

/// The keys that were got last.
#[derive(Debug, Clone)]
struct Got {
    keys: CoreJsonWebKeySet,
    at: Timestamp,
    until: Timestamp,
}

/// A provider's public keys. While they are fetched everybody waits for the one request.
#[derive(Debug, Default)]
pub(super) struct KeySet(Mutex<Option<Got>>);

impl KeySet {
    /// The keys; fetched if they are not known any more.
    pub(super) async fn known(
        &self,
        http: &HttpClient,
        url: &str,
        now: Timestamp,
    ) -> Result<CoreJsonWebKeySet, HttpFailure> {
        let mut got = self.0.lock().await;
        match &*got {
            Some(got) if now < got.until => Ok(got.keys.clone()),
            _ => Ok(got.insert(fetch(http, url, now).await?).keys.clone()),
        }
    }

    /// The keys as they are now, for a token whose key is not among the known ones; none if it is too early to ask again.
    pub(super) async fn renewed(
        &self,
        http: &HttpClient,
        url: &str,
        now: Timestamp,
    ) -> Result<Option<CoreJsonWebKeySet>, HttpFailure> {
        let mut got = self.0.lock().await;
        let is_early = |got: &Got| now.as_secs() - got.at.as_secs() < LOOKS_AGAIN_EVERY;
        if got.as_ref().is_some_and(is_early) {
            return Ok(None);
        }
        // Noted before it is tried: a provider that is down is not asked for every token.
        if let Some(got) = &mut *got {
            got.at = now;
        }
        Ok(Some(got.insert(fetch(http, url, now).await?).keys.clone()))
    }
}

async fn fetch(http: &HttpClient, url: &str, now: Timestamp) -> Result<Got, HttpFailure> {
    let (keys, max_age) = http.get(url).await?;
    let kept = max_age.unwrap_or(KEPT_AT_LEAST).clamp(KEPT_AT_LEAST, KEPT_AT_MOST);
    Ok(Got { keys, at: now, until: now.plus(kept) })
}
