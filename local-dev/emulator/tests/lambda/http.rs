//! Requests whose functions are processes.

use emulator::lambda::{Cors, SocketApi, WebApi};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use crate::support::{Hosted, web_api};

fn no_sockets() -> SocketApi {
    SocketApi {
        stage: "live".to_owned(),
        selection: "$request.body.action".to_owned(),
        routes: std::collections::BTreeMap::new(),
        authorizer: None,
        identity_sources: Vec::new(),
    }
}

/// Orders the function behind a path to answer something.
async fn answer(port: u16, answer: &Value) -> Response {
    let order = json!({ "do": "answer", "answer": answer });
    Client::new().post(format!("http://127.0.0.1:{port}/any")).json(&order).send().await.unwrap()
}

#[tokio::test]
async fn a_request_goes_to_its_function_and_comes_back() {
    let hosted = Hosted::new();
    let port = hosted.serve(no_sockets(), &["PUT /pets/{id}"]).await;
    let request = Client::new().put(format!("http://127.0.0.1:{port}/pets/7?a=1&a=2")).body(vec![0, 255]);
    let request = request.header("Cookie", "x=1; y=2").header("Content-Type", "image/png");
    let event: Value = request.send().await.unwrap().json::<Value>().await.unwrap()["event"].take();
    assert_eq!(event["routeKey"], "PUT /pets/{id}");
    assert_eq!(event["pathParameters"], json!({ "id": "7" }));
    assert_eq!(event["queryStringParameters"], json!({ "a": "1,2" }));
    assert_eq!(event["cookies"], json!(["x=1", "y=2"]));
    assert_eq!((&event["body"], &event["isBase64Encoded"]), (&json!("AP8="), &json!(true)));
}

