//! The names of a request's headers as they were sent: the HTTP library writes all of them in lower case.
//!
//! Only requests for a WebSocket are asked about. So a connection's bytes are kept until its first request with a body, and
//! never more of them than a head may have.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::{HeaderMap, header};

/// The end of a head.
const END: &[u8] = b"\r\n\r\n";

/// The head of a request for a WebSocket, as it was sent: an extension of such requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentHead(Arc<[u8]>);

impl SentHead {
    /// For each header, in their order, its name as it was sent; none if this is not those headers' head.
    pub fn names(&self, headers: &HeaderMap) -> Option<Vec<String>> {
        let lines = self.0.trim_ascii_start().split(|byte| *byte == b'\n').skip(1);
        let lines = lines.take_while(|line| !line.trim_ascii().is_empty());
        let name = |line: &'_ [u8]| String::from_utf8(line.split(|byte| *byte == b':').next()?.to_vec()).ok();
        let mut sent: Vec<String> = lines.map(name).collect::<Option<_>>()?;
        let names: Option<Vec<String>> = headers
            .iter()
            .map(|(name, _)| {
                let at = sent.iter().position(|each| each.eq_ignore_ascii_case(name.as_str()))?;
                // Later headers of the same name are found by what is left.
                Some(sent.remove(at))
            })
            .collect();
        names.filter(|_| sent.is_empty())
    }
}

/// Keeps what has been read of a connection, as long as somebody may want to know.
#[derive(Debug, Clone)]
pub(super) struct HeadTap(Arc<Mutex<Tap>>);

#[derive(Debug)]
struct Tap {
    read: Vec<u8>,
    limit: usize,
    is_open: bool,
}

impl HeadTap {
    /// Keeps no more than so many bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Tap { read: Vec::new(), limit, is_open: true })))
    }

    /// More has been read.
    pub(super) fn record(&self, bytes: &[u8]) {
        let mut tap = self.tap();
        if !tap.is_open {
            return;
        }
        if tap.read.len() + bytes.len() > tap.limit {
            tap.close();
        } else {
            tap.read.extend_from_slice(bytes);
        }
    }

    /// A request has come; its head, if it wants a WebSocket and nothing came before that could be taken for one.
    pub(super) fn take(&self, headers: &HeaderMap, has_body: bool) -> Option<SentHead> {
        let mut tap = self.tap();
        if headers.contains_key(header::UPGRADE) {
            let head = std::mem::take(&mut tap.read);
            tap.close();
            return (!head.is_empty()).then(|| SentHead(head.into()));
        }
        if has_body {
            tap.close();
        } else {
            // The next request may have come along already.
            let end = tap.read.windows(END.len()).position(|bytes| bytes == END);
            let end = end.map_or(tap.read.len(), |end| end + END.len());
            tap.read.drain(..end);
        }
        None
    }

    fn tap(&self) -> MutexGuard<'_, Tap> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tap {
    fn close(&mut self) {
        self.is_open = false;
        self.read = Vec::new();
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(names: &[&'static str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for name in names {
            headers.append(*name, HeaderValue::from_static("x"));
        }
        headers
    }

    #[test]
    fn names_come_out_as_they_were_sent() {
        let tap = HeadTap::new(1000);
        tap.record(b"GET / HTTP/1.1\r\nhost: a\r\nTEST: 1\r\nclientHeader: 2\r\n");
        tap.record(b"Upgrade: websocket\r\ntest: 3\r\n\r\n\x81\x80");
        let headers = headers(&["host", "test", "clientheader", "upgrade", "test"]);
        let names = tap.take(&headers, false).unwrap().names(&headers).unwrap();
        let by_lower_case: Vec<_> = headers.iter().map(|(name, _)| name.as_str()).zip(names).collect();
        for (lower, sent) in &by_lower_case {
            assert_eq!(*lower, sent.to_lowercase());
        }
        let sent: Vec<_> =
            by_lower_case.iter().map(|(_, sent)| &**sent).filter(|name| *name != "host").collect();
        assert_eq!(sent, ["TEST", "test", "clientHeader", "Upgrade"]);
    }

    #[test]
    fn requests_without_bodies_may_come_before() {
        let tap = HeadTap::new(1000);
        tap.record(b"GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHOST: a\r\n");
        assert_eq!(tap.take(&headers(&["host"]), false), None);
        tap.record(b"Upgrade: websocket\r\n\r\n");
        let headers = headers(&["host", "upgrade"]);
        let names = tap.take(&headers, false).unwrap().names(&headers).unwrap();
        assert_eq!(names, ["HOST", "Upgrade"]);
    }

    #[test]
    fn a_body_or_too_much_of_anything_ends_it() {
        let upgrade = headers(&["upgrade"]);
        let head = b"GET / HTTP/1.1\r\nupgrade: x\r\n\r\n";
        let tap = HeadTap::new(1000);
        tap.record(b"POST / HTTP/1.1\r\n\r\n");
        assert_eq!(tap.take(&headers(&["host"]), true), None);
        tap.record(head);
        assert_eq!(tap.take(&upgrade, false), None);
        let tap = HeadTap::new(10);
        tap.record(head);
        assert_eq!(tap.take(&upgrade, false), None);
    }

    #[test]
    fn another_requests_head_is_not_taken_for_ones_own() {
        let sent = SentHead(b"GET / HTTP/1.1\r\nHost: a\r\nA: 1\r\n\r\n"[..].into());
        assert_eq!(sent.names(&headers(&["host", "a"])).unwrap(), ["Host", "A"]);
        assert_eq!(sent.names(&headers(&["host", "b"])), None);
        assert_eq!(sent.names(&headers(&["host"])), None);
    }
}
