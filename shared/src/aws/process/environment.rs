//! The environment variables of the functions: all of them, and nowhere else.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::domain::edge_secret::EdgeSecret;

const TABLE_NAME: &str = "TABLE_NAME";
const BUCKET_NAME: &str = "BUCKET_NAME";
const QUEUE_URL: &str = "QUEUE_URL";
const CALLBACK_URL: &str = "CALLBACK_URL";
const PUBLIC_URL: &str = "PUBLIC_URL";
const ALLOWED_ORIGINS: &str = "ALLOWED_ORIGINS";
const EDGE_SECRET: &str = "EDGE_SECRET";
const MAIL_FROM: &str = "MAIL_FROM";
const HEARTBEAT_SECONDS: &str = "HEARTBEAT_SECONDS";
const HOST_GRACE_SECONDS: &str = "HOST_GRACE_SECONDS";
const POSTS_PER_SECOND: &str = "POSTS_PER_SECOND";
const DELIVER_CONCURRENCY: &str = "DELIVER_CONCURRENCY";

/// The names of all variables that are read; each must be set.
pub const NAMES: &[&str] = &[
    TABLE_NAME,
    BUCKET_NAME,
    QUEUE_URL,
    CALLBACK_URL,
    PUBLIC_URL,
    ALLOWED_ORIGINS,
    EDGE_SECRET,
    MAIL_FROM,
    HEARTBEAT_SECONDS,
    HOST_GRACE_SECONDS,
    POSTS_PER_SECOND,
    DELIVER_CONCURRENCY,
];

const DEAD_LETTERS_URL: &str = "DEAD_LETTERS_URL";

/// The names of what the `api` function is told besides; all but the first may be empty.
#[cfg(feature = "oidc")]
pub const API_NAMES: &[&str] = &[
    DEAD_LETTERS_URL,
    crate::oidc::GOOGLE_CLIENT_IDS,
    crate::oidc::GOOGLE_CLIENT_SECRET,
    crate::oidc::FACEBOOK_APP_ID,
    crate::oidc::FACEBOOK_APP_SECRET,
];

/// The providers that the variables of this process name.
#[cfg(feature = "oidc")]
pub(in crate::aws) fn providers_of_process() -> crate::oidc::ProviderSettings {
    crate::oidc::ProviderSettings::read(|name| std::env::var(name).ok())
}

/// What a function is told about where it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// `TABLE_NAME`: the DynamoDB table.
    pub table_name: String,
    /// `BUCKET_NAME`: the bucket of media and dropped texts.
    pub bucket_name: String,
    /// `QUEUE_URL`: the queue of jobs.
    pub queue_url: String,
    /// `CALLBACK_URL`: where `/@connections/…` is, the stage included; never a pretty domain, which breaks signatures.
    pub callback_url: String,
    /// `PUBLIC_URL`: where clients reach this deployment.
    pub public_url: String,
    /// `ALLOWED_ORIGINS`: origins of web pages besides our own, separated by commas; may be empty.
    pub allowed_origins: Vec<String>,
    /// `EDGE_SECRET`: what CloudFront shows to be believed about clients' addresses; empty where there is none in front.
    pub edge_secret: Option<EdgeSecret>,
    /// `MAIL_FROM`: the address that mail is sent from; empty where none is sent.
    pub mail_from: Option<String>,
    /// `HEARTBEAT_SECONDS`: the pause between two heartbeats on the feed.
    pub heartbeat: Duration,
    /// `HOST_GRACE_SECONDS`: how long a watch room waits for a host who is gone.
    pub host_grace: Duration,
    /// `DEAD_LETTERS_URL`: the queue of what was given up on, for the function that shows how much that is.
    pub dead_letters_url: Option<String>,
    /// How fast one worker may write to sockets: `POSTS_PER_SECOND`, which is what all may do together, divided by
    /// `DELIVER_CONCURRENCY`, the most workers that there are.
    pub posts_per_second: NonZeroU32,
}

/// An environment variable is missing or wrong. Its value is not told: it may be a secret put in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {name} {problem}")]
pub struct EnvironmentError {
    /// Which one.
    pub name: &'static str,
    /// What is the matter, in words that follow the name.
    pub problem: &'static str,
}

impl Environment {
    /// Reads the variables of this process.
    pub fn of_process() -> Result<Self, EnvironmentError> {
        Self::read(|name| std::env::var(name).ok())
    }

    /// Reads the variables from anywhere.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, EnvironmentError> {
        let set = |name| variable(name).ok_or(EnvironmentError { name, problem: "is not set" });
        let text = |name| set(name).and_then(|value| not_empty(name, value));
        let url = |name| text(name).and_then(|value| web_address(name, value));
        let number = |name| text(name).and_then(|value| positive(name, &value));
        Ok(Self {
            table_name: text(TABLE_NAME)?,
            bucket_name: text(BUCKET_NAME)?,
            queue_url: url(QUEUE_URL)?,
            callback_url: url(CALLBACK_URL)?,
            public_url: url(PUBLIC_URL)?,
            allowed_origins: list(&set(ALLOWED_ORIGINS)?),
            edge_secret: secret(EDGE_SECRET, set(EDGE_SECRET)?)?,
            mail_from: Some(set(MAIL_FROM)?).filter(|address| !address.trim().is_empty()),
            heartbeat: Duration::from_secs(u64::from(number(HEARTBEAT_SECONDS)?.get())),
            host_grace: Duration::from_secs(u64::from(number(HOST_GRACE_SECONDS)?.get())),
            dead_letters_url: variable(DEAD_LETTERS_URL)
                .map(|url| web_address(DEAD_LETTERS_URL, url))
                .transpose()?,
            posts_per_second: share(number(POSTS_PER_SECOND)?, number(DELIVER_CONCURRENCY)?),
        })
    }
}

