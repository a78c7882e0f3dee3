//! CloudFront's part. What its function does is tested in `infra/edge`, by running it.

use std::collections::BTreeSet;
use std::fs;

use parlor::inbound::edge::{CLIENT_HEADER, SECRET_HEADER};
use serde_yaml_ng::Value;

use crate::document::{Document, chosen, field, root, text, texts};

/// AWS's own: nothing is kept.
const CACHING_DISABLED: &str = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
/// AWS's own: everything goes along but the host.
const ALL_VIEWER_EXCEPT_HOST_HEADER: &str = "b689b0a8-53d0-40ab-baf2-68738e2966ac";
/// Where the paths of the HTTP API stand.
const ROUTES: &str = "shared/src/inbound/http/mod.rs";
/// Where local-dev's policy for pages stands.
const PAGES: &str = "local-dev/src/static_pages.rs";
const BUCKET: &str = "parlor-${StackUuid}.s3.${AWS::Region}.${AWS::URLSuffix}";

fn distribution(template: &Document) -> &Value {
    field(field(template.resource("Distribution"), "Properties"), "DistributionConfig")
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    field(value, name).as_sequence().unwrap()
}

/// The patterns of the paths that go to an origin besides those that go there by default.
fn patterns(template: &Document, origin: &str) -> Vec<String> {
    let behaviours = list(distribution(template), "CacheBehaviors").iter();
    let to_origin = behaviours.filter(|behaviour| text(field(behaviour, "TargetOriginId")) == origin);
    to_origin.map(|behaviour| text(field(behaviour, "PathPattern"))).collect()
}

/// Whether a path fits one of the patterns: of CloudFront's wildcards, only a star at the end is in use.
fn fits(patterns: &[String], path: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(beginning) => !beginning.contains(['*', '?']) && path.starts_with(beginning),
        None => pattern == path,
    })
}

/// The paths that the HTTP API answers, as its code spells them.
fn answered_paths() -> BTreeSet<String> {
    let code = fs::read_to_string(root().join(ROUTES)).unwrap();
    let texts = code.split('"').skip(1).step_by(2).filter(|text| text.starts_with('/'));
    texts.map(|path| path.split('{').next().unwrap().to_owned()).collect()
}

#[test]
fn the_edge_is_there_only_if_wanted_and_then_not_without_its_secret() {
    let template = Document::load();
    assert_eq!(text(field(template.parameter("Edge"), "Default")), "off");
    assert_eq!(field(template.parameter("EdgeSecret"), "NoEcho"), &Value::Bool(true));
    let kinds =
        [("Distribution", 1), ("Function", 1), ("OriginAccessControl", 1), ("ResponseHeadersPolicy", 2)];
    for (kind, count) in kinds {
        let resources: Vec<_> = template.resources_of(&format!("AWS::CloudFront::{kind}")).collect();
        assert_eq!(resources.len(), count, "{kind}");
        for (_, resource) in resources {
            assert_eq!(text(field(resource, "Condition")), "HasEdge", "{kind}");
        }
    }
    let (condition, told, not_told) = chosen(template.environment_variable("EDGE_SECRET"));
    assert_eq!([&*condition, &*text(told), &*text(not_told)], ["HasEdge", "${EdgeSecret}", ""]);
}

#[test]
fn everything_has_one_public_url_given_or_the_edges_or_the_apis() {
    let template = Document::load();
    assert_is_public_url(template.environment_variable("PUBLIC_URL"));
}

fn assert_is_public_url(url: &Value) {
    let (given, its_value, otherwise) = chosen(url);
    assert_eq!((&*given, &*text(its_value)), ("HasPublicUrl", "${PublicUrl}"));
    let (edge, its_url, api_url) = chosen(otherwise);
    assert_eq!((&*edge, &*text(its_url)), ("HasEdge", "https://${Distribution.DomainName}"));
    assert_eq!(text(api_url), "https://${HttpApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}");
}

