//! The one algorithm that access tokens are signed with, for `jsonwebtoken`: its own selection brings RSA and two more
//! curves along.

use ed25519_dalek::ed25519::signature::{Error, Signer, Verifier};
use ed25519_dalek::pkcs8::DecodePrivateKey;
use ed25519_dalek::{Signature, SigningKey, VerifyingKey};
use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{Error as JwtError, ErrorKind};
use jsonwebtoken::{Algorithm, AlgorithmFamily, DecodingKey, EncodingKey};

static ED25519: CryptoProvider = CryptoProvider {
    signer_factory: signer,
    verifier_factory: verifier,
    // Only for keys in JSON, which we have none of.
    key_utils: KeyUtils::new_unimplemented(),
};

/// Makes this what the process signs and verifies with, unless something else, which can do more, is installed already.
pub(in crate::app) fn install() {
    let _ = ED25519.install_default();
}

struct Ed25519Signer(SigningKey);

struct Ed25519Verifier(VerifyingKey);

fn signer(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>, JwtError> {
    is_ed25519(*algorithm, key.family())?;
    let key = SigningKey::from_pkcs8_der(key.as_bytes()).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Signer(key)))
}

fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>, JwtError> {
    is_ed25519(*algorithm, key.family())?;
    let bytes = key.try_get_as_bytes()?.try_into().map_err(|_| ErrorKind::InvalidEddsaKey)?;
    let key = VerifyingKey::from_bytes(bytes).map_err(|_| ErrorKind::InvalidEddsaKey)?;
    Ok(Box::new(Ed25519Verifier(key)))
}

fn is_ed25519(algorithm: Algorithm, key: AlgorithmFamily) -> Result<(), JwtError> {
    match (algorithm, key) {
        (Algorithm::EdDSA, AlgorithmFamily::Ed) => Ok(()),
        _ => Err(ErrorKind::InvalidAlgorithm.into()),
    }
}

impl Signer<Vec<u8>> for Ed25519Signer {
    fn try_sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let signature: Signature = self.0.try_sign(message)?;
        Ok(signature.to_vec())
    }
}

impl JwtSigner for Ed25519Signer {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

impl Verifier<Vec<u8>> for Ed25519Verifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), Error> {
        self.0.verify(message, &Signature::from_slice(signature)?)
    }
}

impl JwtVerifier for Ed25519Verifier {
    fn algorithm(&self) -> Algorithm {
        Algorithm::EdDSA
    }
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::crypto::{sign, verify};

    use super::*;

    /// The first test of RFC 8032, section 7.1: an empty message.
    const SEED: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";
    const PUBLIC: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    const SIGNATURE: &str =
        "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc-bRr0lv18FlbviRlUUFDjnoQCw";

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn it_signs_and_verifies_as_the_standard_says() {
        use ed25519_dalek::pkcs8::EncodePrivateKey as _;
        install();
        let der = SigningKey::from_bytes(&bytes(SEED)).to_pkcs8_der().unwrap();
        let key = EncodingKey::from_ed_der(der.as_bytes());
        assert_eq!(sign(b"", &key, Algorithm::EdDSA).unwrap(), SIGNATURE);
        let key = DecodingKey::from_ed_der(&bytes::<32>(PUBLIC));
        assert!(verify(SIGNATURE, b"", &key, Algorithm::EdDSA).unwrap());
        assert!(!verify(SIGNATURE, b"x", &key, Algorithm::EdDSA).unwrap());
        assert!(!verify("AAAA", b"", &key, Algorithm::EdDSA).unwrap());
    }

    #[test]
    fn other_algorithms_and_broken_keys_are_refused() {
        install();
        let secret = (EncodingKey::from_secret(b"x"), DecodingKey::from_secret(b"x"));
        for algorithm in [Algorithm::HS256, Algorithm::EdDSA, Algorithm::RS256] {
            assert!(sign(b"", &secret.0, algorithm).is_err(), "{algorithm:?}");
            assert!(verify("", b"", &secret.1, algorithm).is_err(), "{algorithm:?}");
        }
        assert!(verify("", b"", &DecodingKey::from_ed_der(b"short"), Algorithm::EdDSA).is_err());
        assert!(sign(b"", &EncodingKey::from_ed_der(b"short"), Algorithm::EdDSA).is_err());
    }
}
