//! Which function answers an HTTP request.

use std::collections::BTreeMap;

use axum::http::Method;

use crate::lambda::HttpRoute;

/// The key of the route that takes what no other one does.
const DEFAULT: &str = "$default";
/// The method that stands for all.
const ANY: &str = "ANY";

/// The routes of an HTTP API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RouteTable(Vec<Route>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Route {
    key: String,
    function: String,
    /// None for `$default`.
    request: Option<(String, Vec<Segment>)>,
}

/// One part of a route's path. The more specific it is, the earlier it comes in order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Parameter(String),
    /// The rest of the path.
    Greedy(String),
}

/// The route that a request takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match<'a> {
    pub(super) key: &'a str,
    pub(super) function: &'a str,
    pub(super) parameters: BTreeMap<String, String>,
}

impl RouteTable {
    pub(super) fn new(routes: &[HttpRoute]) -> Self {
        Self(routes.iter().map(Route::parse).collect())
    }

    /// The most specific route. A method goes before `ANY` on the same path.
    ///
    /// Whether API Gateway lets `/x/` take the route `/x` or `/x/{proxy+}`, sources disagree. Here it takes neither: what
    /// works so, works in any case.
    pub(super) fn find(&self, method: &Method, path: &str) -> Option<Match<'_>> {
        let path: Vec<&str> = path.strip_prefix('/').unwrap_or(path).split('/').collect();
        let fitting = self.0.iter().filter_map(|route| Some((route, route.parameters(method, &path)?)));
        let (route, parameters) = fitting.min_by(|(one, _), (other, _)| one.rank().cmp(&other.rank()))?;
        Some(Match { key: &route.key, function: &route.function, parameters })
    }
}

impl Route {
    fn parse(route: &HttpRoute) -> Self {
        let request = route.key.split_once(' ').map(|(method, path)| {
            let segments = path.strip_prefix('/').unwrap_or(path).split('/').map(Segment::parse);
            (method.to_ascii_uppercase(), segments.collect())
        });
        Self { key: route.key.clone(), function: route.function.clone(), request }
    }

    /// What the path's parameters are, if the request fits.
    fn parameters(&self, method: &Method, path: &[&str]) -> Option<BTreeMap<String, String>> {
        let Some((own, segments)) = &self.request else {
            return (self.key == DEFAULT).then(BTreeMap::new);
        };
        if own != ANY && own != method.as_str() {
            return None;
        }
        bind(segments, path)
    }

    /// Fully spelled paths come first, `$default` last.
    fn rank(&self) -> (bool, &[Segment], bool) {
        match &self.request {
            Some((method, segments)) => (false, segments, method == ANY),
            None => (true, &[], true),
        }
    }
}

impl Segment {
    fn parse(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => match name.strip_suffix('+') {
                Some(name) => Self::Greedy(name.to_owned()),
                None => Self::Parameter(name.to_owned()),
            },
            None => Self::Literal(text.to_owned()),
        }
    }
}

fn bind(segments: &[Segment], path: &[&str]) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    let mut rest = path;
    for segment in segments {
        let (first, others) = rest.split_first()?;
        match segment {
            Segment::Literal(literal) if literal == first => rest = others,
            Segment::Parameter(name) if !first.is_empty() => {
                parameters.insert(name.clone(), (*first).to_owned());
                rest = others;
            }
            Segment::Greedy(name) if rest != [""] => {
                parameters.insert(name.clone(), rest.join("/"));
                rest = &[];
            }
            _ => return None,
        }
    }
    rest.is_empty().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(keys: &[&str]) -> RouteTable {
        let route = |key: &&str| HttpRoute { key: (*key).to_owned(), function: "f".to_owned() };
        RouteTable::new(&keys.iter().map(route).collect::<Vec<_>>())
    }

    fn found(table: &RouteTable, method: &str, path: &str) -> Option<String> {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let found = table.find(&method, path)?;
        let parameters = found.parameters.iter().map(|(name, value)| format!(" {name}={value}"));
        Some(found.key.to_owned() + &parameters.collect::<String>())
    }

    #[test]
    fn the_most_specific_route_wins_whatever_the_order() {
        let keys = [
            "$default",
            "ANY /{proxy+}",
            "GET /pets/{id}",
            "ANY /pets/{id}",
            "GET /pets/dog",
            "GET /pets/dog/{rest+}",
        ];
        let reversed: Vec<_> = keys.iter().rev().copied().collect();
        for table in [table(&keys), table(&reversed)] {
            let cases = [
                ("GET", "/pets/dog", "GET /pets/dog"),
                ("GET", "/pets/6", "GET /pets/{id} id=6"),
                ("PUT", "/pets/6", "ANY /pets/{id} id=6"),
                ("PUT", "/pets/dog", "ANY /pets/{id} id=dog"),
                ("GET", "/pets/dog/1/2", "GET /pets/dog/{rest+} rest=1/2"),
                ("GET", "/cats/1", "ANY /{proxy+} proxy=cats/1"),
                ("GET", "/pets/", "ANY /{proxy+} proxy=pets/"),
                ("GET", "/", "$default"),
            ];
            for (method, path, expected) in cases {
                assert_eq!(found(&table, method, path).as_deref(), Some(expected), "{method} {path}");
            }
        }
    }

    #[test]
    fn a_slash_at_the_end_is_another_path() {
        let table = table(&["ANY /media", "ANY /media/{proxy+}"]);
        assert_eq!(found(&table, "GET", "/media").as_deref(), Some("ANY /media"));
        assert_eq!(found(&table, "GET", "/media/x/").as_deref(), Some("ANY /media/{proxy+} proxy=x/"));
        assert_eq!(found(&table, "GET", "/media/"), None);
    }

    #[test]
    fn without_a_route_there_is_none() {
        let table = table(&["GET /a", "GET /"]);
        assert_eq!(found(&table, "POST", "/a"), None);
        assert_eq!(found(&table, "GET", "/b"), None);
        assert_eq!(found(&table, "GET", "/").as_deref(), Some("GET /"));
    }

    #[test]
    fn a_greedy_parameter_takes_something_and_the_default_route_takes_the_rest() {
        let greedy = table(&["ANY /{proxy+}"]);
        assert_eq!(found(&greedy, "GET", "/"), None);
        assert_eq!(found(&greedy, "GET", "/index.html").as_deref(), Some("ANY /{proxy+} proxy=index.html"));
        let default = table(&["$default"]);
        for path in ["/", "/index.html", "/docs/"] {
            assert_eq!(found(&default, "GET", path).as_deref(), Some("$default"), "{path}");
        }
    }
}
