//! One HTTP API: the paths of its stage, its routes, its CORS configuration.

use axum::http::Method;

use super::route_table::{Match, RouteTable};
use crate::lambda::{Cors, WebApi};

/// The stage that has no name in paths.
pub(super) const DEFAULT_STAGE: &str = "$default";

/// An API, ready to be asked.
#[derive(Debug)]
pub(super) struct ServedApi {
    pub(super) stage: String,
    pub(super) cors: Option<Cors>,
    routes: RouteTable,
}

impl ServedApi {
    pub(super) fn new(api: &WebApi) -> Self {
        Self { stage: api.stage.clone(), cors: api.cors.clone(), routes: RouteTable::new(&api.routes) }
    }

    /// Whether a path is below its stage.
    pub(super) fn has(&self, path: &str) -> bool {
        self.below(path).is_some()
    }

    /// The route of a request whose path is below its stage.
    pub(super) fn route(&self, method: &Method, path: &str) -> Option<Match<'_>> {
        self.routes.find(method, self.below(path)?)
    }

    /// A path without the stage's name.
    fn below<'a>(&self, path: &'a str) -> Option<&'a str> {
        if self.stage == DEFAULT_STAGE {
            return Some(path);
        }
        match path.strip_prefix('/')?.strip_prefix(&*self.stage)? {
            "" => Some("/"),
            rest => rest.starts_with('/').then_some(rest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lambda::HttpRoute;

    fn found(stage: &str, path: &str) -> Option<String> {
        let route = |key: &str| HttpRoute { key: key.to_owned(), function: "f".to_owned() };
        let routes = vec![route("GET /"), route("GET /items/{id}")];
        let api = ServedApi::new(&WebApi { stage: stage.to_owned(), routes, cors: None });
        api.route(&Method::GET, path).map(|route| route.key.to_owned())
    }

    #[test]
    fn a_named_stage_stands_before_the_paths_of_routes() {
        for (path, key) in [("/v1/items/1", "GET /items/{id}"), ("/v1", "GET /"), ("/v1/", "GET /")] {
            assert_eq!(found("v1", path).as_deref(), Some(key), "{path}");
        }
        for path in ["/items/1", "/", "/v12/items/1", "/v2/items/1"] {
            assert_eq!(found("v1", path), None, "{path}");
        }
        assert_eq!(found("$default", "/items/1").as_deref(), Some("GET /items/{id}"));
        assert_eq!(found("$default", "/$default/items/1"), None);
    }
}
