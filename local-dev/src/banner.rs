//! What a person sees once the server is up.

use std::path::Path;

use crate::server::Server;

/// Where everything is, and two lines to try.
pub fn banner(server: &Server, store: &Path) -> String {
    let (url, (_, feed_port)) = (server.public_url(), server.ports());
    let drops = store.join("websocket_messages");
    let drops = drops.display();
    let audio = store.join("audio_tests/audio_test_1.mp3");
    let audio = audio.display();
    format!(
        "Parlor is up.

  Web page and HTTP API   {url}/
  Broadcast feed          ws://localhost:{feed_port}/
  Drop folder             {drops}/

Send a message to everyone on the feed:

  echo 'Hello!' > {drops}/hello.txt

Sign in as a guest and upload a sound, which the feed is told to play a few seconds later:

  curl -s -F file=@{audio} {url}/media_post/ -H \"Authorization: Bearer $(curl -s -d display_name=Ann {url}/api/auth/guest/ | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')\"

Ctrl-C ends it.
"
    )
}
