//! SAM's APIs.

use super::table::{Table, not, not_unless};

const OWN_ADDRESS: &str = "custom domains are not served here: the API is at this server's address";
const OPEN_API: &str =
    "routes of an OpenAPI definition are not served here: HttpApi events and AWS::ApiGatewayV2::Route are";
const VARIABLES: &str = "functions are not told stage variables here";
const NOT_VALIDATED: &str = "what comes in is not validated here";

pub(super) const HTTP: Table = Table {
    kind: "AWS::Serverless::HttpApi",
    honoured: &["CorsConfiguration", "StageName"],
    harmless: &[
        "AccessLogSettings",
        "Auth.Authorizers",
        "Auth.EnableIamAuthorizer",
        "DefaultRouteSettings",
        "Description",
        "DisableExecuteApiEndpoint",
        "FailOnWarnings",
        "Name",
        "PropagateTags",
        "RouteSettings",
        "Tags",
    ],
    not_emulated: &[
        not_unless(
            "Auth.DefaultAuthorizer",
            &["NONE"],
            "authorizers of HTTP APIs are not asked here: everyone is let in",
        ),
        not("DefinitionBody", OPEN_API),
        not("DefinitionUri", OPEN_API),
        not("Domain", OWN_ADDRESS),
        not("StageVariables", VARIABLES),
    ],
};

pub(super) const SOCKETS: Table = Table {
    kind: "AWS::Serverless::WebSocketApi",
    honoured: &[
        "Auth.AuthArn",
        "Auth.IdentitySource",
        "RouteSelectionExpression",
        "Routes.*.FunctionArn",
        "Routes.*.RouteResponseSelectionExpression",
        "StageName",
    ],
    harmless: &[
        "AccessLogSettings",
        "ApiKeySelectionExpression",
        "Auth.InvokeRole",
        "Auth.Name",
        "DefaultRouteSettings",
        "Description",
        "DisableExecuteApiEndpoint",
        "DisableSchemaValidation",
        "FailOnWarnings",
        "IpAddressType",
        "Name",
        "PropagateTags",
        "RouteSettings",
        "Routes.*.OperationName",
        "Tags",
    ],
    not_emulated: &[
        not_unless("Auth.AuthType", &["CUSTOM", "NONE"], "it is not checked here: everyone is let in"),
        not("Domain", OWN_ADDRESS),
        not_unless(
            "Routes.*.ApiKeyRequired",
            &["false"],
            "API keys are not asked for here: everyone is let in",
        ),
        not("Routes.*.IntegrationTimeout", "a WebSocket API waits for 29 seconds here"),
        not("Routes.*.ModelSelectionExpression", NOT_VALIDATED),
        not("Routes.*.RequestModels", NOT_VALIDATED),
        not("Routes.*.RequestParameters", NOT_VALIDATED),
        not("StageVariables", VARIABLES),
    ],
};
