//! Requests as they stand in documents: README.md's lines in a shell, and those that clients of other backends were
//! told to send, header for header.

use std::fs;
use std::path::Path;
use std::process::Command;

use reqwest::Client;
use reqwest::header::AUTHORIZATION;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::task::spawn_blocking;

use crate::accounts::{PASSWORD, expect, text};
use crate::target::{Target, unique};

const README: &str = include_str!("../../../README.md");
const PHRASE: &str = "seven green boats at dawn";
/// The sound that documents upload.
pub(crate) const SOUND: &[u8] = include_bytes!("../../../infra/audio/audio_test_1.mp3");
/// Where documents say that the server is.
const DOCUMENTED: &str = "http://localhost:8000";

/// What README.md has people type into a shell to try the HTTP API.
fn readme_lines() -> String {
    let blocks = README.split("```bash\n").skip(1).filter_map(|rest| rest.split("```").next());
    let calls = ["/api/auth/guest/", "/media_post/", "/media_get/"];
    let tried = |block: &&str| calls.iter().any(|call| block.contains(&format!("{DOCUMENTED}{call}")));
    let lines: Vec<_> = blocks.filter(tried).collect();
    assert_eq!(lines.len(), calls.len(), "{lines:?}");
    lines.concat()
}

/// Pastes lines into a shell, in a folder where the predefined sounds lie as documented; answers what they print and what
/// they downloaded into a file of this name.
pub(crate) async fn paste(http: &str, lines: &str, download: &str) -> (String, Vec<u8>) {
    let home = TempDir::new().unwrap();
    let sounds = home.path().join("store/audio_tests");
    fs::create_dir_all(&sounds).unwrap();
    fs::write(sounds.join("audio_test_1.mp3"), SOUND).unwrap();
    let printed = run(lines.replace(DOCUMENTED, http), home.path()).await;
    (printed, fs::read(home.path().join(download)).unwrap())
}

async fn run(lines: String, folder: &Path) -> String {
    // A call with a slash at its end may be answered 308 on AWS, which the lines for a laptop don't tell curl to follow.
    fs::write(folder.join(".curlrc"), "location\n").unwrap();
    let mut shell = Command::new("sh");
    shell.args(["-e", "-c", &lines]).current_dir(folder).env("CURL_HOME", folder);
    let output = spawn_blocking(move || shell.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{lines}` failed, is curl there? {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// What an upload answered.
fn assert_saved(printed: &str) {
    let answer: Value = serde_json::from_str(&printed[printed.rfind("{\"status\"").unwrap()..]).unwrap();
    assert_eq!((&answer["status"], &answer["filename"]), (&json!("File saved"), &json!("audio_test_1.mp3")));
    assert_eq!((&answer["param1"], &answer["param2"]), (&json!("test1"), &json!("test2")));
    assert!(answer["media_id"].is_string() && answer["saved_to"].is_string(), "{answer}");
}

#[tokio::test]
async fn the_lines_of_the_readme_work_as_they_stand() {
    let target = Target::start().await;
    let (printed, downloaded) = paste(&target.http, &readme_lines(), "output.mp3").await;
    assert_saved(&printed);
    assert_eq!(downloaded, SOUND);
}

#[tokio::test]
async fn upload_and_download_want_no_more_of_a_shell_than_the_cookie_of_a_sign_in() {
    let target = Target::start().await;
    let lines = r#"
curl -s -c cookies http://localhost:8000/api/auth/guest/ -d 'display_name=Ann'
curl -b cookies -X POST http://localhost:8000/media_post/ \
  -F "file=@store/audio_tests/audio_test_1.mp3" \
  -F "param1=test1" \
  -F "param2=test2"
curl -b cookies http://localhost:8000/media_get/?media_id=904cb473-5d17-4885-9363-46f466a7d140 --output output.mp3
"#;
    let (printed, downloaded) = paste(&target.http, lines, "output.mp3").await;
    assert_saved(&printed);
    assert_eq!(downloaded, SOUND);
}

/// Posts to a path, with this `Authorization` if there is one.
async fn post(target: &Target, path: &str, who: Option<&str>, body: &Value, status: u16) -> Value {
    let request = Client::new().post(format!("{}{path}", target.http));
    let request = who.into_iter().fold(request, |request, who| request.header(AUTHORIZATION, who));
    expect(request.json(body), status).await
}

/// What a look at one's own profile answers.
async fn profile(target: &Target, who: &str, status: u16) -> Value {
    let request = Client::new().get(format!("{}/api/user-profile/", target.http));
    expect(request.header(AUTHORIZATION, who), status).await
}

#[tokio::test]
async fn clients_that_send_an_address_and_a_password_or_a_name_get_a_jwt_and_a_pair_of_tokens() {
    let target = Target::start().await;
    let name = unique("jwt");
    let email = format!("{name}@example.org");
    let account = json!({"username": name, "email": email, "password": PASSWORD, "password2": PASSWORD});
    post(&target, "/api/register/", None, &account, 201).await;
    let by_email = json!({"email": email, "password": PASSWORD});
    for (path, body) in [("/api/auth/login/", by_email), ("/api/auth/guest/", json!({"display_name": "Bob"}))]
    {
        let tokens = post(&target, path, None, &body, 200).await;
        assert_eq!(text(&tokens["access"]).split('.').count(), 3, "{path}");
        assert_eq!(
            (&tokens["access"], &tokens["refresh"]),
            (&tokens["access_token"], &tokens["refresh_token"])
        );
        let refreshed =
            post(&target, "/api/auth/refresh/", None, &json!({"refresh": tokens["refresh"]}), 200).await;
        let who = format!("JWT {}", text(&refreshed["access"]));
        assert_eq!(profile(&target, &who, 200).await["id"], tokens["id"]);
        let left = post(&target, "/api/auth/logout/", Some(&who), &json!({}), 200).await;
        assert_eq!(left["success"], true);
        assert_eq!(profile(&target, &who, 401).await["code"], "SESSION_ENDED");
    }
}

#[tokio::test]
async fn clients_that_send_a_username_and_a_phrase_get_a_token_for_all_else() {
    let target = Target::start().await;
    let (name, http) = (unique("phrase"), Client::new());
    let form = [("username", &*name), ("phrase", PHRASE)];
    let url = |path: &str| format!("{}{path}", target.http);
    let made = expect(http.post(url("/api/register/")).form(&form), 201).await;
    assert_eq!((&made["user"]["username"], made["message"].is_string()), (&json!(name), true));
    let tokens = expect(http.post(url("/api/login/")).form(&form), 200).await;
    let who = format!("Token {}", text(&tokens["token"]));
    let own = profile(&target, &who, 200).await;
    assert_eq!((&own["username"], &own["id"]), (&json!(name), &tokens["user"]["id"]));
    post(&target, "/api/logout/", Some(&who), &json!({}), 200).await;
    assert_eq!(profile(&target, &who, 401).await["code"], "SESSION_ENDED");
}
