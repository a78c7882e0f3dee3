//! The event that a new object is.

use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parlor::protocol::Timestamp;
use serde_json::json;

use crate::gateway::event_times::iso;
use crate::lambda::sources::names::{ACCOUNT, REGION, bucket_arn, new_uuid};
use crate::lambda::wiring::ObjectSource;

/// An object that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewObject {
    pub(super) bucket: String,
    pub(super) key: String,
    /// `ObjectCreated:Put` or the like.
    pub(super) event_name: &'static str,
    /// Unknown for copies.
    pub(super) size: Option<u64>,
    /// Without quotes.
    pub(super) e_tag: Option<String>,
    pub(super) version: Option<String>,
}

/// Numbers that grow, after a restart too.
#[derive(Debug, Default)]
pub(super) struct Sequencer(AtomicU64);

impl Sequencer {
    /// The next one, in hexadecimal digits that sort as the numbers do.
    pub(super) fn next(&self, now: Timestamp) -> String {
        let now = u64::try_from(now.as_micros()).unwrap_or_default();
        let grown = |last: u64| Some(now.max(last + 1));
        let last = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, grown).unwrap_or_default();
        format!("{:018X}", now.max(last + 1))
    }
}

/// Whether an object is one of those that a source asks for.
pub(super) fn is_wanted(source: &ObjectSource, object: &NewObject) -> bool {
    source.bucket == object.bucket
        && object.key.starts_with(&source.prefix)
        && object.key.ends_with(&source.suffix)
        && source.events.iter().any(|wanted| names(wanted, object.event_name))
}

/// Whether `s3:ObjectCreated:*` or the like means an event of that name.
fn names(wanted: &str, event_name: &str) -> bool {
    let wanted = wanted.strip_prefix("s3:").unwrap_or(wanted);
    match wanted.strip_suffix('*') {
        Some(begin) => event_name.starts_with(begin),
        None => wanted == event_name,
    }
}

/// The event, as S3 writes it for one source.
pub(super) fn object_event(
    source: &ObjectSource,
    object: &NewObject,
    sequencer: &str,
    now: Timestamp,
) -> Bytes {
    let mut entity = json!({ "key": encoded(&object.key), "sequencer": sequencer });
    if let Some(size) = object.size {
        entity["size"] = json!(size);
    }
    if let Some(e_tag) = &object.e_tag {
        entity["eTag"] = json!(e_tag);
    }
    if let Some(version) = &object.version {
        entity["versionId"] = json!(version);
    }
    let request_id = new_uuid().replace('-', "").to_uppercase();
    let record = json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": iso(now),
        "eventName": object.event_name,
        "userIdentity": { "principalId": ACCOUNT },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": request_id[..16], "x-amz-id-2": request_id },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": source.function,
            "bucket": {
                "name": object.bucket,
                "ownerIdentity": { "principalId": ACCOUNT },
                "arn": bucket_arn(&object.bucket),
            },
            "object": entity,
        },
    });
    Bytes::from(json!({ "Records": [record] }).to_string())
}

/// A key as a form's field, but with its slashes.
fn encoded(key: &str) -> String {
    let encoded: String = form_urlencoded::byte_serialize(key.as_bytes()).collect();
    encoded.replace("%2F", "/")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn source() -> ObjectSource {
        ObjectSource {
            bucket: "b".to_owned(),
            function: "f".to_owned(),
            events: vec!["s3:ObjectCreated:*".to_owned()],
            prefix: "messages/".to_owned(),
            suffix: ".txt".to_owned(),
        }
    }

    fn object(key: &str) -> NewObject {
        NewObject {
            bucket: "b".to_owned(),
            key: key.to_owned(),
            event_name: "ObjectCreated:Put",
            size: Some(7),
            e_tag: Some("e".to_owned()),
            version: Some("v".to_owned()),
        }
    }

    #[test]
    fn an_event_has_s3s_own_shape() {
        let now = Timestamp::from_micros(1_708_326_702_789_000);
        let event = object_event(&source(), &object("messages/hello you+ä.txt"), "0A", now);
        let event: Value = serde_json::from_slice(&event).unwrap();
        let record = &event["Records"][0];
        assert_eq!(record["eventTime"], "2024-02-19T07:11:42.789Z");
        assert_eq!(record["eventName"], "ObjectCreated:Put");
        assert_eq!(record["eventSource"], "aws:s3");
        assert_eq!(record["s3"]["bucket"]["arn"], "arn:aws:s3:::b");
        let expected = json!({
            "key": "messages/hello+you%2B%C3%A4.txt", "size": 7, "eTag": "e", "versionId": "v", "sequencer": "0A",
        });
        assert_eq!(record["s3"]["object"], expected);
    }

    #[test]
    fn only_what_a_source_asks_for_is_wanted() {
        let wanted = |object: &NewObject| is_wanted(&source(), object);
        assert!(wanted(&object("messages/a.txt")));
        assert!(!wanted(&object("media/a.txt")));
        assert!(!wanted(&object("messages/a.mp3")));
        assert!(!wanted(&NewObject { bucket: "c".to_owned(), ..object("messages/a.txt") }));
        assert!(names("s3:ObjectCreated:Put", "ObjectCreated:Put"));
        assert!(!names("s3:ObjectCreated:Copy", "ObjectCreated:Put"));
        assert!(!names("s3:ObjectRemoved:*", "ObjectCreated:Put"));
    }

    #[test]
    fn sequencers_grow_though_the_clock_stands_still_or_goes_back() {
        let sequencer = Sequencer::default();
        let moments = [5, 5, 3, 900_000_000_000_000];
        let texts = moments.map(|micros| sequencer.next(Timestamp::from_micros(micros)));
        assert!(texts.is_sorted() && texts[0] != texts[1] && texts[1] != texts[2], "{texts:?}");
    }
}
