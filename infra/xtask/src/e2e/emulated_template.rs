//! What must be different in a built template for an emulator, and nothing else.

use serde_yaml_ng::Value;

use crate::step::Outcome;

/// Changes the template to what the emulator at this address needs; answers each change as a line to read.
pub(super) fn adapt(template: &mut Value, emulator: &str) -> Outcome<Vec<String>> {
    let api = |name: &str, stage: &str| sub(&format!("{emulator}/_aws/execute-api/${{{name}}}/{stage}"));
    let workers = found(template, &["Parameters", "DeliverConcurrency", "Default"])?.clone();
    let variables = ["Globals", "Function", "Environment", "Variables"];
    let concurrency = ["Resources", "DeliverSource", "Properties", "ScalingConfig", "MaximumConcurrency"];
    Ok(vec![
        // The real addresses are AWS's own hosts.
        replace(template, &[&variables[..], &["CALLBACK_URL"]].concat(), api("SocketApi", "live"))?,
        replace(template, &[&variables[..], &["PUBLIC_URL"]].concat(), api("HttpApi", "$default"))?,
        // A parameter's number arrives there as a text, and is refused.
        replace(template, &concurrency, workers)?,
    ])
}

fn sub(text: &str) -> Value {
    Value::Mapping([("Fn::Sub".into(), text.into())].into_iter().collect())
}

fn replace(template: &mut Value, path: &[&str], new: Value) -> Outcome<String> {
    let place = found(template, path)?;
    let line = format!("{}: {} instead of {}", path.join("."), shown(&new)?, shown(place)?);
    *place = new;
    Ok(line)
}

/// What stands there: a template that has changed its shape must not be changed half-way.
fn found<'a>(template: &'a mut Value, path: &[&str]) -> Outcome<&'a mut Value> {
    let mut place = template;
    for name in path {
        place = place.get_mut(name).ok_or_else(|| format!("the template has no {}", path.join(".")))?;
    }
    Ok(place)
}

fn shown(value: &Value) -> Outcome<String> {
    Ok(serde_yaml_ng::to_string(value)?.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step::root;

    fn template() -> Value {
        let source = std::fs::read_to_string(root().join("template.yaml")).unwrap();
        serde_yaml_ng::from_str(&source).unwrap()
    }

    #[test]
    fn just_the_addresses_and_the_concurrency_change() {
        let (original, mut adapted) = (template(), template());
        let changes = adapt(&mut adapted, "http://127.0.0.1:1").unwrap();
        assert_eq!(changes.len(), 3);
        let variables = &adapted["Globals"]["Function"]["Environment"]["Variables"];
        assert_eq!(
            variables["CALLBACK_URL"]["Fn::Sub"],
            "http://127.0.0.1:1/_aws/execute-api/${SocketApi}/live"
        );
        assert_eq!(
            variables["PUBLIC_URL"]["Fn::Sub"],
            "http://127.0.0.1:1/_aws/execute-api/${HttpApi}/$default"
        );
        let source = &adapted["Resources"]["DeliverSource"]["Properties"];
        let workers = &original["Parameters"]["DeliverConcurrency"]["Default"];
        assert_eq!(&source["ScalingConfig"]["MaximumConcurrency"], workers);
        for path in changes.iter().map(|change| change.split_once(':').unwrap().0) {
            let path: Vec<_> = path.split('.').collect();
            *found(&mut adapted, &path).unwrap() = found(&mut template(), &path).unwrap().clone();
        }
        assert_eq!(adapted, original);
    }

    #[test]
    fn a_template_without_the_places_is_refused() {
        let mut template = template();
        template["Globals"]["Function"]["Environment"]["Variables"] =
            Value::Mapping([].into_iter().collect());
        let error = adapt(&mut template, "http://127.0.0.1:1").unwrap_err().to_string();
        assert!(error.contains("CALLBACK_URL"), "{error}");
    }
}
