//! Where things are here that a template thinks to be on AWS.

/// Where this server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// Where clients reach the APIs: `http://localhost:8000`, without a slash at the end.
    pub http: String,
    /// Where programs of this machine reach them, in whose name alone `@connections` answers.
    pub local: String,
    /// The queues: a queue's URL is this, the account and its name.
    pub queues: String,
    /// The region that everything is said to be in.
    pub region: String,
}

/// What an API is called in URLs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ApiName {
    pub(super) name: String,
    pub(super) is_of_sockets: bool,
}

impl Addresses {
    /// A text with the addresses of our APIs in place of AWS's. What is `https` of a WebSocket API is `@connections`.
    pub(super) fn localized(&self, text: &str, apis: &[ApiName]) -> String {
        if !text.contains(".execute-api.") {
            return text.to_owned();
        }
        apis.iter().fold(text.to_owned(), |text, api| {
            let host = format!("{}.execute-api.{}.amazonaws.com", api.name, self.region);
            let sockets = self.http.replacen("http", "ws", 1);
            let http = if api.is_of_sockets { &self.local } else { &self.http };
            let text = text.replace(&format!("https://{host}"), http);
            text.replace(&format!("wss://{host}"), &sockets)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_apis_are_found_here_and_no_others() {
        let addresses = Addresses {
            http: "https://tunnel.example".to_owned(),
            local: "http://localhost:8000".to_owned(),
            queues: "http://localhost:1".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let ours = |name: &str, is_of_sockets| ApiName { name: name.to_owned(), is_of_sockets };
        let apis = [ours("chat", true), ours("web", false)];
        let host = |api: &str| format!("{api}.execute-api.us-east-1.amazonaws.com");
        let seen = |text: String| addresses.localized(&text, &apis);
        assert_eq!(seen(format!("wss://{}/live", host("chat"))), "wss://tunnel.example/live");
        assert_eq!(seen(format!("https://{}/live", host("chat"))), "http://localhost:8000/live");
        assert_eq!(seen(format!("https://{}", host("web"))), "https://tunnel.example");
        let other = format!("https://{}/live", host("theirs"));
        assert_eq!(seen(other.clone()), other);
    }
}
