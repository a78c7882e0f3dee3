//! What a template says that is not so here, and is therefore said at start: never does it go unnoticed.

use std::collections::BTreeMap;

use emulator::lambda::{Addresses, FunctionNames, Reading, Template, TemplateError, Wiring};

fn read(source: &str, parameters: &[(&str, &str)]) -> Result<Reading, TemplateError> {
    let addresses = Addresses {
        http: "http://localhost:8000".to_owned(),
        local: "http://localhost:8000".to_owned(),
        queues: "http://localhost:9324".to_owned(),
        region: "us-east-1".to_owned(),
    };
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let parameters = parameters.iter().map(text).collect();
    Template::parse(source)?.read(&parameters, &addresses, &FunctionNames::AsInTemplate)
}

/// A template with a function `Echo`, a WebSocket API `Api` with a default route, and something else.
fn with_sockets(resources: &str) -> String {
    format!(
        "
Resources:
  Echo: {{ Type: AWS::Serverless::Function }}
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {{ ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action }}
  I:
    Type: AWS::ApiGatewayV2::Integration
    Properties: {{ ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Echo.Arn }}
  M: {{ Type: AWS::ApiGatewayV2::Route, Properties: {{ ApiId: !Ref Api, RouteKey: $default, Target: !Sub 'integrations/${{I}}' }} }}
  S: {{ Type: AWS::ApiGatewayV2::Stage, Properties: {{ ApiId: !Ref Api, StageName: prod }} }}
{resources}"
    )
}

/// A template with a function `Echo` and something else.
fn with(resources: &str) -> String {
    format!("Resources:\n  Echo: {{ Type: AWS::Serverless::Function }}\n{resources}")
}

/// The warnings of a template, each begun with these places.
fn warned_of(source: &str, places: &[&str]) -> Wiring {
    let Reading { wiring, warnings } = read(source, &[]).unwrap();
    assert_eq!(warnings.len(), places.len(), "{warnings:#?}");
    for place in places {
        let about = format!("{place} of the template: ");
        assert!(warnings.iter().any(|warning| warning.starts_with(&about)), "{place}: {warnings:#?}");
    }
    wiring
}

fn lets_everyone_in(source: &str, place: &str) {
    let warnings = read(source, &[]).unwrap().warnings;
    let about = format!("{place} of the template: ");
    let said = warnings.iter().find(|warning| warning.starts_with(&about));
    assert!(said.is_some_and(|said| said.ends_with("everyone is let in")), "{place}: {warnings:#?}");
}

#[test]
fn authorizers_that_are_not_asked_never_let_everyone_in_without_a_word() {
    let api = "  Web: { Type: AWS::Serverless::HttpApi, Properties: { Auth: { DefaultAuthorizer: Mine, Authorizers: { Mine: { FunctionArn: !GetAtt Echo.Arn } } } } }";
    lets_everyone_in(&with(api), "Web.Auth.DefaultAuthorizer");
    let globals = "Globals: { HttpApi: { Auth: { DefaultAuthorizer: Mine } } }\n";
    lets_everyone_in(&format!("{globals}{}", with("")), "Globals.HttpApi.Auth.DefaultAuthorizer");
    let event = "  F: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: HttpApi, Properties: { Auth: { Authorizer: Mine } } } } } }";
    lets_everyone_in(&with(event), "F.Events.A.Properties.Auth.Authorizer");
    let keys = "  C: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: $connect, ApiKeyRequired: true, Target: !Sub 'integrations/${I}' } }";
    lets_everyone_in(&with_sockets(keys), "C.ApiKeyRequired");
    let iam = keys.replace("ApiKeyRequired: true", "AuthorizationType: AWS_IAM");
    lets_everyone_in(&with_sockets(&iam), "C.AuthorizationType");
    let serverless = "  Api: { Type: AWS::Serverless::WebSocketApi, Properties: { RouteSelectionExpression: $request.body.a, Auth: { AuthType: AWS_IAM }, Routes: { $connect: { FunctionArn: !GetAtt Echo.Arn, ApiKeyRequired: true } } } }";
    lets_everyone_in(&with(serverless), "Api.Auth.AuthType");
    lets_everyone_in(&with(serverless), "Api.Routes.$connect.ApiKeyRequired");
    let plain = "
  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  I: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref Web, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Echo.Arn } }
  R: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Web, RouteKey: GET /a, AuthorizationType: CUSTOM, Target: !Sub 'integrations/${I}' } }";
    lets_everyone_in(&with(plain), "R.AuthorizationType");
}

