//! Names of what stands in for AWS.

use std::collections::BTreeMap;

/// The region, where none is set.
pub const REGION: &str = "us-east-1";
/// The account.
pub(crate) const ACCOUNT: &str = "000000000000";

/// The region that functions are told: the one that a person has set for them, or else this process's own.
pub fn region<'a>(
    variables: &'a BTreeMap<String, String>,
    inherited: &'a BTreeMap<String, String>,
) -> &'a str {
    let set = |name| variables.get(name).or_else(|| inherited.get(name));
    set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")).map_or(REGION, String::as_str)
}

/// The name of a function.
pub(crate) fn function(region: &str, name: &str) -> String {
    format!("arn:aws:lambda:{region}:{ACCOUNT}:function:{name}")
}

/// The function's name in an ARN, a URI that contains one, or by itself.
pub(crate) fn function_name(text: &str) -> &str {
    let name = text.split_once(":function:").map_or(text, |(_, rest)| rest);
    name.split([':', '/']).next().unwrap_or(name)
}

/// The name of a queue or a bucket: what an ARN ends with.
pub(crate) fn last_part(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_name_is_found_wherever_it_stands() {
        let arn = function("us-east-1", "echo");
        let uri = format!("arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{arn}/invocations");
        for text in ["echo", &arn, &format!("{arn}:live"), &uri] {
            assert_eq!(function_name(text), "echo", "{text}");
        }
    }
}
