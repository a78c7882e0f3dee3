//! What a function is allowed and denied.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use crate::document::{Document, Function, field, text, texts};

/// One statement of a policy.
pub(crate) struct Statement {
    allows: bool,
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
    /// All other actions than these.
    not_actions: Vec<String>,
    /// The address to whose mails it is confined.
    pub(crate) sender: Option<String>,
    /// The partitions to which it is confined.
    partitions: Vec<String>,
}

/// The statements of all of a function's policies: its own, and those that it shares.
pub(crate) fn statements(template: &Document, function: &Function<'_>) -> Vec<Statement> {
    let policies = function.property("Policies").as_sequence().expect("a list of policies");
    policies.iter().flat_map(|policy| statements_of(template, policy)).collect()
}

fn statements_of(template: &Document, policy: &Value) -> Vec<Statement> {
    let statements = match policy {
        Value::Tagged(_) => {
            let name = text(policy);
            let managed = template.resource(name.trim_matches(['$', '{', '}']));
            assert_eq!(text(field(managed, "Type")), "AWS::IAM::ManagedPolicy");
            field(field(field(managed, "Properties"), "PolicyDocument"), "Statement")
        }
        own => field(own, "Statement"),
    };
    statements.as_sequence().expect("a list of statements").iter().map(Statement::from).collect()
}

impl From<&Value> for Statement {
    fn from(statement: &Value) -> Self {
        let list = |name| statement.get(name).map(texts).unwrap_or_default();
        let condition = |kind, name| Some(field(statement.get("Condition")?.get(kind)?, name));
        let keys = condition("ForAnyValue:StringEquals", "dynamodb:LeadingKeys");
        let sender = condition("StringEquals", "ses:FromAddress");
        Self {
            allows: text(field(statement, "Effect")) == "Allow",
            actions: list("Action"),
            resources: list("Resource"),
            not_actions: list("NotAction"),
            partitions: keys.map(texts).unwrap_or_default(),
            sender: sender.map(text),
        }
    }
}

impl Statement {
    pub(crate) fn allows(&self) -> bool {
        self.allows
    }

    /// What it allows, action by action and resource by resource; a statement that says it any other way is refused.
    pub(crate) fn plain_rights(&self) -> BTreeSet<(String, String)> {
        assert!(self.allows && self.not_actions.is_empty() && self.partitions.is_empty());
        assert!(!self.actions.is_empty() && !self.resources.is_empty());
        let on = |resource| {
            self.actions.iter().map(move |action: &String| (String::clone(resource), action.clone()))
        };
        self.resources.iter().flat_map(on).collect()
    }

    /// Whether nothing at all may be done in a partition, through the table or its index.
    pub(crate) fn denies_partition(&self, partition: &str) -> bool {
        self.denies_in(partition) && self.actions == ["dynamodb:*"]
    }

    /// Whether nothing but reading may be done in a partition.
    pub(crate) fn denies_writes_to(&self, partition: &str) -> bool {
        let reads = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"];
        self.denies_in(partition) && self.actions.is_empty() && self.not_actions == reads
    }

    fn denies_in(&self, partition: &str) -> bool {
        let everywhere = ["${Table.Arn}", "${Table.Arn}/index/*"];
        !self.allows && self.partitions == [partition] && self.resources == everywhere
    }
}
