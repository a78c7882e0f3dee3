//! Cross-origin requests, answered by the API itself where it has a CORS configuration.

use axum::body::Body;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_METHOD, ORIGIN,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::lambda::Cors;

/// What an answer of a function says of CORS, which API Gateway takes no notice of if the API has a configuration.
const OF_FUNCTIONS: [HeaderName; 6] = [
    ACCESS_CONTROL_ALLOW_CREDENTIALS,
    ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE,
];

impl Cors {
    /// The answer to a browser that asks before it sends the request itself; none to any other request.
    pub(super) fn preflight(&self, request: &Parts) -> Option<Response<Body>> {
        let headers = &request.headers;
        let asks = request.method == Method::OPTIONS && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD);
        let origin = headers.get(ORIGIN).filter(|_| asks)?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        if let Some(allowed) = self.allowed(origin) {
            let headers = response.headers_mut();
            self.insert_origin(headers, allowed);
            insert(headers, ACCESS_CONTROL_ALLOW_METHODS, &self.methods);
            insert(headers, ACCESS_CONTROL_ALLOW_HEADERS, &self.headers);
            if let Some(seconds) = self.max_age {
                headers.insert(ACCESS_CONTROL_MAX_AGE, seconds.into());
            }
        }
        Some(response)
    }

    /// Has an answer say to a browser who may read it.
    pub(super) fn mark(&self, origin: Option<&HeaderValue>, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        for name in OF_FUNCTIONS {
            headers.remove(name);
        }
        if let Some(allowed) = origin.and_then(|origin| self.allowed(origin)) {
            self.insert_origin(headers, allowed);
            insert(headers, ACCESS_CONTROL_EXPOSE_HEADERS, &self.exposed);
        }
    }

    /// What `Access-Control-Allow-Origin` says to an origin that may: `*`, or the origin itself.
    fn allowed(&self, origin: &HeaderValue) -> Option<HeaderValue> {
        if self.origins.iter().any(|each| each == "*") {
            return Some(HeaderValue::from_static("*"));
        }
        let text = origin.to_str().ok()?;
        let fits = |each: &String| match each.as_str() {
            "https://*" => text.starts_with("https://"),
            "http://*" => text.starts_with("http://"),
            exact => exact == text,
        };
        self.origins.iter().any(fits).then(|| origin.clone())
    }

    fn insert_origin(&self, headers: &mut HeaderMap, allowed: HeaderValue) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        if self.credentials {
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
}

/// A list, if there is anything in it.
fn insert(headers: &mut HeaderMap, name: HeaderName, values: &[String]) {
    let list = HeaderValue::try_from(values.join(",")).ok().filter(|list| !list.is_empty());
    if let Some(list) = list {
        headers.insert(name, list);
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn cors(origins: &[&str]) -> Cors {
        Cors {
            origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
            methods: vec!["GET".to_owned(), "POST".to_owned()],
            headers: vec!["content-type".to_owned()],
            exposed: vec!["etag".to_owned()],
            max_age: Some(300),
            credentials: true,
        }
    }

    fn asked(method: Method, headers: &[(HeaderName, &str)]) -> Parts {
        let request = Request::builder().method(method);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, *value));
        request.body(()).unwrap().into_parts().0
    }

    fn said(response: &Response<Body>) -> Vec<String> {
        let headers = response.headers().iter();
        let mut said: Vec<_> =
            headers.map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        said.sort();
        said
    }

    #[test]
    fn a_preflight_of_an_allowed_origin_is_told_what_it_may() {
        let headers = [(ORIGIN, "https://a.test"), (ACCESS_CONTROL_REQUEST_METHOD, "PUT")];
        let answer = cors(&["https://a.test"]).preflight(&asked(Method::OPTIONS, &headers)).unwrap();
        assert_eq!(answer.status(), 204);
        let expected = [
            "access-control-allow-credentials: true",
            "access-control-allow-headers: content-type",
            "access-control-allow-methods: GET,POST",
            "access-control-allow-origin: https://a.test",
            "access-control-max-age: 300",
        ];
        assert_eq!(said(&answer), expected);
        let other = cors(&["https://b.test"]).preflight(&asked(Method::OPTIONS, &headers)).unwrap();
        assert_eq!((other.status().as_u16(), said(&other)), (204, Vec::new()));
    }

    #[test]
    fn what_is_no_preflight_is_for_the_routes() {
        let (origin, method) = ((ORIGIN, "https://a.test"), (ACCESS_CONTROL_REQUEST_METHOD, "PUT"));
        let cors = cors(&["*"]);
        for (asks, headers) in [
            (Method::OPTIONS, vec![origin.clone()]),
            (Method::OPTIONS, vec![method.clone()]),
            (Method::GET, vec![origin, method]),
        ] {
            assert!(cors.preflight(&asked(asks, &headers)).is_none(), "{headers:?}");
        }
    }

    #[test]
    fn origins_are_all_those_of_a_scheme_or_one() {
        let table = [
            (&["*"][..], "http://a.test", Some("*")),
            (&["https://*"], "https://a.test:8443", Some("https://a.test:8443")),
            (&["https://*"], "http://a.test", None),
            (&["http://*", "https://b.test"], "https://b.test", Some("https://b.test")),
            (&["https://a.test"], "https://a.test.evil", None),
            (&[], "https://a.test", None),
        ];
        for (origins, origin, expected) in table {
            let allowed = cors(origins).allowed(&HeaderValue::from_static(origin));
            assert_eq!(
                allowed.as_ref().map(|value| value.to_str().unwrap()),
                expected,
                "{origins:?} {origin}"
            );
        }
    }

    #[test]
    fn an_answer_says_what_the_api_allows_and_not_what_the_function_does() {
        let mut response = Response::new(Body::empty());
        response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
        let cors = cors(&["https://a.test"]);
        cors.mark(Some(&HeaderValue::from_static("https://a.test")), &mut response);
        let expected = [
            "access-control-allow-credentials: true",
            "access-control-allow-origin: https://a.test",
            "access-control-expose-headers: etag",
        ];
        assert_eq!(said(&response), expected);
        cors.mark(None, &mut response);
        assert_eq!(said(&response), Vec::<String>::new());
    }
}
