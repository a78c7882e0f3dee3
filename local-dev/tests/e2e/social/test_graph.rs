//! Facebook's Graph API, as far as access tokens need it: a token is `<app>-<person>`.

use std::collections::HashMap;

use axum::extract::Query;
use axum::routing::get;
use axum::{Json, Router};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::openid_provider::APP;

/// Starts it; answers its URL. It ends with the scenario.
pub async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().route("/debug_token", get(debug_token)).route("/me", get(me));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(router.clone());
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    url
}

async fn debug_token(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    // Only whoever knows the app's secret is told anything.
    assert_eq!(query["access_token"], format!("{APP}|secret-of-{APP}"));
    let (app, person) = query["input_token"].split_once('-').unwrap_or_default();
    let facts = json!({"app_id": app, "user_id": person, "is_valid": !person.is_empty(), "type": "USER"});
    Json(json!({ "data": facts }))
}

async fn me(Query(query): Query<HashMap<String, String>>) -> Json<Value> {
    assert_eq!(query["appsecret_proof"].len(), 64);
    let (_, person) = query["access_token"].split_once('-').unwrap_or_default();
    Json(json!({"id": person, "name": format!("Name {person}")}))
}
