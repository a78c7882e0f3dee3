//! The keys that sign and verify access tokens, as one process knows them.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use tokio::sync::Mutex;

use super::{AppError, Ports};
use crate::ports::{Cause, Random};
use crate::protocol::Timestamp;
use crate::store::{SigningKeyRecord, SigningKeys};

/// A new key signs only once every process has had time to learn of it, in seconds.
const SETTLES_AFTER: i64 = 300;
/// How long the choice of a signing key holds, in seconds.
const CHOICE_HOLDS: i64 = 60;
/// How often an unknown key is looked up at most, in seconds.
const LOOKS_UP_EVERY: i64 = 10;

/// A key that signs, and its name.
#[derive(Clone)]
pub(super) struct Signer {
    pub(super) kid: String,
    pub(super) key: EncodingKey,
}

#[derive(Default)]
struct Known {
    signer: Option<(Signer, Timestamp)>,
    verifiers: HashMap<String, DecodingKey>,
    looked_up_at: Option<Timestamp>,
}

/// What a process knows of the keys; filled on demand from the table.
#[derive(Default)]
pub(crate) struct KeyRing {
    known: Mutex<Known>,
}

impl std::fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyRing").finish_non_exhaustive()
    }
}

impl KeyRing {
    /// The key to sign with now; the very first one is made here.
    pub(super) async fn signer(&self, ports: &Ports) -> Result<Signer, AppError> {
        let now = ports.clock.now();
        let mut known = self.known.lock().await;
        if let Some((signer, chosen_at)) = &known.signer
            && now.as_secs() - chosen_at.as_secs() < CHOICE_HOLDS
        {
            return Ok(signer.clone());
        }
        let record = choose(ports, now).await?;
        let signer = Signer { kid: record.kid.clone(), key: encoding_key(&record)? };
        known.signer = Some((signer.clone(), now));
        // What we sign we can verify, however lately its public half was looked for in vain.
        known.verifiers.extend(public_half(&record).as_ref().and_then(decoding_key));
        Ok(signer)
    }

    /// The key of that name, to verify with; none if there is no such key.
    pub(super) async fn verifier(&self, ports: &Ports, kid: &str) -> Result<Option<DecodingKey>, AppError> {
        let now = ports.clock.now();
        let mut known = self.known.lock().await;
        let fresh = known.looked_up_at.is_some_and(|at| now.as_secs() - at.as_secs() < LOOKS_UP_EVERY);
        if !fresh && !known.verifiers.contains_key(kid) {
            let records = SigningKeys(&*ports.table).public().await?;
            known.verifiers.extend(records.iter().filter_map(decoding_key));
            known.looked_up_at = Some(now);
        }
        Ok(known.verifiers.get(kid).cloned())
    }
}

/// The newest key that has settled; before any has, the oldest.
async fn choose(ports: &Ports, now: Timestamp) -> Result<SigningKeyRecord, AppError> {
    let keys = SigningKeys(&*ports.table);
    let mut records = keys.private().await?;
    if records.is_empty() {
        if let Some((private, public)) = generate(&*ports.random, now) {
            keys.make_first(&private, &public).await?;
        }
        records = keys.private().await?;
    }
    let settled = records.iter().rposition(|record| now.as_secs() - record.created_at >= SETTLES_AFTER);
    let chosen = records.into_iter().nth(settled.unwrap_or(0));
    chosen.ok_or_else(|| AppError::Unavailable("there is no signing key".into()))
}

fn generate(random: &dyn Random, now: Timestamp) -> Option<(SigningKeyRecord, SigningKeyRecord)> {
    let (seed, name): ([u8; 32], [u8; 8]) = (random.bytes(), random.bytes());
    let (kid, bytes) = (URL_SAFE_NO_PAD.encode(name), URL_SAFE_NO_PAD.encode(seed));
    let private = SigningKeyRecord { kid, bytes, created_at: now.as_secs() };
    let public = public_half(&private)?;
    Some((private, public))
}

/// The public half of a private one.
fn public_half(private: &SigningKeyRecord) -> Option<SigningKeyRecord> {
    let public = SigningKey::from_bytes(&half(private)?).verifying_key();
    Some(SigningKeyRecord { bytes: URL_SAFE_NO_PAD.encode(public.as_bytes()), ..private.clone() })
}

fn encoding_key(record: &SigningKeyRecord) -> Result<EncodingKey, AppError> {
    let broken = |cause: Cause| AppError::Unavailable(cause);
    let seed = half(record).ok_or_else(|| broken("a signing key is not 32 bytes".into()))?;
    let der = SigningKey::from_bytes(&seed).to_pkcs8_der().map_err(|error| broken(Box::new(error)))?;
    Ok(EncodingKey::from_ed_der(der.as_bytes()))
}

fn decoding_key(record: &SigningKeyRecord) -> Option<(String, DecodingKey)> {
    Some((record.kid.clone(), DecodingKey::from_ed_der(&half(record)?)))
}

fn half(record: &SigningKeyRecord) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(&record.bytes).ok()?.try_into().ok()
}
