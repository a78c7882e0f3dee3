//! The keys that sign and verify access tokens, as one process knows them.
//!
//! A key signs from a moment that follows from the table alone, minutes after it was made: every process that signs changes
//! over at the same moment, and every one that verifies has had time to look. The table tells when a key is done with.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use tokio::sync::Mutex;

use crate::app::{AppError, Ports};
use crate::ports::{Cause, Random};
use crate::protocol::Timestamp;
use crate::store::{SigningKeyRecord, SigningKeys};

/// A new key signs only once every process has had time to learn of it, in seconds.
pub(in crate::app) const SETTLES_AFTER: i64 = 300;
/// How often the private halves are read, in seconds: several times before a new key signs.
const READS_SIGNERS_EVERY: i64 = 60;
/// How often the public halves are read though nothing unknown came: keys that are done with go, in seconds.
const READS_VERIFIERS_EVERY: i64 = 600;
/// How often an unknown key is looked up at most, in seconds: whoever invents names causes no more reads than that.
const LOOKS_UP_EVERY: i64 = 10;

/// A key that signs, and its name.
#[derive(Clone)]
pub(in crate::app) struct Signer {
    pub(in crate::app) kid: String,
    pub(in crate::app) key: EncodingKey,
    created_at: i64,
}

#[derive(Default)]
struct Known {
    /// Oldest first.
    signers: Vec<Signer>,
    signers_read_at: Option<Timestamp>,
    verifiers: HashMap<String, DecodingKey>,
    verifiers_read_at: Option<Timestamp>,
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
    /// The key that signs what is issued at that moment; the very first one is made here.
    pub(in crate::app) async fn signer(
        &self,
        ports: &Ports,
        issued_at: Timestamp,
    ) -> Result<Signer, AppError> {
        let now = ports.clock.now();
        let mut known = self.known.lock().await;
        if is_older(known.signers_read_at, now, READS_SIGNERS_EVERY) {
            known.read_signers(ports, now).await?;
        }
        let signer = chosen(&known.signers, |signer| signer.created_at, issued_at);
        signer.cloned().ok_or_else(|| AppError::Unavailable("there is no signing key".into()))
    }

    /// The key of that name, to verify with; none if there is no such key.
    pub(in crate::app) async fn verifier(
        &self,
        ports: &Ports,
        kid: &str,
    ) -> Result<Option<DecodingKey>, AppError> {
        let now = ports.clock.now();
        let mut known = self.known.lock().await;
        let is_known = known.verifiers.contains_key(kid);
        let every = if is_known { READS_VERIFIERS_EVERY } else { LOOKS_UP_EVERY };
        if is_older(known.verifiers_read_at, now, every) {
            match SigningKeys(&*ports.table).public().await {
                Ok(records) => known.replace_verifiers(&records, now),
                // What is known is good for a while yet.
                Err(error) if is_known => tracing::warn!(%error, "the signing keys could not be read again"),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(known.verifiers.get(kid).cloned())
    }
}

impl Known {
    async fn read_signers(&mut self, ports: &Ports, now: Timestamp) -> Result<(), AppError> {
        let records = private_halves(ports, now).await?;
        self.signers = records.iter().map(signer).collect::<Result<_, _>>()?;
        self.signers_read_at = Some(now);
        // What we sign we can verify, however lately its public half was looked for in vain.
        self.verifiers.extend(records.iter().filter_map(|record| decoding_key(&public_half(record)?)));
        Ok(())
    }

    fn replace_verifiers(&mut self, records: &[SigningKeyRecord], now: Timestamp) {
        self.verifiers = records.iter().filter_map(decoding_key).collect();
        self.verifiers_read_at = Some(now);
    }
}

fn is_older(read_at: Option<Timestamp>, now: Timestamp, seconds: i64) -> bool {
    read_at.is_none_or(|at| now.as_secs() - at.as_secs() >= seconds)
}

/// Of keys in the order of their making: the newest one that has settled at that moment; before any has, the oldest.
pub(in crate::app) fn chosen<T>(keys: &[T], created_at: impl Fn(&T) -> i64, at: Timestamp) -> Option<&T> {
    let settled = keys.iter().rposition(|key| at.as_secs() - created_at(key) >= SETTLES_AFTER);
    keys.get(settled.unwrap_or(0))
}

/// The private halves, oldest first. Where there is none yet, one is made.
async fn private_halves(ports: &Ports, now: Timestamp) -> Result<Vec<SigningKeyRecord>, AppError> {
    let keys = SigningKeys(&*ports.table);
    let records = keys.private().await?;
    if !records.is_empty() {
        return Ok(records);
    }
    let (private, public) = generate(&*ports.random, now)?;
    keys.make_first(&private, &public).await?;
    Ok(keys.private().await?)
}

/// A new key: its private half, and its public one.
pub(in crate::app) fn generate(
    random: &dyn Random,
    now: Timestamp,
) -> Result<(SigningKeyRecord, SigningKeyRecord), AppError> {
    let (seed, name): ([u8; 32], [u8; 8]) = (random.bytes(), random.bytes());
    let (kid, bytes) = (URL_SAFE_NO_PAD.encode(name), URL_SAFE_NO_PAD.encode(seed));
    let private = SigningKeyRecord { kid, bytes, created_at: now.as_secs(), expires_at: None };
    let public = public_half(&private).ok_or_else(broken)?;
    Ok((private, public))
}

/// The public half of a private one.
fn public_half(private: &SigningKeyRecord) -> Option<SigningKeyRecord> {
    let public = SigningKey::from_bytes(&half(private)?).verifying_key();
    Some(SigningKeyRecord { bytes: URL_SAFE_NO_PAD.encode(public.as_bytes()), ..private.clone() })
}

fn signer(record: &SigningKeyRecord) -> Result<Signer, AppError> {
    let seed = half(record).ok_or_else(broken)?;
    let der = SigningKey::from_bytes(&seed).to_pkcs8_der();
    let der = der.map_err(|error| AppError::Unavailable(Box::new(error)))?;
    let key = EncodingKey::from_ed_der(der.as_bytes());
    Ok(Signer { kid: record.kid.clone(), key, created_at: record.created_at })
}

fn broken() -> AppError {
    AppError::Unavailable(Cause::from("a signing key is not 32 bytes"))
}

fn decoding_key(record: &SigningKeyRecord) -> Option<(String, DecodingKey)> {
    Some((record.kid.clone(), DecodingKey::from_ed_der(&half(record)?)))
}

fn half(record: &SigningKeyRecord) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(&record.bytes).ok()?.try_into().ok()
}
