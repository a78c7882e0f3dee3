//! The environment variables of a function's process.

use std::collections::BTreeMap;

use super::RuntimeConfig;
use crate::arn;
use crate::lambda::Function;

/// Credentials that any local service takes, for who has none.
const CREDENTIALS: [(&str, &str); 2] = [("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")];
/// Whoever has set one of these has credentials.
const CREDENTIAL_SOURCES: [&str; 4] =
    ["AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];

/// Later ones win: the services' addresses, the template's, this process's own, what Lambda sets, and what the person set.
pub(super) fn variables(
    config: &RuntimeConfig,
    name: &str,
    function: &Function,
    runtime_api: &str,
) -> BTreeMap<String, String> {
    let mut variables = config.defaults.clone();
    let has_credentials = CREDENTIAL_SOURCES.iter().any(|source| config.inherited.contains_key(*source));
    if !has_credentials {
        variables.extend(CREDENTIALS.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
    variables.extend(function.environment.clone());
    variables.extend(config.inherited.clone());
    variables.extend(of_lambda(name, function, &config.folder.to_string_lossy(), runtime_api));
    let region = config.region().to_owned();
    variables.extend([("AWS_REGION".to_owned(), region.clone()), ("AWS_DEFAULT_REGION".to_owned(), region)]);
    variables.extend(config.variables.clone());
    variables
}

/// What Lambda tells every function.
fn of_lambda(name: &str, function: &Function, folder: &str, runtime_api: &str) -> BTreeMap<String, String> {
    let texts = [
        ("AWS_LAMBDA_RUNTIME_API", runtime_api.to_owned()),
        ("AWS_LAMBDA_FUNCTION_NAME", name.to_owned()),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned()),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", function.memory_mb.to_string()),
        ("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned()),
        ("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{name}")),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "local".to_owned()),
        ("AWS_EXECUTION_ENV", "AWS_Lambda_provided.al2023".to_owned()),
        ("LAMBDA_TASK_ROOT", folder.to_owned()),
        ("_HANDLER", "bootstrap".to_owned()),
        ("TZ", ":UTC".to_owned()),
    ];
    texts.map(|(name, value)| (name.to_owned(), value)).into()
}

impl RuntimeConfig {
    /// The region that functions are told.
    pub(crate) fn region(&self) -> &str {
        arn::region(&self.variables, &self.inherited)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::RuntimeLimits;

    fn texts<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
    }

    fn seen(inherited: BTreeMap<String, String>) -> BTreeMap<String, String> {
        let config = RuntimeConfig {
            folder: "functions".into(),
            inherited,
            defaults: texts([("AWS_ENDPOINT_URL_SQS", "http://queues")]),
            variables: texts([("C", "person")]),
            limits: RuntimeLimits::default(),
        };
        let environment = texts([("A", "template"), ("B", "template"), ("C", "template")]);
        let function = Function { memory_mb: 256, environment, ..Function::default() };
        variables(&config, "echo", &function, "127.0.0.1:1")
    }

    #[test]
    fn the_person_goes_before_our_own_environment_and_that_before_the_template() {
        let seen = seen(texts([("B", "own"), ("C", "own")]));
        assert_eq!([&seen["A"], &seen["B"], &seen["C"]], ["template", "own", "person"]);
    }

    #[test]
    fn functions_are_told_what_lambda_tells_them() {
        let seen = seen(BTreeMap::new());
        assert_eq!(seen["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:1");
        assert_eq!(seen["AWS_LAMBDA_FUNCTION_NAME"], "echo");
        assert_eq!(seen["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"], "256");
        assert_eq!(seen["AWS_ENDPOINT_URL_SQS"], "http://queues");
    }

    #[test]
    fn credentials_and_a_region_are_made_up_for_who_has_none() {
        let made_up = seen(BTreeMap::new());
        assert_eq!([&made_up["AWS_ACCESS_KEY_ID"], &made_up["AWS_REGION"]], ["test", "us-east-1"]);
        let own = seen(texts([("AWS_PROFILE", "me"), ("AWS_DEFAULT_REGION", "eu-west-1")]));
        assert_eq!((own.get("AWS_ACCESS_KEY_ID"), &*own["AWS_REGION"]), (None, "eu-west-1"));
    }
}
