//! Templates, read for what they wire to what.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use emulator::lambda::{
    Addresses, FunctionNames, ObjectSource, QueueSource, Reading, Redrive, SocketRoute, Template,
    TemplateError,
};

fn addresses() -> Addresses {
    Addresses {
        http: "http://localhost:8000".to_owned(),
        local: "http://localhost:8000".to_owned(),
        queues: "http://localhost:9324".to_owned(),
        region: "us-east-1".to_owned(),
    }
}

fn read(source: &str) -> Result<Reading, TemplateError> {
    let template = Template::parse(source)?;
    template.read(&BTreeMap::new(), &addresses(), &FunctionNames::AsInTemplate)
}

fn ours(parameters: &[(&str, &str)]) -> Reading {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let parameters = parameters.iter().map(text).collect();
    let template = Template::load(&file).unwrap();
    template.read(&parameters, &addresses(), &FunctionNames::AsInTemplate).unwrap()
}

fn route(function: &str, responds: bool) -> SocketRoute {
    SocketRoute { function: function.to_owned(), responds }
}

#[test]
fn our_own_template_is_read_without_a_warning() {
    let Reading { wiring, warnings } = ours(&[]);
    assert_eq!(warnings, Vec::<String>::new());
    let names: Vec<_> = wiring.functions.keys().map(String::as_str).collect();
    let expected = [
        "api",
        "broadcast",
        "connect",
        "deliver",
        "disconnect",
        "download",
        "heartbeat",
        "message",
        "upload",
    ];
    assert_eq!(names, expected);
    let sockets = wiring.sockets.unwrap();
    assert_eq!((&*sockets.stage, &*sockets.selection), ("live", "$request.body.action"));
    assert_eq!(sockets.authorizer.as_deref(), Some("connect"));
    assert_eq!(sockets.identity_sources, ["route.request.header.Host"]);
    let routes = [("$connect", "connect"), ("$default", "message"), ("$disconnect", "disconnect")];
    assert_eq!(sockets.routes, routes.map(|(key, function)| (key.to_owned(), route(function, false))).into());
    let http: Vec<_> = wiring.http[0].routes.iter().map(|route| (&*route.key, &*route.function)).collect();
    assert!(http.contains(&("$default", "api")) && http.contains(&("ANY /media/{filename}", "download")));
    let uploads =
        ["ANY /api/uploads", "ANY /api/register", "PATCH /api/user-profile", "DELETE /api/user-profile"];
    assert!(uploads.iter().all(|key| http.contains(&(key, "upload"))), "{http:?}");
    assert_eq!(http.len(), 20);
}

