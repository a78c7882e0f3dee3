//! Where things are here that a template thinks to be on AWS.

/// Where this server is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addresses {
    /// The HTTP API: `http://localhost:8000`, without a slash at the end.
    pub http: String,
    /// The queues: a queue's URL is this, the account and its name.
    pub queues: String,
    /// The region that everything is said to be in.
    pub region: String,
}

impl Addresses {
    /// A text with the addresses of our APIs in place of AWS's.
    pub(super) fn localized(&self, text: &str, apis: &[String]) -> String {
        if !text.contains(".execute-api.") {
            return text.to_owned();
        }
        apis.iter().fold(text.to_owned(), |text, api| {
            let host = format!("{api}.execute-api.{}.amazonaws.com", self.region);
            let sockets = self.http.replacen("http", "ws", 1);
            let text = text.replace(&format!("https://{host}"), &self.http);
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
            http: "http://localhost:8000".to_owned(),
            queues: "http://localhost:1".to_owned(),
            region: "us-east-1".to_owned(),
        };
        let apis = ["ours".to_owned()];
        let host = |api: &str| format!("{api}.execute-api.us-east-1.amazonaws.com");
        let seen = |text: String| addresses.localized(&text, &apis);
        assert_eq!(seen(format!("wss://{}/live", host("ours"))), "ws://localhost:8000/live");
        assert_eq!(seen(format!("https://{}", host("ours"))), "http://localhost:8000");
        let other = format!("https://{}/live", host("theirs"));
        assert_eq!(seen(other.clone()), other);
    }
}
