//! The template as a tree, with CloudFormation's functions read as texts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_yaml_ng::value::TaggedValue;
use serde_yaml_ng::{Mapping, Value};

const UUID_OF_STACK: &str = "${StackUuid}";

/// `template.yaml`.
pub(crate) struct Document(Value);

/// One of its functions.
pub(crate) struct Function<'a>(&'a Value);

/// The folder of the whole project: as cargo says it now, since a build may have been moved.
pub(crate) fn root() -> PathBuf {
    Path::new(&env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests")).join("../..")
}

impl Document {
    pub(crate) fn load() -> Self {
        let source = fs::read_to_string(root().join("template.yaml")).unwrap();
        Self(serde_yaml_ng::from_str(&source).unwrap())
    }

    /// All of it.
    pub(crate) fn whole(&self) -> &Value {
        &self.0
    }

    pub(crate) fn parameter(&self, name: &str) -> &Value {
        field(field(&self.0, "Parameters"), name)
    }

    pub(crate) fn resource(&self, name: &str) -> &Value {
        field(field(&self.0, "Resources"), name)
    }

    pub(crate) fn resources_of(&self, kind: &str) -> impl Iterator<Item = (String, &Value)> {
        let resources = mapping(field(&self.0, "Resources")).iter();
        let of_kind = resources.filter(move |(_, resource)| text(field(resource, "Type")) == kind);
        of_kind.map(|(name, resource)| (text(name), resource))
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = Function<'_>> {
        self.resources_of("AWS::Serverless::Function").map(|(_, resource)| Function(resource))
    }

    /// What all functions have in common.
    pub(crate) fn globals(&self) -> &Value {
        field(field(&self.0, "Globals"), "Function")
    }

    /// A variable of all functions.
    pub(crate) fn environment_variable(&self, name: &str) -> &Value {
        field(field(field(self.globals(), "Environment"), "Variables"), name)
    }

    pub(crate) fn global_environment(&self) -> BTreeSet<String> {
        variables(self.globals())
    }
}

impl Function<'_> {
    pub(crate) fn resource(&self) -> &Value {
        self.0
    }

    pub(crate) fn property(&self, name: &str) -> &Value {
        field(field(self.0, "Properties"), name)
    }

    /// Its folder below `functions/`.
    pub(crate) fn folder(&self) -> String {
        let code = text(self.property("CodeUri"));
        code.strip_prefix("functions/").expect("code below functions/").to_owned()
    }

    /// The names of its own variables.
    pub(crate) fn environment(&self) -> BTreeSet<String> {
        variables(field(self.0, "Properties"))
    }

    /// The name of the resource that it logs to.
    pub(crate) fn log_group(&self) -> String {
        let group = text(field(self.property("LoggingConfig"), "LogGroup"));
        group.trim_matches(['$', '{', '}']).to_owned()
    }
}

fn variables(function: &Value) -> BTreeSet<String> {
    let variables = function.get("Environment").map(|environment| mapping(field(environment, "Variables")));
    variables.into_iter().flat_map(Mapping::keys).map(text).collect()
}

fn mapping(value: &Value) -> &Mapping {
    value.as_mapping().unwrap_or_else(|| panic!("not a mapping: {value:?}"))
}

/// What must be there.
pub(crate) fn field<'a>(value: &'a Value, name: &str) -> &'a Value {
    value.get(name).unwrap_or_else(|| panic!("no {name} in {value:?}"))
}

/// One text or a list of them.
pub(crate) fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Sequence(values) => values.iter().map(text).collect(),
        one => vec![text(one)],
    }
}

/// What is chosen between by `!If`: the condition, and what holds with and without it.
pub(crate) fn chosen(value: &Value) -> (String, &Value, &Value) {
    match value {
        Value::Tagged(tagged) if tagged.tag == "!If" => {
            (text(&tagged.value[0]), &tagged.value[1], &tagged.value[2])
        }
        other => panic!("not a choice: {other:?}"),
    }
}

/// A text, in which references stand as `!Sub` would write them.
pub(crate) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Tagged(tagged) => text_of_function(tagged),
        other => panic!("not a text: {other:?}"),
    }
}

fn text_of_function(tagged: &TaggedValue) -> String {
    match (tagged.tag.to_string().as_str(), &tagged.value) {
        ("!Ref" | "!GetAtt", name) => format!("${{{}}}", text(name)),
        ("!Sub", Value::Sequence(parts)) => substituted(&text(&parts[0]), mapping(&parts[1])),
        ("!Sub", plain) => text(plain),
        ("!Join", Value::Sequence(parts)) => texts(&parts[1]).join(&text(&parts[0])),
        ("!Select", Value::Sequence(parts)) => selected(&text(&parts[0]), &parts[1]),
        (tag, value) => panic!("{tag} {value:?}"),
    }
}

/// What is selected of a text's parts.
fn selected(index: &str, parts: &Value) -> String {
    let Value::Tagged(split) = parts else { panic!("not a split text: {parts:?}") };
    let (separator, whole) = (text(&split.value[0]), text(&split.value[1]));
    match (index, &*separator, &*whole) {
        ("2", "/", "${AWS::StackId}") => UUID_OF_STACK.to_owned(),
        ("1", "://", "${PublicUrl}://none") => "${PublicHost}".to_owned(),
        other => panic!("{other:?}"),
    }
}

fn substituted(pattern: &str, values: &Mapping) -> String {
    let substitute = |text_so_far: String, (name, value)| {
        text_so_far.replace(&format!("${{{}}}", text(name)), &text(value))
    };
    values.iter().fold(pattern.to_owned(), substitute)
}
