//! The table of the template, as DynamoDB's own calls want it.

use serde_json::{Value, json};

/// What is deployed, and so what is tested.
const TEMPLATE: &str = include_str!("../../../../template.yaml");
/// What the template calls it.
const TABLE: &str = "Table";

/// The same names in the template and in the call, but for the index: its definition is the same, too.
pub(super) fn create_table(name: &str) -> Value {
    let table = properties();
    let mut call = json!({ "TableName": name });
    for property in ["AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema"] {
        call[property] = table[property].clone();
    }
    call
}

/// The call that says which attribute ends an item.
pub(super) fn time_to_live(name: &str) -> Value {
    json!({ "TableName": name, "TimeToLiveSpecification": properties()["TimeToLiveSpecification"] })
}

/// The template's own tags (`!Ref` …) are read as what they stand before.
fn properties() -> Value {
    let template: serde_yaml_ng::Value = serde_yaml_ng::from_str(TEMPLATE).expect("a template in YAML");
    let table = &template["Resources"][TABLE]["Properties"];
    let written = |name: &str| {
        let property = &table[name];
        assert!(!property.is_null(), "the template's table has no {name}");
        (name.to_owned(), serde_json::to_value(property).expect("plain values, without tags"))
    };
    ["AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema", "TimeToLiveSpecification"]
        .map(written)
        .into_iter()
        .collect::<serde_json::Map<_, _>>()
        .into()
}
