//! Which object a request to S3 is about, and whether it makes one.

use std::collections::HashMap;

use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Uri, header};
use percent_encoding::percent_decode_str;

/// What hangs on an object and can be written by itself.
const SUBRESOURCES: [&str; 9] = [
    "acl",
    "attributes",
    "encryption",
    "legal-hold",
    "renameObject",
    "restore",
    "retention",
    "tagging",
    "torrent",
];
/// What makes a host name a bucket's: `bucket.localhost`.
const VIRTUAL_HOST: &str = ".localhost";

/// A request that makes an object, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ObjectRequest {
    pub(super) bucket: String,
    /// Empty for a form, which says the key itself.
    pub(super) key: String,
    pub(super) creation: Creation,
}

/// How an object is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Creation {
    /// `PutObject`.
    Put,
    /// A browser's form.
    Post {
        /// What stands between the form's parts.
        boundary: String,
    },
    /// `CopyObject`.
    Copy,
    /// `UploadPart`, and `UploadPartCopy`.
    Part {
        /// Of which upload.
        upload: String,
        /// Which part.
        number: u32,
        /// Whether its bytes come from another object.
        is_copy: bool,
    },
    /// `CompleteMultipartUpload`.
    Complete {
        /// Which upload.
        upload: String,
    },
    /// `AbortMultipartUpload`: makes nothing, and ends an upload.
    Abort {
        /// Which upload.
        upload: String,
    },
}

impl ObjectRequest {
    /// What a request makes; none if it makes nothing.
    pub(super) fn of(request: &Parts) -> Option<Self> {
        let (bucket, key) = target(&request.uri, &request.headers)?;
        let query: HashMap<String, String> =
            form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let creation = if key.is_empty() {
            form(request, &query)?
        } else {
            creation(&request.method, &query, request.headers.contains_key("x-amz-copy-source"))?
        };
        Some(Self { bucket, key, creation })
    }
}

fn creation(method: &Method, query: &HashMap<String, String>, is_copy: bool) -> Option<Creation> {
    let upload = query.get("uploadId").cloned();
    match (method, upload) {
        (&Method::PUT, Some(upload)) => {
            let number = query.get("partNumber")?.parse().ok()?;
            Some(Creation::Part { upload, number, is_copy })
        }
        (&Method::POST, Some(upload)) => Some(Creation::Complete { upload }),
        (&Method::DELETE, Some(upload)) => Some(Creation::Abort { upload }),
        (&Method::PUT, None) if SUBRESOURCES.iter().any(|name| query.contains_key(*name)) => None,
        (&Method::PUT, None) if is_copy => Some(Creation::Copy),
        (&Method::PUT, None) => Some(Creation::Put),
        _ => None,
    }
}

/// A form that is sent to the bucket itself.
fn form(request: &Parts, query: &HashMap<String, String>) -> Option<Creation> {
    let kind = request.headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = kind.split_once(';')?;
    let is_form = kind.trim().eq_ignore_ascii_case("multipart/form-data");
    if request.method != Method::POST || !is_form || query.contains_key("delete") {
        return None;
    }
    let boundary = parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("boundary").then(|| value.trim().trim_matches('"').to_owned())
    })?;
    Some(Creation::Post { boundary })
}

/// Bucket and key: from the path, or from a virtual host's name and the path.
fn target(uri: &Uri, headers: &HeaderMap) -> Option<(String, String)> {
    let path = uri.path().trim_start_matches('/');
    let (bucket, key) = match virtual_bucket(headers) {
        Some(bucket) => (bucket, path),
        None => {
            let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
            (decoded(bucket)?, key)
        }
    };
    (!bucket.is_empty()).then_some((bucket, decoded(key)?))
}

fn virtual_bucket(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.to_str().ok()?.to_ascii_lowercase();
    let name = host.split_once(':').map_or(host.as_str(), |(name, _)| name);
    let bucket = name.strip_suffix(VIRTUAL_HOST)?;
    // `s3.localhost` is the service itself; so is what stands before it a bucket.
    let bucket = bucket.strip_suffix(".s3").unwrap_or(bucket);
    (bucket != "s3").then(|| bucket.to_owned())
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn request(method: &str, uri: &str, headers: &[(&str, &str)]) -> Option<ObjectRequest> {
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        ObjectRequest::of(&request.body(()).unwrap().into_parts().0)
    }

    fn made(bucket: &str, key: &str, creation: Creation) -> Option<ObjectRequest> {
        Some(ObjectRequest { bucket: bucket.to_owned(), key: key.to_owned(), creation })
    }

    #[test]
    fn a_bucket_stands_in_the_path_or_in_the_hosts_name() {
        let path_style = [("host", "127.0.0.1:9000")];
        assert_eq!(request("PUT", "/b/a/c%20d+e", &path_style), made("b", "a/c d+e", Creation::Put));
        let virtual_style = [("host", "b.localhost:9000")];
        assert_eq!(request("PUT", "/a/c?x-id=PutObject", &virtual_style), made("b", "a/c", Creation::Put));
        assert_eq!(request("PUT", "/a", &[("host", "b.c.s3.localhost")]), made("b.c", "a", Creation::Put));
        assert_eq!(request("PUT", "/b/a", &[("host", "s3.localhost")]), made("b", "a", Creation::Put));
        assert_eq!(request("PUT", "/b/a", &[("host", "localhost:1")]), made("b", "a", Creation::Put));
    }

    #[test]
    fn objects_are_made_in_five_ways() {
        let upload = "u 1".to_owned();
        let part = |is_copy| Creation::Part { upload: upload.clone(), number: 2, is_copy };
        let copy = [("x-amz-copy-source", "b/x")];
        assert_eq!(request("PUT", "/b/k", &copy), made("b", "k", Creation::Copy));
        assert_eq!(request("PUT", "/b/k?partNumber=2&uploadId=u%201", &[]), made("b", "k", part(false)));
        assert_eq!(request("PUT", "/b/k?partNumber=2&uploadId=u%201", &copy), made("b", "k", part(true)));
        let complete = Creation::Complete { upload: upload.clone() };
        assert_eq!(request("POST", "/b/k?uploadId=u+1", &[]), made("b", "k", complete));
        let form = [("content-type", "multipart/form-data; charset=x; boundary=\"b-1\"")];
        assert_eq!(
            request("POST", "/b", &form),
            made("b", "", Creation::Post { boundary: "b-1".to_owned() })
        );
        let virtual_form = [("host", "b.localhost"), form[0]];
        let made_by_form = made("b", "", Creation::Post { boundary: "b-1".to_owned() });
        assert_eq!(request("POST", "/", &virtual_form), made_by_form);
    }

    #[test]
    fn everything_else_makes_nothing() {
        let others = [
            ("GET", "/b/k"),
            ("HEAD", "/b/k"),
            ("DELETE", "/b/k"),
            ("PUT", "/b"),
            ("PUT", "/"),
            ("PUT", "/b/k?acl"),
            ("PUT", "/b/k?tagging="),
            ("PUT", "/b/k?uploadId=u"),
            ("POST", "/b/k?uploads"),
            ("POST", "/b?delete"),
            ("PUT", "/b/%FF"),
        ];
        for (method, uri) in others {
            assert_eq!(request(method, uri, &[]), None, "{method} {uri}");
        }
    }
}
