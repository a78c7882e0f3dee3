//! Which queue a URL means.

use super::sqs_error::SqsError;

/// The queue that a URL means: its last segment, whatever host, port and account stand before it.
pub(super) fn queue_name(url: &str) -> Result<String, SqsError> {
    let name = url.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let is_url = url.contains("://") && !name.is_empty();
    if is_url {
        Ok(name.to_owned())
    } else {
        Err(SqsError::invalid(format!("The address {url} is not valid.")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_is_the_last_segment_of_its_url() {
        assert_eq!(queue_name("http://127.0.0.1:9/000000000000/jobs").unwrap(), "jobs");
        assert_eq!(queue_name("http://sqs.localhost/1/jobs/").unwrap(), "jobs");
        for bad in ["", "jobs", "/1/jobs"] {
            queue_name(bad).unwrap_err();
        }
    }
}
