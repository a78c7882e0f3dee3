//! A certified OpenID provider, as a program of its own.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::thread;

/// Names the provider's script.
const SCRIPT: &str = "OPENID_PROVIDER";
/// What it knows us as.
pub const WEB: &str = "parlor-web";
pub const PHONE: &str = "parlor-phone";
pub const APP: &str = "4711";
/// A client that isn't ours.
pub const SOMEBODY_ELSE: &str = "somebody-else";

/// The provider. Ends when dropped, or when we end.
pub struct OpenIdProvider {
    /// Its issuer, and where it is.
    pub url: String,
    child: Child,
}

impl OpenIdProvider {
    /// Starts it, and waits until it says where it is.
    pub fn start() -> Self {
        let script = env::var(SCRIPT).expect("the provider's script: run `cargo xtask e2e social`");
        let mut command = Command::new("node");
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.next().expect("its URL").unwrap();
        // Whoever stops reading a pipe stops its writer.
        thread::spawn(move || lines.for_each(drop));
        Self { url, child }
    }

    /// What makes a target use it in Google's place and in Facebook's, with this Graph API.
    pub fn settings(&self, graph: &str) -> Vec<(&'static str, &'static str, String)> {
        vec![
            ("--google-issuer", "GOOGLE_ISSUER", self.url.clone()),
            ("--google-client-id", "GOOGLE_CLIENT_IDS", format!("{WEB},{PHONE}")),
            ("--google-client-secret", "GOOGLE_CLIENT_SECRET", format!("secret-of-{WEB}")),
            ("--facebook-issuer", "FACEBOOK_ISSUER", self.url.clone()),
            ("--facebook-app-id", "FACEBOOK_APP_ID", APP.to_owned()),
            ("--facebook-app-secret", "FACEBOOK_APP_SECRET", format!("secret-of-{APP}")),
            ("--facebook-graph-url", "FACEBOOK_GRAPH_URL", graph.to_owned()),
        ]
    }
}

impl Drop for OpenIdProvider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