#[test]
fn what_asks_for_nothing_is_not_warned_of() {
    let off = "
  C: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref Api, RouteKey: $connect, ApiKeyRequired: false, AuthorizationType: NONE, Target: !Sub 'integrations/${I}' } }
  Q: { Type: AWS::SQS::Queue, Properties: { FifoQueue: false, ContentBasedDeduplication: !Ref AWS::NoValue } }";
    warned_of(&with_sockets(off), &[]);
}

#[test]
fn routes_that_nobody_reads_are_warned_of() {
    let open_api =
        "  Web: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionBody: { paths: { /a: {} } } } }";
    assert!(warned_of(&with(open_api), &["Web.DefinitionBody"]).http.is_empty());
    let body =
        "  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, Body: { paths: {} } } }";
    warned_of(&with(body), &["Web.Body"]);
    let rest = "
  Rest: { Type: AWS::Serverless::Api, Properties: { StageName: prod } }
  F: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: Api, Properties: { Path: /a, Method: GET } } } } }";
    warned_of(&with(rest), &["Rest.Type", "F.Events.A.Type"]);
}

#[test]
fn an_api_that_is_told_its_target_is_served() {
    let source = with(
        "  Web: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP, Target: !GetAtt Echo.Arn } }",
    );
    let wiring = warned_of(&source, &[]);
    let [api] = &wiring.http[..] else { panic!("{:?}", wiring.http) };
    assert_eq!(
        (&*api.stage, &*api.routes[0].key, &*api.routes[0].function),
        ("$default", "$default", "Echo")
    );
}

#[test]
fn what_belongs_to_another_stacks_api_is_warned_of() {
    let imported = "
  I2: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !ImportValue WsApi, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Echo.Arn } }
  R: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !ImportValue WsApi, RouteKey: $default, Target: !Sub 'integrations/${I2}' } }";
    assert_eq!(warned_of(&with(imported), &["R.ApiId"]).sockets, None);
    assert!(warned_of(&with_sockets(imported), &["R.ApiId"]).sockets.is_some());
    let event = "  F: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: HttpApi, Properties: { ApiId: !ImportValue Web } } } } }";
    assert!(warned_of(&with(event), &["F.Events.A.Properties.ApiId"]).http.is_empty());
}

#[test]
fn a_selection_of_routes_that_cannot_be_read_is_warned_of() {
    for expression in ["$request.body[2]", "$request.body.[*].action", "$request.header.x"] {
        let source = with_sockets("").replace("$request.body.action", &format!("'{expression}'"));
        warned_of(&source, &["Api.RouteSelectionExpression"]);
    }
}

#[test]
fn a_stage_is_the_one_that_the_template_names() {
    let web = "
  Web: { Type: AWS::Serverless::HttpApi, Properties: { StageName: v1 } }
  F: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: HttpApi, Properties: { ApiId: !Ref Web } } } } }";
    assert_eq!(warned_of(&with(web), &[]).http[0].stage, "v1");
    let default = with_sockets("").replace("StageName: prod", "StageName: $default");
    assert_eq!(warned_of(&default, &[]).sockets.unwrap().stage, "$default");
    let deployed = with_sockets("").replace("AWS::ApiGatewayV2::Stage", "AWS::ApiGatewayV2::Deployment");
    assert_eq!(warned_of(&deployed, &[]).sockets.unwrap().stage, "prod");
}

#[test]
fn a_cors_configuration_is_read_in_all_its_forms() {
    let api = |cors: &str| {
        let web = format!(
            "  Web: {{ Type: AWS::Serverless::HttpApi, Properties: {{ CorsConfiguration: {cors} }} }}\n"
        );
        let event = "  F: { Type: AWS::Serverless::Function, Properties: { Events: { A: { Type: HttpApi, Properties: { ApiId: !Ref Web } } } } }";
        warned_of(&with(&(web + event)), &[]).http.remove(0).cors
    };
    assert_eq!(api("true").unwrap().origins, ["*"]);
    assert_eq!(api("false"), None);
    let full = api(
        "{ AllowOrigins: ['http://localhost:5173'], AllowMethods: ['*'], AllowHeaders: [content-type], MaxAge: 60, AllowCredentials: true }",
    );
    let full = full.unwrap();
    assert_eq!(
        (&*full.origins[0], full.max_age, full.credentials),
        ("http://localhost:5173", Some(60), true)
    );
}

#[test]
fn what_is_looked_up_elsewhere_is_not_taken_for_the_value() {
    let source = "
Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /my/path } }
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties: { Environment: { Variables: { P: !Ref P, Q: '{{resolve:ssm:/a/b}}', R: !Sub '${P}', T: text } } }";
    let places = ["P", "Q", "R"].map(|name| format!("Echo.Environment.Variables.{name}"));
    let wiring = warned_of(source, &places.each_ref().map(String::as_str));
    let expected = BTreeMap::from([("T".to_owned(), "text".to_owned())]);
    assert_eq!(wiring.functions["Echo"].environment, expected);
    let given = read(source, &[("P", "value")]).unwrap().wiring;
    assert_eq!(given.functions["Echo"].environment["P"], "value");
}