#[test]
fn our_own_functions_are_told_where_everything_is_here() {
    let wiring = ours(&[("HeartbeatSeconds", "7")]).wiring;
    let api = &wiring.functions["api"];
    assert_eq!((api.timeout, api.memory_mb), (Duration::from_secs(29), 1024));
    let expected = [
        ("ALLOWED_ORIGINS", ""),
        ("BUCKET_NAME", "parlor-00000000-0000-4000-8000-000000000000"),
        ("CALLBACK_URL", "http://localhost:8000/live"),
        ("DEAD_LETTERS_URL", "http://localhost:9324/000000000000/dead-letters"),
        ("DELIVER_CONCURRENCY", "5"),
        ("EDGE_SECRET", ""),
        ("FACEBOOK_APP_ID", ""),
        ("FACEBOOK_APP_SECRET", ""),
        ("GOOGLE_CLIENT_IDS", ""),
        ("GOOGLE_CLIENT_SECRET", ""),
        ("HEARTBEAT_SECONDS", "7"),
        ("HOST_GRACE_SECONDS", "30"),
        ("MAIL_FROM", ""),
        ("POSTS_PER_SECOND", "6000"),
        ("PUBLIC_URL", "http://localhost:8000"),
        ("QUEUE_URL", "http://localhost:9324/000000000000/queue"),
        ("TABLE_NAME", "table"),
    ];
    assert_eq!(api.environment, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
}

#[test]
fn our_own_queue_bucket_and_schedule_call_their_functions() {
    let wiring = ours(&[]).wiring;
    let queue = wiring.queues.iter().find(|queue| queue.name == "queue").unwrap();
    let redrive = Redrive { dead_letters: "dead-letters".to_owned(), max_receive_count: 5 };
    assert_eq!((queue.visibility_timeout, queue.redrive.clone()), (Duration::from_secs(360), Some(redrive)));
    let source = QueueSource {
        queue: "queue".to_owned(),
        function: "deliver".to_owned(),
        batch_size: 5,
        window: Duration::ZERO,
        reports_failures: true,
        max_concurrency: Some(5),
    };
    assert_eq!(wiring.queue_sources, [source]);
    let new_objects = |function: &str, prefix: &str, suffix: &str| ObjectSource {
        bucket: "parlor-00000000-0000-4000-8000-000000000000".to_owned(),
        function: function.to_owned(),
        events: vec!["s3:ObjectCreated:*".to_owned()],
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
    };
    let sources = [new_objects("broadcast", "messages/", ".txt"), new_objects("upload", "media/direct-", "")];
    assert_eq!(wiring.object_sources, sources);
    let schedule = &wiring.schedules[0];
    assert_eq!((&*schedule.function, schedule.every), ("heartbeat", Duration::from_secs(60)));
    assert_eq!((schedule.retries, schedule.max_event_age), (1, Duration::from_secs(60)));
    assert_eq!(wiring.functions["broadcast"].on_failure.as_deref(), Some("dead-letters"));
    assert_eq!(wiring.functions["heartbeat"].async_retries, 1);
}

#[test]
fn a_parameter_that_the_template_does_not_have_is_refused() {
    let template = Template::parse("Resources: { A: { Type: AWS::Serverless::Function } }").unwrap();
    let parameters = [("Nope".to_owned(), String::new())].into();
    let answer = template.read(&parameters, &addresses(), &FunctionNames::AsInTemplate);
    assert!(matches!(answer, Err(TemplateError::NoSuchParameter(name)) if name == "Nope"));
}

/// A plain application, in the long spelling of everything.
const PLAIN: &str = r#"
Parameters:
  Stage: { Type: String, Default: dev }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
Resources:
  Chat:
    Type: AWS::ApiGatewayV2::Api
    Properties: { Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.type }
  ChatStage:
    Type: AWS::ApiGatewayV2::Stage
    Properties: { ApiId: !Ref Chat, StageName: !Ref Stage }
  SayIntegration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      ApiId: !Ref Chat
      IntegrationType: AWS_PROXY
      IntegrationUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Say.Arn}/invocations
  Guard:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Chat
      AuthorizerType: REQUEST
      AuthorizerUri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Say.Arn}/invocations
      IdentitySource: [route.request.querystring.token]
  ConnectRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Chat
      RouteKey: $connect
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Guard
      Target: !Join [/, [integrations, !Ref SayIntegration]]
  SayRoute:
    Type: AWS::ApiGatewayV2::Route
    Properties: { ApiId: !Ref Chat, RouteKey: say, Target: !Sub "integrations/${SayIntegration}" }
  SayResponse:
    Type: AWS::ApiGatewayV2::RouteResponse
    Properties: { ApiId: !Ref Chat, RouteId: !Ref SayRoute, RouteResponseKey: $default }
  Say:
    Type: AWS::Serverless::Function
    Properties:
      Environment:
        Variables:
          CHAT: !If [IsDev, !Sub "${Chat.ApiEndpoint}/${Stage}", nothing]
          LITERAL: !Sub ${!Kept}
          ELSEWHERE: !ImportValue somewhere
          GONE: !If [IsDev, !Ref AWS::NoValue, x]
      Events:
        Get: { Type: HttpApi, Properties: { Path: "/pets/{id}", Method: get } }
        Any: { Type: HttpApi, Properties: { Path: /all, Method: any } }
        Rest: { Type: HttpApi }
        Work: { Type: SQS, Properties: { Queue: !GetAtt Jobs.Arn } }
        Nightly: { Type: Schedule, Properties: { Schedule: cron(0 3 * * ? *) } }
        Topic: { Type: SNS, Properties: { Topic: x } }
  Jobs: { Type: AWS::SQS::Queue, Properties: { QueueName: my-jobs } }
  Never: { Type: AWS::Serverless::Function, Condition: IsProd }