#[test]
fn the_bucket_takes_requests_of_pages_of_the_public_url_and_of_allowed_origins() {
    let template = Document::load();
    let cors = field(field(template.resource("Bucket"), "Properties"), "CorsConfiguration");
    let Value::Tagged(split) = field(&list(cors, "CorsRules")[0], "AllowedOrigins") else {
        panic!("{cors:?}")
    };
    assert_eq!((split.tag.to_string(), text(&split.value[0])), ("!Split".to_owned(), ",".to_owned()));
    let (condition, all, own) = chosen(&split.value[1]);
    assert_eq!(condition, "HasAllowedOrigins");
    let Value::Tagged(joined) = all else { panic!("{all:?}") };
    assert_eq!(text(&joined.value[0]), "${Own},${AllowedOrigins}");
    for url in [field(&joined.value[1], "Own"), own] {
        assert_is_public_url(url);
    }
}

#[test]
fn every_call_of_the_http_api_reaches_it_and_no_page_does() {
    let template = Document::load();
    let patterns = patterns(&template, "http");
    let paths = answered_paths();
    assert!(paths.len() >= 5, "{paths:?}");
    for path in paths {
        assert!(fits(&patterns, &path), "{path} would be looked for among the pages");
    }
    for (_, route) in template.resources_of("AWS::ApiGatewayV2::Route") {
        if let Some((_, path)) = text(field(field(route, "Properties"), "RouteKey")).split_once(' ') {
            assert!(fits(&patterns, path), "{path} would be looked for among the pages");
        }
    }
    for entry in fs::read_dir(root().join("static")).unwrap() {
        let page = format!("/{}", entry.unwrap().file_name().to_str().unwrap());
        assert!(!fits(&patterns, &page), "{page} would be looked for in the HTTP API");
    }
}

#[test]
fn sockets_go_to_their_api_and_all_that_nobody_names_to_the_pages() {
    let template = Document::load();
    assert_eq!(patterns(&template, "sockets"), ["/ws/*"]);
    let first = &list(distribution(&template), "CacheBehaviors")[0];
    assert_eq!(text(field(first, "PathPattern")), "/ws/*", "patterns are tried in order");
    assert_eq!(
        text(field(field(distribution(&template), "DefaultCacheBehavior"), "TargetOriginId")),
        "pages"
    );
    let hosts: Vec<_> = list(distribution(&template), "Origins")
        .iter()
        .map(|origin| (text(field(origin, "Id")), text(field(origin, "DomainName"))))
        .collect();
    let api = |name: &str| format!("${{{name}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}");
    let expected = [("sockets", api("SocketApi")), ("http", api("HttpApi")), ("pages", BUCKET.to_owned())];
    assert_eq!(hosts, expected.map(|(id, host)| (id.to_owned(), host)));
}

#[test]
fn pages_in_folders_are_given_out_like_all_pages_but_by_the_function_that_finds_them() {
    let template = Document::load();
    assert_eq!(patterns(&template, "pages"), ["/docs*", "/room.html"]);
    let default = field(distribution(&template), "DefaultCacheBehavior");
    let is_of_pages = |behaviour: &&Value| text(field(behaviour, "TargetOriginId")) == "pages";
    let folder = list(distribution(&template), "CacheBehaviors").iter().find(is_of_pages).unwrap();
    for name in
        ["TargetOriginId", "ViewerProtocolPolicy", "CachePolicyId", "ResponseHeadersPolicyId", "Compress"]
    {
        assert_eq!(field(folder, name), field(default, name), "{name}");
    }
    let [function] = list(folder, "FunctionAssociations") else { panic!("{folder:?}") };
    assert_eq!(text(field(function, "EventType")), "viewer-request");
    assert_eq!(text(field(function, "FunctionARN")), "${EdgeFunction.FunctionARN}");
    // Folders, which the function knows by name, and no others are there.
    let entries = fs::read_dir(root().join("static")).unwrap().map(|entry| entry.unwrap().path());
    let folders = entries.filter(|path| path.join("index.html").exists());
    let names: Vec<_> = folders.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(names, ["docs"]);
}