#[test]
fn a_byte_order_mark_and_attributes_as_one_text_are_taken() {
    let source = "\u{FEFF}Resources: { Echo: { Type: AWS::Serverless::Function, Properties: { Environment: { Variables: { ARN: { 'Fn::GetAtt': Echo.Arn } } } } } }";
    let arn = &warned_of(source, &[]).functions["Echo"].environment["ARN"];
    assert_eq!(arn, "arn:aws:lambda:us-east-1:000000000000:function:Echo");
}

#[test]
fn macros_loops_and_misspelt_things_are_warned_of() {
    let source = "
Transform: [AWS::Serverless-2016-10-31, MyMacro]
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Propertys: {}
    Properties: { Enviroment: {}, Environment: { Variabels: {} } }
  'Fn::ForEach::Loop': [N, [a, b], { 'T${N}': { Type: AWS::SNS::Topic } }]";
    let places =
        ["Transform", "Echo.Propertys", "Echo.Enviroment", "Echo.Environment.Variabels", "Fn::ForEach::Loop"];
    warned_of(source, &places);
}

#[test]
fn something_is_said_once_though_it_concerns_many() {
    let source = "
Globals: { Function: { Layers: [x], Environment: { Variables: { A: !ImportValue X } } } }
Resources:
  One: { Type: AWS::Serverless::Function }
  Two: { Type: AWS::Serverless::Function }";
    warned_of(source, &["Globals.Function.Layers", "Globals.Function.Environment.Variables.A"]);
}

#[test]
fn a_functions_own_name_and_its_aliases_are_those_of_the_function() {
    let source = "
Resources:
  Echo:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: !Sub '${AWS::StackName}-api', AutoPublishAlias: live, CodeUri: target/lambda/my-api/ }
    Metadata: { BuildProperties: { Binary: echo-bin } }
  Alias: { Type: AWS::Lambda::Alias, Properties: { FunctionName: !Ref Echo, FunctionVersion: '1', Name: blue } }
  Api:
    Type: AWS::Serverless::WebSocketApi
    Properties:
      RouteSelectionExpression: $request.body.a
      Routes:
        a: { FunctionArn: !Ref Echo.Alias }
        b: { FunctionArn: !Ref Alias }
        c: { FunctionArn: !Sub 'arn:aws:lambda:${AWS::Region}:${AWS::AccountId}:function:local-api' }";
    let wiring = warned_of(source, &[]);
    let function = &wiring.functions["local-api"];
    assert_eq!(function.names, ["echo-bin", "local-api", "Echo", "echo", "my-api"]);
    assert_eq!(function.code.as_deref(), Some(std::path::Path::new("target/lambda/my-api/")));
    let routes = wiring.sockets.unwrap().routes;
    assert!(routes.values().all(|route| route.function == "local-api"), "{routes:?}");
}

#[test]
fn runtimes_that_are_not_run_here_are_known() {
    let table = [
        ("Runtime: nodejs22.x", Some("nodejs22.x")),
        ("Runtime: provided.al2023", None),
        ("PackageType: Image", Some("a container image")),
        ("MemorySize: 128", None),
    ];
    for (property, runtime) in table {
        let source = format!(
            "Resources: {{ F: {{ Type: AWS::Serverless::Function, Properties: {{ {property} }} }} }}"
        );
        assert_eq!(warned_of(&source, &[]).functions["F"].foreign_runtime.as_deref(), runtime, "{property}");
    }
}

#[test]
fn a_small_template_that_would_take_for_ever_to_work_out_is_refused() {
    let chain = |first: &str, link: &dyn Fn(usize) -> String| {
        (0..40).map(link).fold(first.to_owned(), |all, each| format!("{all}\n  {each}"))
    };
    let queues = chain("F: { Type: AWS::Serverless::Function }", &|n| {
        format!(
            "Q{n}: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: !Sub '${{Q{0}.QueueName}}${{Q{0}.QueueName}}' }} }}",
            n + 1
        )
    });
    let source =
        format!("Resources:\n  {queues}\n  Q40: {{ Type: AWS::SQS::Queue, Properties: {{ QueueName: x }} }}");
    assert!(read(&source, &[]).is_err());
    let conditions =
        chain("A: !Equals [a, a]", &|n| format!("C{n}: !And [!Condition C{0}, !Condition C{0}]", n + 1));
    let source = format!(
        "Conditions:\n  {conditions}\n  C40: !Condition A\nResources: {{ F: {{ Type: AWS::Serverless::Function, Condition: C0 }} }}"
    );
    assert!(read(&source, &[]).is_err());
}
