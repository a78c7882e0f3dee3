//! People's pictures.

use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::accounts::{Api, PASSWORD, expect, text};
use crate::client::with_form;
use crate::target::{Target, unique};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture";
const GIF: &[u8] = b"GIF89a, no more of one";

fn picture(bytes: &'static [u8]) -> Form {
    Form::new().part("profile_pic", Part::bytes(bytes).file_name("me.png"))
}

#[tokio::test]
async fn a_picture_comes_changes_and_goes_with_its_account() {
    let target = Target::start().await;
    let api = Api::of(&target);
    let name = unique("face");
    let form = picture(PNG).text("username", name.clone()).text("password", PASSWORD);
    let register = api.http.post(format!("{}/api/register/", api.url));
    let user = expect(with_form(register, form), 201).await["user"].clone();
    let tokens = api.login(&name).await;
    assert_eq!((&tokens["user"]["photo"], &tokens["user"]["profile_pic"]), (&user["photo"], &user["photo"]));
    let get = async |user: &Value| api.http.get(text(&user["photo"])).send().await.unwrap();
    let answer = get(&user).await;
    assert_eq!(
        (answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()),
        (200, "image/png")
    );
    assert_eq!(answer.bytes().await.unwrap(), PNG);
    let profile = format!("{}/api/user-profile/", api.url);
    let change = |form| with_form(api.http.patch(&profile).bearer_auth(text(&tokens["token"])), form);
    let changed = expect(change(picture(GIF)), 200).await;
    assert_eq!(
        (get(&user).await.status(), get(&changed).await.status()),
        (404.try_into().unwrap(), 200.try_into().unwrap())
    );
    target.assert_stores(1, "one picture in place of another");
    let refused = expect(change(picture(b"<svg/>")), 415).await;
    assert_eq!(refused["code"], "UNSUPPORTED_MEDIA_TYPE");
    let cleared = expect(change(Form::new().text("profile_pic", "")), 200).await;
    assert_eq!((&cleared["photo"], get(&changed).await.status().as_u16()), (&Value::Null, 404));
    let last = expect(change(picture(PNG)), 200).await;
    let proof = json!({"current_password": PASSWORD});
    expect(api.http.delete(&profile).bearer_auth(text(&tokens["token"])).json(&proof), 200).await;
    assert_eq!(get(&last).await.status(), 404);
    target.assert_stores(0, "the end of an account");
    api.call("/api/login/", json!({"username": name, "password": PASSWORD}), 401).await;
}
