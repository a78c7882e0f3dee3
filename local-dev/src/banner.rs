//! What a person sees once the server is up.

use std::collections::BTreeSet;
use std::path::Path;

use crate::function_app::FunctionApp;
use crate::options::MAILS;
use crate::server::Server;

/// Where everything is, and two lines to try.
pub fn banner(server: &Server, store: &Path) -> String {
    match server.functions() {
        Some(functions) => of_functions(server.public_url(), functions, &store.join(MAILS)),
        None => of_application(server, store),
    }
}

/// What is called when, and where.
fn of_functions(url: &str, functions: &FunctionApp, mails: &Path) -> String {
    let (wiring, sources) = (functions.wiring(), functions.sources());
    let names: Vec<_> = wiring.functions.keys().map(String::as_str).collect();
    let mut lines = format!("The gateway is up, in front of {}.\n\n", names.join(", "));
    if let Some(sockets) = &wiring.sockets {
        let (stage, base) = (&sockets.stage, url.replacen("http", "ws", 1));
        lines += &format!("  WebSocket API   {base}/{stage}\n  @connections    {url}/{stage}/@connections\n");
    }
    for api in &wiring.http {
        let stage = if api.stage == "$default" { String::new() } else { format!("{}/", api.stage) };
        lines += &format!("  HTTP API        {url}/{stage}\n");
    }
    if !wiring.queues.is_empty() {
        lines += &format!("  SQS             {}/\n", sources.sqs_url());
    }
    if let Some(url) = sources.s3_url() {
        lines += &format!("  S3              {url}/\n");
        let buckets: BTreeSet<_> = wiring.object_sources.iter().map(|source| &source.bucket).collect();
        for bucket in buckets {
            lines += &format!("  Bucket          {bucket}\n");
        }
    }
    lines += &format!("  Mail folder     {}/\n", mails.display());
    lines + "\nCtrl-C ends it.\n"
}

fn of_application(server: &Server, store: &Path) -> String {
    let (url, feed) = (server.public_url(), server.feed_url().unwrap_or_default());
    let drops = store.join("websocket_messages");
    let hello = quoted(&drops.join("hello.txt").to_string_lossy());
    let (drops, mails) = (drops.display(), store.join(MAILS));
    let mails = mails.display();
    let audio = quoted(&form_file(&store.join("audio_tests/audio_test_1.mp3")));
    let (upload, sign_in) =
        (quoted(&format!("{url}/media_post/")), quoted(&format!("{url}/api/auth/guest/")));
    format!(
        "Parlor is up.

  Web page and HTTP API   {url}/
  Broadcast feed          {feed}/
  Drop folder             {drops}/
  Mail folder             {mails}/

Send a message to everyone on the feed:

  echo 'Hello!' > {hello}

Sign in as a guest and upload a sound, which the feed is told to play a few seconds later:

  curl -s -F {audio} {upload} -H \"Authorization: Bearer $(curl -s -d display_name=Ann {sign_in} | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\"

Ctrl-C ends it.
"
    )
}

/// One word for a shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The field `file` of a form, as `curl -F` reads it: outside of quotes it would split the path at `,` and `;`.
fn form_file(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', r"\\").replace('"', "\\\"");
    format!("file=@\"{path}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_text_is_one_word() {
        assert_eq!(quoted("it's $HOME; `x`"), r"'it'\''s $HOME; `x`'");
    }

    #[test]
    fn a_form_takes_any_path() {
        assert_eq!(form_file(Path::new(r#"a,b;c/"d"\e"#)), r#"file=@"a,b;c/\"d\"\\e""#);
    }
}