"#;

#[test]
fn a_plain_application_is_read_as_well_and_what_is_not_so_here_is_warned_of() {
    let source = PLAIN.replace("Conditions:", "Conditions:\n  IsProd: !Not [!Condition IsDev]");
    let Reading { wiring, warnings } = read(&source).unwrap();
    let sockets = wiring.sockets.unwrap();
    assert_eq!((&*sockets.stage, &*sockets.selection), ("dev", "$request.body.type"));
    assert_eq!(sockets.authorizer.as_deref(), Some("Say"));
    assert_eq!(sockets.identity_sources, ["route.request.querystring.token"]);
    let routes = [("$connect", false), ("say", true)];
    assert_eq!(sockets.routes, routes.map(|(key, responds)| (key.to_owned(), route("Say", responds))).into());
    let mut http: Vec<_> = wiring.http[0].routes.iter().map(|route| &*route.key).collect();
    http.sort_unstable();
    assert_eq!(http, ["$default", "ANY /all", "GET /pets/{id}"]);
    assert_eq!(wiring.queue_sources[0].queue, "my-jobs");
    let environment = &wiring.functions["Say"].environment;
    let expected = [("CHAT", "ws://localhost:8000/dev"), ("LITERAL", "${Kept}")];
    assert_eq!(*environment, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    assert_eq!(wiring.functions.len(), 1, "the other one's condition does not hold");
    let places = [
        "Say.Environment.Variables.ELSEWHERE",
        "Say.Events.Nightly.Properties.Schedule",
        "Say.Events.Topic.Type",
    ];
    assert_eq!(warnings.len(), places.len(), "{warnings:?}");
    for place in places {
        assert!(warnings.iter().any(|warning| warning.starts_with(place)), "{place}: {warnings:?}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let function = "F: { Type: AWS::Serverless::Function }";
    let api = "A: { Type: AWS::Serverless::WebSocketApi, Properties: { RouteSelectionExpression: x, Routes: { a: { FunctionArn: ARN } } } }";
    let event = "E: { Type: AWS::Serverless::Function, Properties: { Events: { Get: { Type: HttpApi, Properties: { Path: /v2/, Method: GET } } } } }";
    let route = "A: { Type: AWS::ApiGatewayV2::Api, Properties: { ProtocolType: HTTP } }
  I: { Type: AWS::ApiGatewayV2::Integration, Properties: { ApiId: !Ref A, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt F.Arn } }
  R: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref A, RouteKey: ANY /v2/, Target: !Sub 'integrations/${I}' } }";
    let table = [
        (event.to_owned(), "E.Events.Get.Properties.Path"),
        (route.to_owned(), "R.RouteKey"),
        (api.replace("ARN", "nobody"), "A.Routes.a.FunctionArn"),
        (api.replace("ARN", "!Ref Nobody"), "A.Routes.a.FunctionArn"),
        (api.replace("ARN", "F").replace("{ Route", "{ StageName: '{a}', Route"), "A.StageName"),
        ("Q: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: soon } }".to_owned(), "Q.DelaySeconds"),
        ("G: { Type: AWS::Serverless::Function, Properties: { Timeout: !Ref G } }".to_owned(), "G.Timeout"),
        ("G: { Type: AWS::Serverless::Function, Condition: Nope }".to_owned(), "G.Condition"),
    ];
    for (resource, place) in table {
        let error = read(&format!("Resources:\n  {function}\n  {resource}")).unwrap_err().to_string();
        assert!(error.starts_with(place), "{error}");
    }
}

#[test]
fn a_circle_of_references_ends() {
    let source = "
        Conditions:
          A: !Condition B
          B: !Condition A
        Resources:
          F: { Type: AWS::Serverless::Function, Condition: A }
          Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !GetAtt Q.QueueName } }";
    assert!(read(source).is_err());
    assert!(read(&source.replace("Condition: A }", "}")).is_err());
    assert!(read("Resources: { F: { Type: AWS::Serverless::Function } }").is_ok());
}
