//! Requests that their bearer may make without further credentials.

use std::fmt;
use std::time::Duration;

use hmac::{Hmac, Mac};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::ids::StoredName;
use crate::ports::{DownloadTerms, SignedRequest, UploadTerms};
use crate::protocol::Timestamp;

const UPLOAD: &str = "PUT";
const DOWNLOAD: &str = "GET";
/// What stands between the terms of a request and their signature.
const SIGNATURE: &str = "&signature=";

/// Why a signed request is not honoured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It was not signed here, or was changed since.
    #[error("the request is not signed as it stands")]
    Forged,
    /// Its time is over.
    #[error("the request has expired")]
    Expired,
}

/// Signs the terms of requests and checks them again.
pub(super) struct Signer {
    public_url: String,
    mac: Hmac<Sha256>,
}

/// The terms of an upload as the URL spells them.
#[derive(Serialize, Deserialize)]
struct UploadQuery {
    expires: i64,
    size: u64,
    content_type: String,
    sha256: Option<String>,
}

/// The terms of a download as the URL spells them.
#[derive(Serialize, Deserialize)]
struct DownloadQuery {
    expires: i64,
    content_type: String,
    disposition: String,
}

impl Signer {
    pub(super) fn new(public_url: &str, key: &[u8; 32]) -> std::io::Result<Self> {
        let mac = Hmac::new_from_slice(key).map_err(std::io::Error::other)?;
        Ok(Self { public_url: public_url.trim_end_matches('/').to_owned(), mac })
    }

    pub(super) fn sign_upload(
        &self,
        name: &StoredName,
        terms: &UploadTerms,
        now: Timestamp,
    ) -> Result<SignedRequest, serde_urlencoded::ser::Error> {
        let query = UploadQuery {
            expires: now.plus(terms.expires_in).as_secs(),
            size: terms.size,
            content_type: terms.content_type.clone(),
            sha256: terms.sha256.clone(),
        };
        let url = self.sign(UPLOAD, name, &query)?;
        let headers = vec![("content-type".to_owned(), terms.content_type.clone())];
        Ok(SignedRequest { method: UPLOAD, url, headers })
    }

    pub(super) fn sign_download(
        &self,
        name: &StoredName,
        terms: &DownloadTerms,
        now: Timestamp,
    ) -> Result<SignedRequest, serde_urlencoded::ser::Error> {
        let query = DownloadQuery {
            expires: now.plus(terms.expires_in).as_secs(),
            content_type: terms.content_type.clone(),
            disposition: terms.disposition.clone(),
        };
        let url = self.sign(DOWNLOAD, name, &query)?;
        Ok(SignedRequest { method: DOWNLOAD, url, headers: Vec::new() })
    }

    pub(super) fn verify_upload(
        &self,
        name: &StoredName,
        query: &str,
        now: Timestamp,
    ) -> Result<UploadTerms, SignatureError> {
        let UploadQuery { expires, size, content_type, sha256 } = self.verify(UPLOAD, name, query)?;
        let expires_in = time_left(expires, now)?;
        Ok(UploadTerms { size, content_type, sha256, expires_in })
    }

    pub(super) fn verify_download(
        &self,
        name: &StoredName,
        query: &str,
        now: Timestamp,
    ) -> Result<DownloadTerms, SignatureError> {
        let DownloadQuery { expires, content_type, disposition } = self.verify(DOWNLOAD, name, query)?;
        let expires_in = time_left(expires, now)?;
        Ok(DownloadTerms { content_type, disposition, expires_in })
    }

    fn sign(
        &self,
        method: &str,
        name: &StoredName,
        terms: &impl Serialize,
    ) -> Result<String, serde_urlencoded::ser::Error> {
        let terms = serde_urlencoded::to_string(terms)?;
        let signature = self.mac_of(method, name, &terms).finalize().into_bytes();
        Ok(format!("{}/signed/{name}?{terms}{SIGNATURE}{signature:x}", self.public_url))
    }

    /// The terms, exactly as they were signed: the signature is over their spelling.
    fn verify<T: DeserializeOwned>(
        &self,
        method: &str,
        name: &StoredName,
        query: &str,
    ) -> Result<T, SignatureError> {
        let (terms, signature) = query.rsplit_once(SIGNATURE).ok_or(SignatureError::Forged)?;
        let signature = from_hex(signature).ok_or(SignatureError::Forged)?;
        // Compares in a time that does not depend on where a guess goes wrong.
        let verified = self.mac_of(method, name, terms).verify_slice(&signature);
        verified.map_err(|_| SignatureError::Forged)?;
        serde_urlencoded::from_str(terms).map_err(|_| SignatureError::Forged)
    }

    /// Neither a method nor a name has a line break, so that no two requests are spelled alike.
    fn mac_of(&self, method: &str, name: &StoredName, terms: &str) -> Hmac<Sha256> {
        let mut mac = self.mac.clone();
        mac.update(format!("{method}\n{name}\n{terms}").as_bytes());
        mac
    }
}

fn time_left(expires: i64, now: Timestamp) -> Result<Duration, SignatureError> {
    match Timestamp::from_secs(expires).since(now) {
        Duration::ZERO => Err(SignatureError::Expired),
        left => Ok(left),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().chunks(2).map(|pair| match pair {
        [high, low] => u8::try_from(digit(*high)? * 16 + digit(*low)?).ok(),
        _ => None,
    });
    pairs.collect()
}

/// Says nothing of the key.
impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}