#[test]
fn calls_and_sockets_pass_whole_encrypted_and_uncached() {
    let template = Document::load();
    let behaviours = list(distribution(&template), "CacheBehaviors").iter();
    let to_apis = behaviours.filter(|behaviour| text(field(behaviour, "TargetOriginId")) != "pages");
    for behaviour in to_apis {
        let value = |name| text(field(behaviour, name));
        let pattern = value("PathPattern");
        assert_eq!(value("CachePolicyId"), CACHING_DISABLED, "{pattern}");
        assert_eq!(value("OriginRequestPolicyId"), ALL_VIEWER_EXCEPT_HOST_HEADER, "{pattern}");
        assert_eq!(value("ViewerProtocolPolicy"), "https-only", "{pattern}");
        assert_eq!(list(behaviour, "AllowedMethods").len(), 7, "{pattern}");
        let [function] = list(behaviour, "FunctionAssociations") else { panic!("{pattern}") };
        assert_eq!(text(field(function, "EventType")), "viewer-request");
        assert_eq!(text(field(function, "FunctionARN")), "${EdgeFunction.FunctionARN}");
    }
}

#[test]
fn both_apis_and_nobody_else_are_shown_the_secret_under_the_name_that_the_code_reads() {
    let template = Document::load();
    for origin in list(distribution(&template), "Origins") {
        let id = text(field(origin, "Id"));
        let headers =
            origin.get("OriginCustomHeaders").map(|headers| headers.as_sequence().unwrap().as_slice());
        let shown = headers.unwrap_or_default().iter();
        let shown: Vec<_> =
            shown.map(|header| ["HeaderName", "HeaderValue"].map(|name| text(field(header, name)))).collect();
        let secret = [[SECRET_HEADER.to_owned(), "${EdgeSecret}".to_owned()]];
        assert_eq!(shown, if id == "pages" { &secret[..0] } else { &secret[..] }, "{id}");
    }
}

#[test]
fn the_function_writes_to_the_header_that_the_code_reads_and_knows_the_stage() {
    let template = Document::load();
    let function = field(template.resource("EdgeFunction"), "Properties");
    assert_eq!(text(field(field(function, "FunctionConfig"), "Runtime")), "cloudfront-js-2.0");
    let code = text(field(function, "FunctionCode"));
    let stage = text(field(field(template.resource("SocketApi"), "Properties"), "StageName"));
    assert!(code.contains(&format!("request.headers['{CLIENT_HEADER}'] = ")), "{code}");
    assert!(code.contains(&format!("request.uri = '/{stage}';")), "{code}");
    // CloudFront refuses these, from functions and as an origin's own headers.
    for reserved in ["x-amz", "x-edge-", "x-real-ip", "x-forwarded-proto"] {
        assert!(!SECRET_HEADER.starts_with(reserved) && !CLIENT_HEADER.starts_with(reserved), "{reserved}");
    }
}

#[test]
fn of_the_bucket_our_distribution_reads_the_pages_and_nothing_else() {
    let template = Document::load();
    let policy = field(field(template.resource("BucketPolicy"), "Properties"), "PolicyDocument");
    let conditional: Vec<_> =
        list(policy, "Statement").iter().filter(|statement| matches!(statement, Value::Tagged(_))).collect();
    let [statement] = conditional[..] else { panic!("{conditional:?}") };
    let (condition, statement, nothing) = chosen(statement);
    assert_eq!((&*condition, &*text(nothing)), ("HasEdge", "${AWS::NoValue}"));
    assert_eq!(text(field(field(statement, "Principal"), "Service")), "cloudfront.amazonaws.com");
    assert_eq!(texts(field(statement, "Action")), ["s3:GetObject"]);
    assert_eq!(texts(field(statement, "Resource")), ["${Bucket.Arn}/pages/*"]);
    let source = field(field(field(statement, "Condition"), "StringEquals"), "AWS:SourceArn");
    let ours = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}";
    assert_eq!(text(source), ours);
    let pages = &list(distribution(&template), "Origins")[2];
    assert_eq!(text(field(pages, "OriginPath")), "/pages");
    assert_eq!(text(field(pages, "OriginAccessControlId")), "${PagesAccess.Id}");
}

