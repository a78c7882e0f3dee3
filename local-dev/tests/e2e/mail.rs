//! Links by mail.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use tokio::time::timeout;

use crate::accounts::{Api, PASSWORD, expect, text};
use crate::client::PATIENCE;
use crate::target::{Target, unique};

const NEW: &str = "nine red kites over Hull";

/// The mail to an address, once it is there, whose link is of this page; answers the link.
pub async fn link(mails: &Path, address: &str, page: &str) -> String {
    let looking = async {
        loop {
            if let Some(link) = mailed(mails, address, page) {
                return link;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("no mail to {address} about {page}"))
}

fn mailed(mails: &Path, address: &str, page: &str) -> Option<String> {
    let files = fs::read_dir(mails).ok()?.map(|file| file.unwrap().path());
    let mails = files.filter(|path| path.extension().is_some_and(|extension| extension == "eml"));
    let mut mails = mails.map(|path| fs::read_to_string(path).unwrap());
    let mail = mails.find(|mail| mail.contains(&format!("<{address}>")) && mail.contains(page))?;
    mail.lines().find(|line| line.contains("/?token=")).map(str::to_owned)
}

pub fn token(link: &str) -> Value {
    link.split_once("/?token=").unwrap().1.into()
}

#[tokio::test]
async fn an_address_is_confirmed_by_the_mailed_link_once_and_by_no_look_at_it() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let tokens = api.login(&name).await;
    let link = link(&target.mails(), &format!("{name}@example.org"), "verify-email").await;
    assert!(link.starts_with(&format!("{}/verify-email/?token=", target.http)), "{link}");
    let ask = async || api.call_as(&tokens, "/api/auth/verify-email/request/", json!({}), 200).await;
    for _ in 0..2 {
        let page = api.http.get(&link).send().await.unwrap();
        assert_eq!(
            (page.status().as_u16(), &page.headers()["referrer-policy"]),
            (200, &"no-referrer".parse().unwrap())
        );
        assert!(page.text().await.unwrap().contains("link-page.js"));
    }
    assert!(text(&ask().await["message"]).contains("on its way"));
    let body = json!({"token": token(&link)});
    assert_eq!(api.call_as(&tokens, "/api/auth/verify-email/", body.clone(), 200).await["success"], true);
    assert_eq!(api.call_as(&tokens, "/api/auth/verify-email/", body, 400).await["code"], "INVALID_INPUT");
    assert!(text(&ask().await["message"]).contains("already"));
}

#[tokio::test]
async fn who_reads_the_mail_of_somebody_elses_account_learns_whose_it_is_and_confirms_nothing() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let (name, stranger) = (api.register().await, api.register().await);
    let strangers = api.login(&stranger).await;
    let link = link(&target.mails(), &format!("{name}@example.org"), "verify-email").await;
    let asked = json!({"token": token(&link)});
    let account = api.call("/api/auth/verify-email/account/", asked.clone(), 200).await;
    assert_eq!(account, json!({"username": name, "display_name": name, "needs": "password"}));
    let refused = api.call_as(&strangers, "/api/auth/verify-email/", asked, 401).await;
    assert_eq!(refused["code"], "UNAUTHENTICATED");
    let with = |password: &str| json!({"token": token(&link), "password": password});
    let wrong = api.call("/api/auth/verify-email/", with("not it at all"), 401).await;
    assert_eq!(wrong["code"], "WRONG_CREDENTIALS");
    api.call("/api/auth/verify-email/", with(PASSWORD), 200).await;
}

#[tokio::test]
async fn a_new_address_counts_once_its_mailed_link_is_used() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let tokens = api.login(&name).await;
    let (old, new) = (format!("{name}@example.org"), format!("{}@example.org", unique("new")));
    let url = format!("{}/api/user-profile/", api.url);
    let change = json!({"email": new, "current_password": PASSWORD});
    let patch = api.http.patch(&url).bearer_auth(text(&tokens["token"])).json(&change);
    let waiting = expect(patch, 200).await;
    assert_eq!((&waiting["email"], &waiting["pending_email"]), (&json!(old), &json!(new)));
    let login = async |email: &str, status| {
        api.call("/api/auth/login/", json!({"email": email, "password": PASSWORD}), status).await
    };
    login(&new, 401).await;
    login(&old, 200).await;
    let confirm = json!({"token": token(&link(&target.mails(), &new, "verify-email").await)});
    api.call_as(&tokens, "/api/auth/verify-email/", confirm, 200).await;
    login(&old, 401).await;
    let user = login(&new, 200).await["user"].clone();
    assert_eq!((&user["email"], &user["pending_email"]), (&json!(new), &Value::Null));
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_the_mailed_link_and_everybody_is_signed_out() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = api.register().await;
    let tokens = api.login(&name).await;
    let address = format!("{name}@example.org");
    let ask = async |email: &str| api.call("/api/auth/password/forgot/", json!({"email": email}), 200).await;
    assert_eq!(ask(&address.to_uppercase()).await, ask(&format!("{}@example.org", unique("nobody"))).await);
    let link = link(&target.mails(), &address, "reset-password").await;
    let reset = async |password: &str, status| {
        let body = json!({"token": token(&link), "password": password, "password2": password});
        api.call("/api/auth/password/reset/", body, status).await
    };
    assert!(reset("password1", 400).await["fields"]["password"].is_string());
    assert_eq!(api.profile(text(&tokens["token"])).await, 200);
    reset(NEW, 200).await;
    assert_eq!(api.profile(text(&tokens["token"])).await, 401);
    assert!(reset("ten blue kites over Hull", 400).await["fields"]["token"].is_string());
    api.call("/api/login/", json!({"username": name, "password": PASSWORD}), 401).await;
    let tokens = api.call("/api/auth/login/", json!({"email": address, "password": NEW}), 200).await;
    let asked = api.call_as(&tokens, "/api/auth/verify-email/request/", json!({}), 200).await;
    assert!(text(&asked["message"]).contains("already"), "whoever got the mail has the address: {asked}");
}
