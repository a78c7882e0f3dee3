//! Which route a message takes.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::gateway::DEFAULT_ROUTE;
use crate::lambda::SocketRoute;

/// The beginning of a place in a message.
const BODY: &str = "request.body";

/// A route selection expression: `$request.body.action`, or `${request.body.service}/${request.body.action}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RouteSelection {
    /// What stands at one place of a message.
    Place(Vec<String>),
    /// Texts, and what stands at places of a message.
    Parts(Vec<Part>),
    /// Nothing that a message could be asked for: all take `$default`.
    Unreadable,
}

/// A piece of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Text(String),
    Place(Vec<String>),
}

impl RouteSelection {
    pub(super) fn parse(expression: &str) -> Self {
        if let Some(place) = expression.strip_prefix('$').and_then(place) {
            return Self::Place(place);
        }
        parts(expression).map_or(Self::Unreadable, Self::Parts)
    }

    /// The key of a message's route: the one it names, else `$default`, if there is one.
    pub(super) fn route<'a>(
        &self,
        message: &str,
        routes: &'a BTreeMap<String, SocketRoute>,
    ) -> Option<&'a str> {
        let own = |key: &&String| !key.starts_with('$');
        let named = routes.keys().any(|key| own(&key)).then(|| self.evaluate(message)).flatten();
        let named = named.and_then(|key| routes.get_key_value(&key)).map(|(key, _)| key).filter(own);
        named.or_else(|| routes.get_key_value(DEFAULT_ROUTE).map(|(key, _)| key)).map(String::as_str)
    }

    fn evaluate(&self, message: &str) -> Option<String> {
        let message: Value = serde_json::from_str(message).ok()?;
        match self {
            Self::Place(place) => at(&message, place).map(text),
            Self::Parts(parts) => Some(
                parts
                    .iter()
                    .map(|part| match part {
                        Part::Text(text) => text.clone(),
                        Part::Place(place) => at(&message, place).map(text).unwrap_or_default(),
                    })
                    .collect(),
            ),
            Self::Unreadable => None,
        }
    }
}

/// `request.body.a.b` as the names `a` and `b`.
fn place(text: &str) -> Option<Vec<String>> {
    let names = text.strip_prefix(BODY)?.strip_prefix('.')?;
    let names: Vec<String> = names.split('.').map(str::to_owned).collect();
    let is_name =
        |name: &String| !name.is_empty() && !name.contains(['$', '{', '}', '/', ' ', '[', ']', '*']);
    names.iter().all(is_name).then_some(names)
}

fn parts(expression: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = expression;
    while let Some((before, after)) = rest.split_once("${") {
        let (inside, behind) = after.split_once('}')?;
        parts.push(Part::Text(before.to_owned()));
        parts.push(Part::Place(place(inside)?));
        rest = behind;
    }
    parts.push(Part::Text(rest.to_owned()));
    parts.iter().any(|part| matches!(part, Part::Place(_))).then_some(parts)
}

fn at<'a>(message: &'a Value, place: &[String]) -> Option<&'a Value> {
    let value = place.iter().try_fold(message, |value, name| value.get(name))?;
    (!value.is_null()).then_some(value)
}

/// As API Gateway writes values: lists as `[a, b]`.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(values) => format!("[{}]", values.iter().map(text).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes(keys: &[&str]) -> BTreeMap<String, SocketRoute> {
        let route =
            |key: &&str| ((*key).to_owned(), SocketRoute { function: "f".to_owned(), responds: false });
        keys.iter().map(route).collect()
    }

    #[test]
    fn a_message_takes_the_route_that_it_names() {
        let routes = routes(&["$connect", "$default", "join", "7", "[a, b]"]);
        let selection = RouteSelection::parse("$request.body.action");
        let table = [
            (r#"{"action": "join"}"#, "join"),
            (r#"{"action": 7}"#, "7"),
            (r#"{"action": ["a", "b"]}"#, "[a, b]"),
            (r#"{"action": "Join"}"#, "$default"),
            (r#"{"action": null}"#, "$default"),
            (r#"{"action": "$connect"}"#, "$default"),
            (r#"{"other": "join"}"#, "$default"),
            (r#"["join"]"#, "$default"),
            ("join", "$default"),
            ("", "$default"),
        ];
        for (message, key) in table {
            assert_eq!(selection.route(message, &routes), Some(key), "{message}");
        }
    }

    #[test]
    fn places_can_be_nested_and_put_together_with_texts() {
        let routes = routes(&["$default", "chat/send", "chat/", "deep"]);
        let selection = RouteSelection::parse("${request.body.service}/${request.body.action}");
        assert_eq!(selection.route(r#"{"service": "chat", "action": "send"}"#, &routes), Some("chat/send"));
        assert_eq!(selection.route(r#"{"service": "chat"}"#, &routes), Some("chat/"), "missing is empty");
        let selection = RouteSelection::parse("$request.body.a.b");
        assert_eq!(selection.route(r#"{"a": {"b": "deep"}}"#, &routes), Some("deep"));
    }

    #[test]
    fn without_a_default_route_some_messages_have_none() {
        let routes = routes(&["$connect", "join"]);
        let selection = RouteSelection::parse("$request.body.action");
        assert_eq!(selection.route("hello", &routes), None);
    }

    #[test]
    fn what_cannot_be_asked_of_a_message_leaves_the_default_route() {
        let routes = routes(&["$default", "join", "\\$default"]);
        for expression in [
            "",
            "join",
            "$context.stage",
            "$request.header.x",
            "${request.body.action",
            "$request.body.",
            "$request.body.a[0]",
        ] {
            assert_eq!(RouteSelection::parse(expression), RouteSelection::Unreadable, "{expression}");
            let route = RouteSelection::Unreadable.route(r#"{"action": "join"}"#, &routes);
            assert_eq!(route, Some("$default"));
        }
    }
}
