//! `AWS::ApiGatewayV2::*`.

use super::table::{NotEmulated, Table, not, not_unless};

const OPEN_API: &str = "routes of an OpenAPI definition are not served here: AWS::ApiGatewayV2::Route is";
const NOT_VALIDATED: &str = "what comes in is not validated here";
const NOT_MAPPED: &str = "requests and answers are passed on here as they are";
const API_KEY: NotEmulated =
    not_unless("ApiKeyRequired", &["false"], "API keys are not asked for here: everyone is let in");

pub(super) const API: Table = Table {
    kind: "AWS::ApiGatewayV2::Api",
    honoured: &["CorsConfiguration", "ProtocolType", "RouteKey", "RouteSelectionExpression", "Target"],
    harmless: &[
        "ApiKeySelectionExpression",
        "BasePath",
        "CredentialsArn",
        "Description",
        "DisableExecuteApiEndpoint",
        "DisableSchemaValidation",
        "FailOnWarnings",
        "IpAddressType",
        "Name",
        "Tags",
        "Version",
    ],
    not_emulated: &[not("Body", OPEN_API), not("BodyS3Location", OPEN_API)],
};

pub(super) const HTTP_ROUTE: Table = Table {
    kind: "AWS::ApiGatewayV2::Route",
    honoured: &["ApiId", "RouteKey", "Target"],
    harmless: &["AuthorizationScopes", "AuthorizerId", "OperationName", "RouteResponseSelectionExpression"],
    not_emulated: &[
        API_KEY,
        not_unless(
            "AuthorizationType",
            &["NONE"],
            "authorizers of HTTP APIs are not asked here: everyone is let in",
        ),
        not("ModelSelectionExpression", NOT_VALIDATED),
        not("RequestModels", NOT_VALIDATED),
        not("RequestParameters", NOT_VALIDATED),
    ],
};

pub(super) const SOCKET_ROUTE: Table = Table {
    kind: "AWS::ApiGatewayV2::Route",
    honoured: &["ApiId", "AuthorizerId", "RouteKey", "RouteResponseSelectionExpression", "Target"],
    harmless: &["AuthorizationScopes", "OperationName"],
    not_emulated: &[
        API_KEY,
        not_unless("AuthorizationType", &["CUSTOM", "NONE"], "it is not checked here: everyone is let in"),
        not("ModelSelectionExpression", NOT_VALIDATED),
        not("RequestModels", NOT_VALIDATED),
        not("RequestParameters", NOT_VALIDATED),
    ],
};

pub(super) const INTEGRATION: Table = Table {
    kind: "AWS::ApiGatewayV2::Integration",
    honoured: &["IntegrationType", "IntegrationUri", "PayloadFormatVersion"],
    harmless: &[
        "ApiId",
        "ContentHandlingStrategy",
        "CredentialsArn",
        "Description",
        "IntegrationMethod",
        "PassthroughBehavior",
        "TlsConfig",
    ],
    not_emulated: &[
        not("ConnectionId", "there are no private networks here"),
        not_unless("ConnectionType", &["INTERNET"], "there are no private networks here"),
        not("IntegrationSubtype", "only functions are called here"),
        not("RequestParameters", NOT_MAPPED),
        not("RequestTemplates", NOT_MAPPED),
        not("ResponseParameters", NOT_MAPPED),
        not("TemplateSelectionExpression", NOT_MAPPED),
        not(
            "TimeoutInMillis",
            "a function has 29 seconds behind a WebSocket API here, 30 behind an HTTP API",
        ),
    ],
};

pub(super) const STAGE: Table = Table {
    kind: "AWS::ApiGatewayV2::Stage",
    honoured: &["ApiId", "StageName"],
    harmless: &[
        "AccessLogSettings",
        "AccessPolicyId",
        "AutoDeploy",
        "ClientCertificateId",
        "DefaultRouteSettings",
        "DeploymentId",
        "Description",
        "RouteSettings",
        "Tags",
    ],
    not_emulated: &[not("StageVariables", "functions are not told stage variables here")],
};

/// Whoever lets routes ask it is warned of there.
pub(super) const HTTP_AUTHORIZER: Table = Table {
    kind: "AWS::ApiGatewayV2::Authorizer",
    honoured: &[],
    harmless: &[
        "ApiId",
        "AuthorizerCredentialsArn",
        "AuthorizerPayloadFormatVersion",
        "AuthorizerResultTtlInSeconds",
        "AuthorizerType",
        "AuthorizerUri",
        "EnableSimpleResponses",
        "IdentitySource",
        "IdentityValidationExpression",
        "JwtConfiguration",
        "Name",
    ],
    not_emulated: &[],
};

pub(super) const SOCKET_AUTHORIZER: Table = Table {
    kind: "AWS::ApiGatewayV2::Authorizer",
    honoured: &["AuthorizerUri", "IdentitySource"],
    harmless: &[
        "ApiId",
        "AuthorizerCredentialsArn",
        "AuthorizerPayloadFormatVersion",
        "AuthorizerResultTtlInSeconds",
        "AuthorizerType",
        "EnableSimpleResponses",
        "IdentityValidationExpression",
        "JwtConfiguration",
        "Name",
    ],
    not_emulated: &[],
};

pub(super) const ROUTE_RESPONSE: Table = Table {
    kind: "AWS::ApiGatewayV2::RouteResponse",
    honoured: &["RouteId"],
    harmless: &["ApiId", "RouteResponseKey"],
    not_emulated: &[
        not("ModelSelectionExpression", NOT_MAPPED),
        not("ResponseModels", NOT_MAPPED),
        not("ResponseParameters", NOT_MAPPED),
    ],
};

pub(super) const DEPLOYMENT: Table = Table {
    kind: "AWS::ApiGatewayV2::Deployment",
    honoured: &["ApiId", "StageName"],
    harmless: &["Description"],
    not_emulated: &[],
};