#[tokio::test]
async fn answers_may_be_bytes_and_set_cookies() {
    let hosted = Hosted::new();
    let port = hosted.serve(no_sockets(), &["$default"]).await;
    let said = json!({
        "statusCode": 201, "headers": { "Content-Type": "image/png" }, "cookies": ["a=1", "b=2"],
        "body": "AP8=", "isBase64Encoded": true,
    });
    let response = answer(port, &said).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["content-type"]),
        (201, &"image/png".parse().unwrap())
    );
    let cookies: Vec<_> = response.headers().get_all("set-cookie").iter().cloned().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert_eq!(response.bytes().await.unwrap(), vec![0, 255]);
    let inferred = answer(port, &json!({ "pets": [] })).await;
    assert_eq!((inferred.status().as_u16(), &*inferred.text().await.unwrap()), (200, r#"{"pets":[]}"#));
}

#[tokio::test]
async fn failures_are_told_as_api_gateway_tells_them() {
    let hosted = Hosted::new();
    let port = hosted.serve(no_sockets(), &["ANY /any"]).await;
    let failed = r#"{"message":"Internal Server Error"}"#;
    let malformed = answer(port, &json!({ "statusCode": "x" })).await;
    assert_eq!((malformed.status().as_u16(), &*malformed.text().await.unwrap()), (500, failed));
    for order in ["fail", "exit"] {
        let request =
            Client::new().post(format!("http://127.0.0.1:{port}/any")).json(&json!({ "do": order }));
        let response = request.send().await.unwrap();
        assert_eq!((response.status().as_u16(), &*response.text().await.unwrap()), (500, failed), "{order}");
    }
    let nowhere = reqwest::get(format!("http://127.0.0.1:{port}/nowhere")).await.unwrap();
    assert_eq!(
        (nowhere.status().as_u16(), &*nowhere.text().await.unwrap()),
        (404, r#"{"message":"Not Found"}"#)
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_any_function_hears_of_it() {
    let hosted = Hosted::new();
    let port = hosted.serve(no_sockets(), &["$default"]).await;
    let url = format!("http://127.0.0.1:{port}/any");
    let body = Client::new().post(&url).body(vec![0; 10 * 1024 * 1024 + 1]).send().await.unwrap();
    assert_eq!(body.status(), 413);
    let headers = Client::new().get(&url).header("X-Long", "x".repeat(10_240)).send().await.unwrap();
    assert_eq!(headers.status(), 431);
    assert_eq!(hosted.host.processes(), 0);
}

#[tokio::test]
async fn a_path_is_told_without_percent_signs_and_takes_the_route_that_it_took_with_them() {
    let hosted = Hosted::new();
    let port = hosted.serve(no_sockets(), &["GET /items/{id}"]).await;
    let answer = reqwest::get(format!("http://127.0.0.1:{port}/items/a%2Fb%20c%C3%A9?q=%2F")).await.unwrap();
    let event = answer.json::<Value>().await.unwrap()["event"].take();
    assert_eq!((&event["rawPath"], &event["rawQueryString"]), (&json!("/items/a/b cé"), &json!("q=%2F")));
    assert_eq!(event["requestContext"]["http"]["path"], "/items/a/b cé");
    assert_eq!(event["pathParameters"], json!({ "id": "a/b cé" }));
}

#[tokio::test]
async fn a_named_stage_is_a_part_of_the_path() {
    let hosted = Hosted::new();
    let v1 = WebApi { stage: "v1".to_owned(), ..web_api(&["GET /items/{id}"]) };
    let port = hosted.serve_apis(no_sockets(), &[web_api(&["GET /items/{id}"]), v1]).await;
    for (path, stage) in [("/v1/items/1", "v1"), ("/items/1", "$default")] {
        let answer = reqwest::get(format!("http://127.0.0.1:{port}{path}")).await.unwrap();
        let event = answer.json::<Value>().await.unwrap()["event"].take();
        assert_eq!(event["routeKey"], "GET /items/{id}");
        assert_eq!((&event["rawPath"], &event["requestContext"]["stage"]), (&json!(path), &json!(stage)));
    }
    let nowhere = reqwest::get(format!("http://127.0.0.1:{port}/v1/other")).await.unwrap();
    assert_eq!(
        (nowhere.status().as_u16(), &*nowhere.text().await.unwrap()),
        (404, r#"{"message":"Not Found"}"#)
    );
}

#[tokio::test]
async fn an_api_with_a_cors_configuration_answers_browsers_itself() {
    let hosted = Hosted::new();
    let origin = "http://localhost:5173";
    let text = |text: &str| vec![text.to_owned()];
    let (origins, methods, headers) = (text(origin), text("*"), text("content-type"));
    let cors = Some(Cors { origins, methods, headers, ..Cors::default() });
    let port = hosted.serve_apis(no_sockets(), &[WebApi { cors, ..web_api(&["ANY /any"]) }]).await;
    let url = format!("http://127.0.0.1:{port}/any");
    let preflight = Client::new().request(reqwest::Method::OPTIONS, &url).header("Origin", origin);
    let preflight = preflight.header("Access-Control-Request-Method", "POST").send().await.unwrap();
    assert_eq!(preflight.status(), 204);
    assert_eq!(preflight.headers()["access-control-allow-origin"], origin);
    assert_eq!(preflight.headers()["access-control-allow-methods"], "*");
    assert_eq!(preflight.headers()["access-control-allow-headers"], "content-type");
    assert_eq!(hosted.host.processes(), 0, "no function was asked");
    let said = json!({ "statusCode": 200, "headers": { "Access-Control-Allow-Origin": "https://function" } });
    let order = json!({ "do": "answer", "answer": said });
    let asked = Client::new().post(&url).header("Origin", origin).json(&order).send().await.unwrap();
    assert_eq!(asked.headers()["access-control-allow-origin"], origin);
    let elsewhere =
        Client::new().post(&url).header("Origin", "http://other").json(&order).send().await.unwrap();
    assert!(elsewhere.headers().get("access-control-allow-origin").is_none());
}

#[tokio::test]
async fn the_path_of_a_sockets_stage_is_the_http_apis_for_who_wants_no_socket() {
    let hosted = Hosted::new();
    let port = hosted.serve(no_sockets(), &["GET /live"]).await;
    let (taken, free) = (format!("http://127.0.0.1:{port}/live"), format!("http://127.0.0.1:{port}/live/"));
    assert_eq!(reqwest::get(taken).await.unwrap().status(), 200);
    assert_eq!(reqwest::get(free).await.unwrap().status(), 426);
}
