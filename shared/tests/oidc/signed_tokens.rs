//! ID tokens, and what pretends to be some.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac as _};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use rsa::RsaPrivateKey;
use rsa::pkcs1v15::SigningKey;
use rsa::sha2::Sha256;
use rsa::signature::{SignatureEncoding as _, Signer as _};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};

/// To make such a key takes a while.
static RSA: LazyLock<[RsaPrivateKey; 2]> =
    LazyLock::new(|| [(); 2].map(|()| RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048).unwrap()));

static EC: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let random = SystemRandom::new();
    let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap()
});

/// The public half of one of our RSA keys, under a name.
pub(crate) fn rsa_key(which: usize, kid: &str) -> Value {
    let (n, e) = (RSA[which].n().to_bytes_be(), RSA[which].e().to_bytes_be());
    json!({"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": base64(n), "e": base64(e)})
}

/// The public half of our EC key, under a name.
pub(crate) fn ec_key(kid: &str) -> Value {
    // It begins with a byte that says how the two numbers are spelled.
    let (x, y) = EC.public_key().as_ref()[1..].split_at(32);
    json!({"kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": kid, "x": base64(x), "y": base64(y)})
}

/// A token signed by one of our RSA keys.
pub(crate) fn rs256(which: usize, kid: &str, claims: &Value) -> String {
    let key = SigningKey::<Sha256>::new(RSA[which].clone());
    token(&json!({"alg": "RS256", "kid": kid, "typ": "JWT"}), claims, |text| key.sign(text).to_vec())
}

/// A token signed by our EC key.
pub(crate) fn es256(kid: &str, claims: &Value) -> String {
    let sign = |text: &[u8]| EC.sign(&SystemRandom::new(), text).unwrap().as_ref().to_vec();
    token(&json!({"alg": "ES256", "kid": kid}), claims, sign)
}

/// A token signed by a text that everybody knows: the public key of an RSA key, as it is published.
pub(crate) fn hs256_by_public_key(which: usize, kid: &str, claims: &Value) -> String {
    let secret = rsa_key(which, kid)["n"].as_str().unwrap().to_owned();
    token(&json!({"alg": "HS256", "kid": kid}), claims, |text| {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .unwrap()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .to_vec()
    })
}

/// A token that nobody signed.
pub(crate) fn unsigned(kid: &str, claims: &Value) -> String {
    token(&json!({"alg": "none", "kid": kid}), claims, |_| Vec::new())
}

fn token(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let text = format!("{}.{}", base64(header.to_string()), base64(claims.to_string()));
    let signature = base64(sign(text.as_bytes()));
    format!("{text}.{signature}")
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