#[test]
fn no_log_of_cloudfronts_is_kept() {
    let template = Document::load();
    assert!(distribution(&template).get("Logging").is_none());
    let default = field(distribution(&template), "DefaultCacheBehavior");
    let mut behaviours = list(distribution(&template), "CacheBehaviors").iter().chain([default]);
    assert!(behaviours.all(|behaviour| behaviour.get("RealtimeLogConfigArn").is_none()));
    assert_eq!(template.resources_of("AWS::Logs::DeliverySource").count(), 0);
}

#[test]
fn the_apis_errors_are_not_replaced_by_pages() {
    assert!(distribution(&Document::load()).get("CustomErrorResponses").is_none());
}

#[test]
fn an_own_name_is_served_with_tls_1_2_or_newer() {
    let template = Document::load();
    let (condition, own, _) = chosen(field(distribution(&template), "ViewerCertificate"));
    assert_eq!(condition, "HasEdgeCertificate");
    assert_eq!(text(field(own, "MinimumProtocolVersion")), "TLSv1.2_2021");
    for origin in &list(distribution(&template), "Origins")[..2] {
        let connection = field(origin, "CustomOriginConfig");
        assert_eq!(text(field(connection, "OriginProtocolPolicy")), "https-only");
        assert_eq!(texts(field(connection, "OriginSSLProtocols")), ["TLSv1.2"]);
    }
}

/// A policy for pages as the template has it, and one of local-dev's.
fn policies(template: &Document, resource: &str, constant: &str) -> (String, String) {
    let config = field(field(template.resource(resource), "Properties"), "ResponseHeadersPolicyConfig");
    let policy = field(field(config, "SecurityHeadersConfig"), "ContentSecurityPolicy");
    let code = fs::read_to_string(root().join(PAGES)).unwrap();
    let (_, after) = code.split_once(&format!("const {constant}: &str = \"")).unwrap();
    let (local, _) = after.split_once("\";").unwrap();
    let local: Vec<_> = local.split('\\').map(str::trim).collect();
    (text(field(policy, "ContentSecurityPolicy")), local.join(" "))
}

#[test]
fn pages_are_held_to_the_policy_of_local_dev_and_may_load_from_the_bucket() {
    let template = Document::load();
    let bucket = format!(" https://{BUCKET}");
    // Where media and streams may come from anywhere, the bucket need not be named for them.
    for (resource, constant, named) in [("PageHeaders", "POLICY", 3), ("RoomPageHeaders", "ROOM_POLICY", 1)] {
        let (deployed, local) = policies(&template, resource, constant);
        assert_eq!(deployed.matches(&bucket).count(), named, "{deployed}");
        assert_eq!(deployed.replace(&bucket, ""), local);
    }
}

#[test]
fn the_page_of_rooms_is_given_out_like_all_pages_but_for_what_it_may_load() {
    let template = Document::load();
    let default = field(distribution(&template), "DefaultCacheBehavior");
    let behaviours = list(distribution(&template), "CacheBehaviors").iter();
    let mut of_rooms = behaviours.filter(|behaviour| text(field(behaviour, "PathPattern")) == "/room.html");
    let page = of_rooms.next().unwrap();
    for name in ["TargetOriginId", "ViewerProtocolPolicy", "CachePolicyId", "Compress"] {
        assert_eq!(field(page, name), field(default, name), "{name}");
    }
    assert_eq!(text(field(page, "ResponseHeadersPolicyId")), "${RoomPageHeaders}");
    assert!(root().join("static/room.html").exists());
}