/// One worker's part; the least one that gets anything done, if there is not enough for all.
fn share(total: NonZeroU32, workers: NonZeroU32) -> NonZeroU32 {
    NonZeroU32::new(total.get() / workers).unwrap_or(NonZeroU32::MIN)
}

fn not_empty(name: &'static str, value: String) -> Result<String, EnvironmentError> {
    let problem = "is empty";
    Some(value).filter(|value| !value.trim().is_empty()).ok_or(EnvironmentError { name, problem })
}

fn web_address(name: &'static str, value: String) -> Result<String, EnvironmentError> {
    let problem = "does not begin with https:// or http://";
    let is_url = |value: &String| value.starts_with("https://") || value.starts_with("http://");
    Some(value).filter(is_url).ok_or(EnvironmentError { name, problem })
}

fn positive(name: &'static str, value: &str) -> Result<NonZeroU32, EnvironmentError> {
    let problem = "is not a whole number above 0";
    value.trim().parse().map_err(|_| EnvironmentError { name, problem })
}

fn secret(name: &'static str, value: String) -> Result<Option<EdgeSecret>, EnvironmentError> {
    let problem = "is too short for a secret";
    Some(value)
        .filter(|value| !value.is_empty())
        .map(|value| EdgeSecret::new(value).ok_or(EnvironmentError { name, problem }))
        .transpose()
}

fn list(value: &str) -> Vec<String> {
    let parts = value.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good(name: &str) -> Option<String> {
        Some(match name {
            TABLE_NAME => "table".into(),
            BUCKET_NAME => "bucket".into(),
            QUEUE_URL | CALLBACK_URL | PUBLIC_URL => format!("https://{}.test", name.to_lowercase()),
            ALLOWED_ORIGINS => " https://a.test, https://b.test,".into(),
            EDGE_SECRET => "0123456789abcdef0123456789abcdef".into(),
            MAIL_FROM => "parlor@example.org".into(),
            HEARTBEAT_SECONDS => "10".into(),
            HOST_GRACE_SECONDS => "30".into(),
            POSTS_PER_SECOND => "6000".into(),
            DELIVER_CONCURRENCY => "10".into(),
            _ => return None,
        })
    }

    #[test]
    fn a_complete_environment_is_read() {
        let environment = Environment::read(good).unwrap();
        assert_eq!(environment.heartbeat, Duration::from_secs(10));
        assert_eq!(environment.posts_per_second.get(), 600);
        assert_eq!(environment.allowed_origins, ["https://a.test", "https://b.test"]);
        assert_eq!(environment.callback_url, "https://callback_url.test");
    }

    #[test]
    fn a_worker_that_gets_less_than_one_post_a_second_makes_one() {
        let read = |name: &str| {
            if name == DELIVER_CONCURRENCY { Some("7000".to_owned()) } else { good(name) }
        };
        assert_eq!(Environment::read(read).unwrap().posts_per_second, NonZeroU32::MIN);
    }

    #[test]
    fn every_listed_variable_is_read_and_missed_by_name() {
        for missing in NAMES {
            let error = Environment::read(|name| good(name).filter(|_| name != *missing)).unwrap_err();
            assert_eq!(error.to_string(), format!("the environment variable {missing} is not set"));
        }
    }

    #[test]
    fn a_wrong_value_is_named_but_not_shown() {
        let cases = [
            (TABLE_NAME, " "),
            (CALLBACK_URL, "s3cret"),
            (PUBLIC_URL, "s3cret"),
            (EDGE_SECRET, "s3cret"),
            (HEARTBEAT_SECONDS, "0"),
            (HOST_GRACE_SECONDS, "0"),
            (POSTS_PER_SECOND, "s3cret"),
            (DELIVER_CONCURRENCY, "0"),
        ];
        for (wrong, value) in cases {
            let read = |name: &str| {
                if name == wrong { Some(value.to_owned()) } else { good(name) }
            };
            let error = Environment::read(read).unwrap_err();
            assert_eq!(error.name, wrong);
            assert!(!error.to_string().contains("s3cret"));
        }
    }

    #[test]
    fn without_an_edge_there_is_no_secret_and_with_one_it_is_not_shown() {
        let read = |secret: Option<&str>| {
            let secret = secret.map(str::to_owned);
            Environment::read(|name| secret.clone().filter(|_| name == EDGE_SECRET).or_else(|| good(name)))
        };
        assert_eq!(read(Some("")).unwrap().edge_secret, None);
        let environment = read(None).unwrap();
        assert!(environment.edge_secret.as_ref().unwrap().is(good(EDGE_SECRET).unwrap().as_bytes()));
        assert!(!format!("{environment:?}").contains("0123456789"));
    }

    #[test]
    fn without_an_address_to_write_from_no_mail_is_sent() {
        let read = |name: &str| {
            if name == MAIL_FROM { Some(String::new()) } else { good(name) }
        };
        assert_eq!(Environment::read(read).unwrap().mail_from, None);
        assert_eq!(Environment::read(good).unwrap().mail_from.as_deref(), Some("parlor@example.org"));
    }

    #[test]
    fn no_foreign_origins_is_an_answer_too() {
        let read = |name: &str| {
            if name == ALLOWED_ORIGINS { Some(String::new()) } else { good(name) }
        };
        assert_eq!(Environment::read(read).unwrap().allowed_origins, Vec::<String>::new());
    }
}
