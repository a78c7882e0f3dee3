//! What CloudFront does in front of API Gateway, whose own URLs have no path after the stage.
//!
//! There a function in `template.yaml` does it. `infra/edge/cases.json` is what both are tested by.

/// The query parameter that carries the path.
pub(in crate::gateway) const PATH: &str = "path";

/// How the path of a handshake reaches the API, which only sees the query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edge {
    /// There is none: the API is reached at its stage, and nowhere else.
    Absent,
    /// The path becomes the parameter `path`.
    ByPath,
    /// Whatever the path, the parameter `path` is this.
    Always(String),
}

/// The parameters of a query, in order, names repeated as they came.
pub(in crate::gateway) type Query = Vec<(String, String)>;

impl Edge {
    /// The query that the API sees; none for paths that it forbids: those that go on after the stage and, without an
    /// edge, all others.
    pub(in crate::gateway) fn query(&self, stage: &str, path: &str, query: &str) -> Option<Query> {
        let given = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        if let Self::Always(always) = self {
            return Some(with_path(given, always));
        }
        // Some clients write the `$` of `$default` as `%24`.
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        match decoded.strip_prefix('/').and_then(|rest| rest.strip_prefix(stage)) {
            Some("" | "/") => Some(given),
            Some(rest) if rest.starts_with('/') => None,
            _ if *self == Self::Absent => None,
            _ if matches!(path, "" | "/") => Some(given),
            _ => Some(with_path(given, path)),
        }
    }
}

/// The client's own `path` gives way.
fn with_path(mut query: Query, path: &str) -> Query {
    query.retain(|(name, _)| name != PATH);
    query.push((PATH.to_owned(), path.to_owned()));
    query
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(edge: &Edge, path: &str, query: &str) -> Option<String> {
        let query = edge.query("local", path, query)?;
        Some(
            query
                .iter()
                .map(|(name, value)| format!("{name}={value} "))
                .collect::<String>()
                .trim_end()
                .to_owned(),
        )
    }

    #[derive(serde::Deserialize)]
    struct Case {
        what: String,
        path: String,
        query: String,
        parameters: Query,
    }

    #[test]
    fn paths_of_sockets_come_out_as_from_cloudfronts_function() {
        let cases = include_str!("../../../../../infra/edge/cases.json");
        let cases: Vec<Case> = serde_json::from_str(cases).unwrap();
        assert!(!cases.is_empty());
        for Case { what, path, query, parameters } in cases {
            let mut seen = Edge::ByPath.query("live", &path, &query).unwrap();
            // Of one name, values keep their order; names have none at CloudFront.
            seen.sort_by(|(a, _), (b, _)| a.cmp(b));
            assert_eq!(seen, parameters, "{what}");
        }
    }

    #[test]
    fn a_path_becomes_a_parameter_and_overwrites_the_clients() {
        let seen = |path, query| seen(&Edge::ByPath, path, query).unwrap();
        assert_eq!(seen("/ws/room/CODE/", "token=x"), "token=x path=/ws/room/CODE/");
        assert_eq!(seen("/ws/feed/", "path=/admin/&path=b"), "path=/ws/feed/");
        assert_eq!(seen("/localhost/", ""), "path=/localhost/");
    }

    #[test]
    fn the_root_and_the_stage_leave_the_clients_path_alone() {
        for root in ["/", "/local", "/local/"] {
            let seen = seen(&Edge::ByPath, root, "path=%2Fws%2Fchat%2F&a=1+2").unwrap();
            assert_eq!(seen, "path=/ws/chat/ a=1 2", "{root}");
        }
    }

    #[test]
    fn nothing_may_follow_the_stage() {
        assert_eq!(seen(&Edge::ByPath, "/local/x", ""), None);
    }

    #[test]
    fn without_an_edge_only_the_stage_is_reached() {
        for path in ["/local", "/local/"] {
            assert_eq!(seen(&Edge::Absent, path, "a=1").as_deref(), Some("a=1"), "{path}");
        }
        for path in ["/", "", "/nostage", "/ws/feed/", "/local/x", "/localx"] {
            assert_eq!(seen(&Edge::Absent, path, "a=1"), None, "{path}");
        }
        for path in ["/$default", "/%24default", "/$default/"] {
            assert_eq!(Edge::Absent.query("$default", path, ""), Some(Vec::new()), "{path}");
        }
    }

    #[test]
    fn the_feeds_own_port_knows_one_path() {
        let edge = Edge::Always("/ws/feed/".to_owned());
        for path in ["/", "/ws/room/CODE/", "/local/x"] {
            assert_eq!(seen(&edge, path, "token=x").unwrap(), "token=x path=/ws/feed/");
        }
    }
}
