//! What a Lambda authorizer answers: who it is, a policy, and texts for later.

use std::collections::BTreeMap;

use parlor::inbound::gateway_event::{AuthorizerResponse, GatewayEvent};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::proxy_answer::scalar;

/// What is to be allowed.
const ACTION: &str = "execute-api:Invoke";

/// An authorizer's answer.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AuthorizerAnswer {
    principal_id: Value,
    policy_document: PolicyDocument,
    #[serde(default)]
    context: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PolicyDocument {
    statement: OneOrMany<Statement>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: Effect,
    action: OneOrMany<String>,
    resource: OneOrMany<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

/// Policies write a list of one without its brackets.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
}

/// An answer that API Gateway would not take.
#[derive(Debug, thiserror::Error)]
#[error("the authorizer's answer {0}")]
pub(super) struct MalformedPolicy(String);

impl AuthorizerAnswer {
    pub(super) fn parse(answer: &[u8]) -> Result<Self, MalformedPolicy> {
        let answer: Self = serde_json::from_slice(answer)
            .map_err(|error| MalformedPolicy(format!("cannot be read: {error}")))?;
        if scalar(&answer.principal_id).is_none() {
            return Err(MalformedPolicy("has no principalId".to_owned()));
        }
        let mut context = answer.context.iter().flatten();
        match context.find(|(_, value)| value.is_array() || value.is_object()) {
            Some((name, _)) => Err(MalformedPolicy(format!("has a context whose {name} is no plain value"))),
            None => Ok(answer),
        }
    }

    /// What it says about the handshake of that event.
    pub(super) fn on(&self, event: &GatewayEvent) -> AuthorizerResponse {
        let effect =
            if self.allows(event.method_arn.as_deref().unwrap_or_default()) { "Allow" } else { "Deny" };
        let context = self.context.iter().flatten();
        let context = context.filter_map(|(name, value)| Some((name.clone(), scalar(value)?)));
        AuthorizerResponse {
            principal_id: scalar(&self.principal_id).unwrap_or_default(),
            policy_document: json!({ "Statement": [{ "Effect": effect }] }),
            context: context.collect::<BTreeMap<_, _>>(),
        }
    }

    /// Somebody must allow it, and nobody deny it.
    fn allows(&self, arn: &str) -> bool {
        let statements = self.policy_document.statement.as_slice();
        let about =
            |effect| statements.iter().any(|statement| statement.effect == effect && statement.is_about(arn));
        about(Effect::Allow) && !about(Effect::Deny)
    }
}

impl Statement {
    fn is_about(&self, arn: &str) -> bool {
        let action = ACTION.to_lowercase();
        self.action
            .as_slice()
            .iter()
            .any(|pattern| matches(pattern.to_lowercase().as_bytes(), action.as_bytes()))
            && self.resource.as_slice().iter().any(|pattern| matches(pattern.as_bytes(), arn.as_bytes()))
    }
}

impl<T> OneOrMany<T> {
    fn as_slice(&self) -> &[T] {
        match self {
            Self::Many(all) => all,
            Self::One(one) => std::slice::from_ref(one),
        }
    }
}

/// Whether a text is what a pattern stands for: `*` for any text, `?` for any character.
fn matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t) = (0, 0);
    // Where to go on if what follows the last star turns out not to match.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&each) if each == b'?' || each == text[t] => (p, t) = (p + 1, t + 1),
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&each| each == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:execute-api:local:000000000000:api/live/$connect";

    fn allows(statement: &Value) -> bool {
        let answer = json!({ "principalId": "ann", "policyDocument": { "Statement": statement } });
        let answer = AuthorizerAnswer::parse(answer.to_string().as_bytes()).unwrap();
        let event = GatewayEvent { method_arn: Some(ARN.to_owned()), ..GatewayEvent::default() };
        answer.on(&event).allows()
    }

    #[test]
    fn a_policy_is_one_statement_or_a_list() {
        let allow = json!({ "Effect": "Allow", "Action": "execute-api:Invoke", "Resource": ARN });
        assert!(allows(&allow) && allows(&json!([allow])));
        let lists =
            json!({ "Effect": "Allow", "Action": ["execute-api:*"], "Resource": ["x", "arn:*/$connect"] });
        assert!(allows(&lists));
    }

    #[test]
    fn nothing_is_allowed_that_no_statement_is_about_and_a_denial_goes_before_everything() {
        let allow = json!({ "Effect": "Allow", "Action": "*", "Resource": "*" });
        let deny = json!({ "Effect": "Deny", "Action": "execute-api:Invoke", "Resource": "*/$connect" });
        assert!(allows(&allow) && !allows(&deny) && !allows(&json!([allow, deny])));
        for (action, resource) in [("execute-api:Invoke", "arn:other"), ("s3:GetObject", "*")] {
            assert!(!allows(&json!({ "Effect": "Allow", "Action": action, "Resource": resource })));
        }
    }

    #[test]
    fn a_context_is_made_of_texts() {
        let policy = json!({ "Statement": { "Effect": "Allow", "Action": "*", "Resource": "*" } });
        let answer = |context: Value| {
            let answer = json!({ "principalId": 7, "policyDocument": policy, "context": context });
            AuthorizerAnswer::parse(answer.to_string().as_bytes())
        };
        let response = answer(json!({ "n": 1, "b": true, "t": "x" })).unwrap().on(&GatewayEvent::default());
        assert_eq!(response.principal_id, "7");
        let texts = response.context.iter().map(|(name, value)| format!("{name}={value}"));
        assert_eq!(texts.collect::<Vec<_>>(), ["b=true", "n=1", "t=x"]);
        assert!(answer(json!({ "list": [] })).is_err());
        assert!(answer(Value::Null).is_ok());
    }

    #[test]
    fn patterns_stand_for_any_text() {
        for (pattern, text) in [("*", ""), ("a*c", "abbc"), ("a?c", "abc"), ("*b*b*", "abcb"), ("**", "x")] {
            assert!(matches(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
        for (pattern, text) in [("", "a"), ("a*c", "abb"), ("a?c", "ac"), ("abc", "ab"), ("?", "")] {
            assert!(!matches(pattern.as_bytes(), text.as_bytes()), "{pattern} {text}");
        }
    }
}
