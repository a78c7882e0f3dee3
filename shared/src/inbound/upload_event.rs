//! What the `upload` function is called with: requests, and the bucket's word that a direct upload has come to its end.

use serde_json::Value;

/// An event, told apart by what only one kind of them has.
#[derive(Debug, Clone, PartialEq)]
pub enum UploadEvent {
    /// Objects have appeared; see [`object_event`](super::object_event).
    Objects(Value),
    /// A request of API Gateway's, payload format 2.0.
    Request(Value),
}

impl From<Value> for UploadEvent {
    /// A request says how it was made; the bucket's events, among them its test, do not.
    fn from(event: Value) -> Self {
        if event.get("requestContext").is_some() { Self::Request(event) } else { Self::Objects(event) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn requests_and_events_of_the_bucket_are_told_apart() {
        let request =
            json!({"version": "2.0", "requestContext": {"http": {"method": "POST"}}, "body": "Records"});
        assert_eq!(UploadEvent::from(request.clone()), UploadEvent::Request(request));
        for event in [json!({"Records": []}), json!({"Event": "s3:TestEvent"}), json!(null)] {
            assert_eq!(UploadEvent::from(event.clone()), UploadEvent::Objects(event));
        }
    }
}
