//! Tokens as somebody would make them who has read our table, and tokens that are no good.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, Mac as _};
use parlor::ports::Identity;
use parlor::store::{SigningKeyRecord, SigningKeys};
use serde_json::{Value, json};
use sha2::Sha256;

use super::bench::Bench;

/// A JWT as ours, of this session, but for what is changed.
pub(crate) struct Forgery {
    private: SigningKeyRecord,
    claims: Value,
}

impl Forgery {
    /// Of somebody's session, by whoever has read our table.
    pub(crate) async fn of(bench: &Bench, identity: &Identity) -> Self {
        let private = SigningKeys(&*bench.app.ports().table).private().await.unwrap().remove(0);
        let now = bench.app.ports().clock.now().as_secs();
        let (sub, sid) = (identity.user.to_string(), &identity.session);
        let claims = json!({
            "iss": "parlor", "aud": "parlor", "sub": sub, "sid": sid, "iat": now, "exp": now + 60,
        });
        Self { private, claims }
    }

    fn with(&self, name: &str, value: impl Into<Value>) -> Self {
        let mut claims = self.claims.clone();
        claims[name] = value.into();
        Self { private: self.private.clone(), claims }
    }

    fn key(&self) -> SigningKey {
        let seed: Vec<u8> = URL_SAFE_NO_PAD.decode(&self.private.bytes).unwrap();
        SigningKey::from_bytes(&seed.try_into().unwrap())
    }

    fn signed(&self, header: Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(&header), part(&self.claims));
        let signature = URL_SAFE_NO_PAD.encode(sign(text.as_bytes()));
        format!("{text}.{signature}")
    }

    fn header(&self, alg: &str) -> Value {
        json!({"alg": alg, "typ": "at+jwt", "kid": self.private.kid})
    }

    /// One that is good, by our own key.
    pub(crate) fn genuine(&self) -> String {
        self.signed(self.header("EdDSA"), |text| self.key().sign(text).to_vec())
    }

    /// Tokens that are no good, by what is wrong with them.
    pub(crate) fn all(&self) -> BTreeMap<&'static str, String> {
        let now = self.claims["iat"].as_i64().unwrap();
        let other = SigningKey::from_bytes(&[7; 32]);
        let foreign = |text: &[u8]| other.sign(text).to_vec();
        let public = self.key().verifying_key();
        let shared = |text: &[u8]| {
            let mac = Hmac::<Sha256>::new_from_slice(public.as_bytes()).unwrap().chain_update(text);
            mac.finalize().into_bytes().to_vec()
        };
        let own = |text: &[u8]| self.key().sign(text).to_vec();
        let mut unnamed = self.header("EdDSA");
        unnamed["kid"] = json!("nobody's");
        let mut typed = self.header("EdDSA");
        typed["typ"] = json!("JWT");
        BTreeMap::from([
            ("garbled", self.genuine().replace('.', "-")),
            ("cut off", self.genuine()[..self.genuine().len() - 4].to_owned()),
            ("no token at all", String::new()),
            ("expired", self.with("exp", now).genuine()),
            ("another audience", self.with("aud", "others").genuine()),
            ("another issuer", self.with("iss", "others").genuine()),
            ("foreign key", self.signed(self.header("EdDSA"), foreign)),
            ("unknown key", self.signed(unnamed, foreign)),
            ("another type", self.signed(typed, own)),
            ("HS256 with the public key", self.signed(self.header("HS256"), shared)),
            ("none", self.signed(self.header("none"), |_| Vec::new())),
            ("None", self.signed(self.header("None"), |_| Vec::new())),
            ("RS256", self.signed(self.header("RS256"), own)),
        ])
    }
}
