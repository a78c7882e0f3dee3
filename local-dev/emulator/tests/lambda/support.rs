//! The sample function as a binary, hosted, and a gateway in front of it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use emulator::gateway::{Edge, Gateway, GatewayConfig, Refusals};
use emulator::lambda::{
    Failure, Function, HttpApi, HttpRoute, InvokeError, Invoker as _, RuntimeConfig, RuntimeHost,
    RuntimeLimits, SocketApi, SocketFunctions, WebApi,
};
use emulator::listener::{Listener, ServerLimits};
use parlor::embedded::{OutboxLimits, SocketRegistry};
use parlor::ports::Clock;
use parlor::system::SystemClock;
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The sample function under a few names, run as Lambda would.
pub(crate) struct Hosted {
    pub(crate) host: Arc<RuntimeHost>,
    _folder: TempDir,
}

/// How functions are run, to be changed by a test.
pub(crate) struct Setting {
    pub(crate) limits: RuntimeLimits,
    pub(crate) timeout: Duration,
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Default for Setting {
    fn default() -> Self {
        let limits = RuntimeLimits { init: Duration::from_secs(60), ..RuntimeLimits::default() };
        let (timeout, environment) = (Duration::from_secs(60), BTreeMap::new());
        Self { limits, timeout, environment, clock: Arc::new(SystemClock) }
    }
}

impl Hosted {
    pub(crate) fn new() -> Self {
        Self::with(Setting::default())
    }

    pub(crate) fn with(setting: Setting) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (timeout, environment) = (setting.timeout, setting.environment);
        let function = Function { timeout, environment, ..Function::default() };
        let names = ["one", "two"];
        for name in names {
            std::fs::create_dir(folder.path().join(name)).unwrap();
            std::os::unix::fs::symlink(sample_function::binary(), folder.path().join(name).join("bootstrap"))
                .unwrap();
        }
        let config = RuntimeConfig {
            folder: folder.path().to_owned(),
            inherited: BTreeMap::new(),
            defaults: BTreeMap::new(),
            variables: BTreeMap::new(),
            limits: setting.limits,
        };
        let functions = names.map(|name| (name.to_owned(), function.clone())).into();
        Self { host: Arc::new(RuntimeHost::new(config, &functions, setting.clock)), _folder: folder }
    }

    /// Orders a function to do something.
    pub(crate) async fn order(&self, function: &str, order: Value) -> Result<Value, InvokeError> {
        let answer = self.host.invoke(function, order.to_string().into()).await?;
        Ok(serde_json::from_slice(&answer).unwrap())
    }

    /// The process that answers.
    pub(crate) async fn pid(&self, function: &str) -> u64 {
        self.order(function, serde_json::json!({})).await.unwrap()["pid"].as_u64().unwrap()
    }

    /// What a function fails with.
    pub(crate) async fn failure(&self, order: Value) -> Failure {
        match self.order("one", order).await {
            Err(InvokeError::Failed(failure)) => failure,
            other => panic!("no failure: {other:?}"),
        }
    }

    /// A gateway in front of it, on a free port: a WebSocket API and the routes of an HTTP API.
    pub(crate) async fn serve(&self, api: SocketApi, routes: &[&str]) -> u16 {
        self.serve_apis(api, &[web_api(routes)]).await
    }

    /// A gateway in front of it, on a free port: a WebSocket API and HTTP APIs.
    pub(crate) async fn serve_apis(&self, api: SocketApi, apis: &[WebApi]) -> u16 {
        let clock = Arc::new(SystemClock);
        let config = GatewayConfig {
            stage: api.stage.clone(),
            refusals: Refusals::Status,
            ..GatewayConfig::default()
        };
        let functions = Arc::new(SocketFunctions::new(self.host.clone(), api));
        let registry = SocketRegistry::start(OutboxLimits::default());
        let gateway = Gateway::new(config, functions, registry, clock.clone());
        let http = HttpApi::new(apis, self.host.clone(), clock).or_else(gateway.stage_routes());
        serve(gateway.beside(http.router(), Edge::Absent)).await
    }
}

/// An API whose routes are all answered by `one`.
pub(crate) fn web_api(routes: &[&str]) -> WebApi {
    let route = |key: &&str| HttpRoute { key: (*key).to_owned(), function: "one".to_owned() };
    WebApi { stage: "$default".to_owned(), routes: routes.iter().map(route).collect(), cors: None }
}

async fn serve(routes: Router) -> u16 {
    let listener = Listener::bind("127.0.0.1", 0).await.unwrap();
    let port = listener.port();
    tokio::spawn(listener.serve(routes, ServerLimits::default(), CancellationToken::new()));
    port
}
