//! The keys that sign access tokens: seen, and followed by new ones.

use super::Console;
use crate::app::accounts::tokens::key_ring::{SETTLES_AFTER, chosen, generate};
use crate::app::{ACCESS_TOKEN_LIFE, AppError};
use crate::protocol::Timestamp;
use crate::store::{AuditAction, KeyEnds, SigningKeys};

/// How much longer than reckoned a key is kept that is done with, in seconds: clocks differ.
const SLACK: i64 = 3600;

/// What a key is good for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// It signs from that moment on, once every process has had time to learn of it.
    SignsFrom(Timestamp),
    /// It signs.
    Signs,
    /// What it signed is good still; until then, at the latest, it is kept.
    VerifiesUntil(Timestamp),
}

/// A key, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// The key's name in tokens.
    pub kid: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// What it is good for.
    pub state: KeyState,
}

impl Console {
    /// All keys, oldest first.
    pub async fn keys(&self) -> Result<Vec<ListedKey>, AppError> {
        let (now, records) = (self.clock.now(), SigningKeys(&*self.table).public().await?);
        let signing = chosen(&records, |record| record.created_at, now).map(|record| record.kid.clone());
        let state = |kid: &str, created_at: i64, expires_at: Option<i64>| match expires_at {
            _ if signing.as_deref() == Some(kid) => KeyState::Signs,
            _ if now.as_secs() - created_at < SETTLES_AFTER => {
                KeyState::SignsFrom(Timestamp::from_secs(created_at + SETTLES_AFTER))
            }
            end => KeyState::VerifiesUntil(end.map_or(now, Timestamp::from_secs)),
        };
        let listed = records.iter().map(|record| ListedKey {
            kid: record.kid.clone(),
            created_at: Timestamp::from_secs(record.created_at),
            state: state(&record.kid, record.created_at, record.expires_at),
        });
        Ok(listed.collect())
    }

    /// Makes a new key, which signs in the present one's place once every process has had time to learn of it. Tokens that
    /// are signed by the present one stay good as long as they would have been.
    pub async fn rotate_keys(&self) -> Result<ListedKey, AppError> {
        let (now, keys) = (self.clock.now(), SigningKeys(&*self.table));
        let (private, public) = generate(&*self.random, now)?;
        let signs_from = now.as_secs() + SETTLES_AFTER;
        let ends = KeyEnds { private: signs_from + SLACK, public: signs_from + ACCESS_TOKEN_LIFE + SLACK };
        // Where there is none yet, two would be first.
        let is_first = keys.public().await?.is_empty() && keys.make_first(&private, &public).await?;
        if !is_first {
            let note = self.noted(AuditAction::KeysRotated, None)?;
            keys.succeed(&private, &public, &ends, vec![note]).await?;
        }
        let state =
            if is_first { KeyState::Signs } else { KeyState::SignsFrom(Timestamp::from_secs(signs_from)) };
        Ok(ListedKey { kid: public.kid, created_at: now, state })
    }
}
