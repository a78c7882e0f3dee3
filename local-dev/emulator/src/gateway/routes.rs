//! Where a gateway meets HTTP.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Response, StatusCode};
use axum::middleware::{self, Next};
use axum::routing::any;

use super::answers::refusal;
use super::upgrade_request::wants_upgrade;
use super::{Edge, Gateway};

impl Gateway {
    /// Puts the gateway in front of an application's HTTP routes: it takes every request for a WebSocket, its own
    /// stage and `@connections`, and leaves the rest alone.
    pub fn in_front_of(self: &Arc<Self>, routes: Router, edge: Edge) -> Router {
        self.beside(self.stage_routes().fallback_service(routes), edge)
    }

    /// The same without its stage, whose path may be another API's, too: requests there that want no WebSocket are for
    /// [`Self::stage_routes`], where nobody else takes them.
    pub fn beside(self: &Arc<Self>, routes: Router, edge: Edge) -> Router {
        self.management_routes()
            .fallback_service(routes)
            .layer(middleware::from_fn_with_state((Arc::clone(self), edge), take_upgrades))
    }

    /// What a request to the stage is told that wants no WebSocket.
    pub fn stage_routes(&self) -> Router {
        let stage = &self.config.stage;
        Router::new()
            .route(&format!("/{stage}"), any(upgrade_required))
            .route(&format!("/{stage}/"), any(upgrade_required))
    }

    /// The gateway alone: whatever is not a WebSocket is told so.
    pub fn alone(self: &Arc<Self>, edge: Edge) -> Router {
        Router::new()
            .fallback(upgrade_required)
            .layer(middleware::from_fn_with_state((Arc::clone(self), edge), take_upgrades))
    }
}

async fn take_upgrades(
    axum::extract::State((gateway, edge)): axum::extract::State<(Arc<Gateway>, Edge)>,
    request: Request,
    next: Next,
) -> Response<Body> {
    if wants_upgrade(request.headers()) {
        gateway.upgrade(request, &edge).await
    } else {
        next.run(request).await
    }
}

async fn upgrade_required() -> Response<Body> {
    refusal(StatusCode::UPGRADE_REQUIRED)
}
