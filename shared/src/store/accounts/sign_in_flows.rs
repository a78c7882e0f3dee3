//! Browsers' sign-ins that are under way: `FLOW#<hash of the state>`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::domain::provider::Provider;
use crate::ports::{Comparison, Condition, Key, Table, TableError, Write};
use crate::store::record::{from_item, key, to_item};

/// A browser's sign-in that is under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFlow {
    /// Where somebody signs in.
    pub provider: Provider,
    /// What is stored of the secret that the browser keeps.
    pub browser: String,
    /// Where the browser goes in the end.
    pub next: String,
    /// Until when it may end, in whole seconds since 1970.
    pub expires_at: i64,
}

/// The sign-ins that are under way in a table.
#[derive(Debug)]
pub struct SignInFlows<'a>(pub &'a dyn Table);

impl SignInFlows<'_> {
    /// Notes a sign-in under its state.
    pub async fn add(&self, state: &str, flow: &SignInFlow) -> Result<(), TableError> {
        let put = Write::Put(to_item(flow_key(state), flow)?, Condition::Absent);
        self.0.write(put).await.map(drop)
    }

    /// Takes a sign-in, which can be done once, by the browser that began it at this provider.
    pub async fn take(
        &self,
        state: &str,
        provider: Provider,
        browser: &str,
    ) -> Result<Option<SignInFlow>, TableError> {
        let is = |name: &str, text: &str| {
            Condition::Compare(name.to_owned(), Comparison::Equal, text.to_owned().into())
        };
        let theirs = Condition::All(vec![is("provider", provider.name()), is("browser", browser)]);
        match self.0.write(Write::Delete(flow_key(state), theirs)).await {
            Ok(taken) => taken.map(from_item).transpose(),
            Err(TableError::ConditionFailed(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }
}

/// A state comes from outside, and may be long.
fn flow_key(state: &str) -> Key {
    key(format!("FLOW#{}", URL_SAFE_NO_PAD.encode(Sha256::digest(state))), "UNDER_WAY")
}
