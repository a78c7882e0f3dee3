//! What a deployment chooses.

use std::time::Duration;

use crate::domain::edge_secret::EdgeSecret;
use crate::domain::limit::Limits;
use crate::domain::origin::{OriginPolicy, is_local_url};
use crate::domain::outbound::Reach;

/// What a deployment chooses; [`Settings::new`] has the defaults.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where clients reach this deployment, without a slash at the end: `https://api.example.org`.
    pub public_url: String,
    /// Origins of web pages, besides our own, that may use this deployment: `https://app.example.org`.
    pub allowed_origins: Vec<String>,
    /// Whether pages from any port of this very machine may use it, while that is where the public URL leads: for development.
    /// Of a server that others reach, a visitor's own machine is as foreign as any.
    pub allow_local_origins: bool,
    /// What the edge in front of us shows to be believed about clients' addresses. None: nobody is.
    pub edge_secret: Option<EdgeSecret>,
    /// How often people may do what others could suffer from.
    pub limits: Limits,
    /// Whom we call when people name an address.
    pub reach: Reach,
    /// The pause between two heartbeats on the feed.
    pub heartbeat: Duration,
    /// How long a watch room waits for a host who is gone.
    pub host_grace: Duration,
    /// The largest file that is taken in one request, in bytes.
    pub max_upload_bytes: u64,
    /// The largest file that may be put into the store directly, in bytes.
    pub max_direct_upload_bytes: u64,
    /// The largest body that is answered in one response; larger media are redirected to their store. None: no limit.
    pub max_inline_bytes: Option<u64>,
}

impl Settings {
    /// The defaults, for a deployment that clients reach under this URL.
    pub fn new(public_url: impl Into<String>) -> Self {
        Self {
            public_url: public_url.into().trim_end_matches('/').to_owned(),
            allowed_origins: Vec::new(),
            allow_local_origins: false,
            edge_secret: None,
            limits: Limits::default(),
            reach: Reach::Public,
            heartbeat: Duration::from_secs(10),
            host_grace: Duration::from_secs(30),
            max_upload_bytes: 4 << 30,
            // S3 takes no more in one request.
            max_direct_upload_bytes: 5 << 30,
            max_inline_bytes: None,
        }
    }

    /// Which web pages may use this deployment.
    pub fn origins(&self) -> OriginPolicy<'_> {
        OriginPolicy {
            own: &self.public_url,
            allowed: &self.allowed_origins,
            local: self.allow_local_origins && is_local_url(&self.public_url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits_local(public_url: &str, allow_local_origins: bool) -> bool {
        let settings = Settings { allow_local_origins, ..Settings::new(public_url) };
        settings.origins().admits("http://localhost:5173", None)
    }

    #[test]
    fn pages_of_the_visitors_own_machine_are_admitted_only_where_that_is_ours_too() {
        assert!(admits_local("http://localhost:8000", true));
        assert!(!admits_local("http://localhost:8000", false));
        assert!(!admits_local("https://parlor.example.org", true));
        assert!(!admits_local("http://192.168.1.5:8000", true));
    }
}
