//! Signing in with Google and Facebook.

mod browser;
mod openid_provider;
mod real_provider;
mod test_graph;

use reqwest::Client;
use serde_json::{Value, json};

use crate::target::Target;

#[tokio::test]
async fn a_provider_that_is_not_set_up_is_said_to_be_so() {
    let target = Target::start().await;
    let http = Client::new();
    for provider in ["google", "facebook"] {
        let token =
            http.post(format!("{}/api/auth/{provider}/", target.http)).json(&json!({"id_token": "x"}));
        let link = http.get(format!("{}/accounts/{provider}/login/", target.http));
        for request in [token, link] {
            let response = request.send().await.unwrap();
            assert_eq!(response.status(), 404, "{provider}");
            assert_eq!(response.json::<Value>().await.unwrap()["code"], "NOT_OFFERED", "{provider}");
        }
    }
}
