//! An application of real Lambda functions: those of a template, and what stands around them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use parlor::embedded::{OutboxLimits, SocketRegistry};
use parlor::ports::Clock;
use parlor::system::SystemClock;

use crate::options::FunctionOptions;
use crate::start_error::StartError;
use emulator::arn;
use emulator::gateway::{Gateway, GatewayConfig};
use emulator::lambda::sources::{BoundEventSources, EventSources, EventSourcesError, SourceSettings};
use emulator::lambda::{
    Addresses, Function, FunctionNames, HttpApi, Invoker, MailService, RemoteFunctions, RuntimeConfig,
    RuntimeHost, RuntimeLimits, SocketApi, SocketFunctions, Template, Wiring,
};

/// Where the functions find `@connections`.
const MANAGEMENT: &str = "AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI";
/// Where they find queues and buckets.
const QUEUES: &str = "AWS_ENDPOINT_URL_SQS";
const OBJECTS: &str = "AWS_ENDPOINT_URL_S3";
/// Where they have mail sent.
const MAIL: &str = "AWS_ENDPOINT_URL_SESV2";

/// Where this server is reached, without slashes at the end.
#[derive(Debug)]
pub(crate) struct Urls {
    /// By clients.
    pub(crate) public: String,
    /// By programs of this machine.
    pub(crate) local: String,
}

/// Functions, what runs them, and what calls them.
#[derive(Debug)]
pub(crate) struct FunctionApp {
    wiring: Wiring,
    invoker: Arc<dyn Invoker>,
    /// What runs them, if that is us.
    host: Option<Arc<RuntimeHost>>,
    sources: EventSources,
    mail: MailService,
    public_url: String,
    region: String,
    clock: Arc<dyn Clock>,
}

impl FunctionApp {
    /// Reads the template and starts what calls functions. None is run before it is called.
    pub(crate) async fn start(
        options: &FunctionOptions,
        urls: Urls,
        mails: &Path,
    ) -> Result<Self, StartError> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let sources = BoundEventSources::bind().await?;
        let mail = MailService::start(mails, clock.clone()).await.map_err(EventSourcesError::from)?;
        let mut inherited = environment();
        if options.s3.is_some() {
            // Whoever went past us would make objects that nobody hears of.
            inherited.insert(OBJECTS.to_owned(), sources.s3_url());
        }
        let queues = inherited.get(QUEUES).cloned().unwrap_or_else(|| sources.sqs_url());
        let region = arn::region(&variables(options), &inherited).to_owned();
        let wiring = wiring(options, addresses(&urls, &queues, &region))?;
        let (invoker, host) = match &options.folder {
            Some(folder) => {
                look_for_binaries(folder, &wiring)?;
                let config =
                    runtime(options, folder, inherited, defaults(&wiring, &urls.local, &queues, mail.url()));
                let host = Arc::new(RuntimeHost::new(config, &wiring.functions, clock.clone()));
                (Arc::clone(&host) as Arc<dyn Invoker>, Some(host))
            }
            None => {
                let endpoint = options.endpoint.as_deref().unwrap_or_default();
                let functions = RemoteFunctions::new(endpoint, wiring.functions.clone());
                (Arc::new(functions) as Arc<dyn Invoker>, None)
            }
        };
        let (upstream, settings) = (options.s3.as_deref(), SourceSettings::default());
        let sources = sources.start(invoker.clone(), &wiring, upstream, clock.clone(), &settings)?;
        Ok(Self { wiring, invoker, host, sources, mail, public_url: urls.public, region, clock })
    }

    /// Where clients reach it, without a slash at the end.
    pub(crate) fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The WebSocket API's gateway; without such an API, one that knows no routes.
    pub(crate) fn gateway(&self, config: GatewayConfig) -> Arc<Gateway> {
        let api = self.wiring.sockets.clone().unwrap_or_else(|| no_sockets(&config));
        let config = GatewayConfig { stage: api.stage.clone(), region: self.region.clone(), ..config };
        let functions = Arc::new(SocketFunctions::new(Arc::clone(&self.invoker), api));
        let registry = SocketRegistry::start(OutboxLimits::default());
        Gateway::new(config, functions, registry, self.clock.clone())
    }

    /// The HTTP APIs; where they have no route, the gateway's own answers.
    pub(crate) fn routes(&self, gateway: &Gateway) -> Router {
        let apis = HttpApi::new(&self.wiring.http, Arc::clone(&self.invoker), self.clock.clone());
        apis.or_else(gateway.stage_routes()).router()
    }

    /// What is wired to what.
    pub(crate) fn wiring(&self) -> &Wiring {
        &self.wiring
    }

    /// Where clients find queues and buckets.
    pub(crate) fn sources(&self) -> &EventSources {
        &self.sources
    }

    /// Calls nobody any more, lets functions finish what they do, for so long, and ends them.
    pub(crate) async fn stop(self, patience: Duration) {
        if tokio::time::timeout(patience, self.sources.stop()).await.is_err() {
            tracing::warn!("stopped before all events had been dealt with");
        }
        if let Some(host) = &self.host {
            host.shut_down(patience).await;
        }
        self.mail.stop().await;
    }
}

fn addresses(urls: &Urls, queues: &str, region: &str) -> Addresses {
    Addresses {
        http: urls.public.clone(),
        local: urls.local.clone(),
        queues: queues.trim_end_matches('/').to_owned(),
        region: region.to_owned(),
    }
}

/// What a person has set for the functions.
fn variables(options: &FunctionOptions) -> BTreeMap<String, String> {
    options.variables.iter().cloned().collect()
}

fn wiring(options: &FunctionOptions, addresses: Addresses) -> Result<Wiring, StartError> {
    let names = match &options.folder {
        Some(folder) => FunctionNames::InFolder(folder.clone()),
        None => FunctionNames::AsInTemplate,
    };
    let parameters = options.parameters.iter().cloned().collect();
    let reading = Template::load(&options.template)?.read(&parameters, &addresses, &names)?;
    for warning in &reading.warnings {
        tracing::warn!("{warning}");
    }
    Ok(reading.wiring)
}

/// What this process was given. What is no text is not passed on.
fn environment() -> BTreeMap<String, String> {
    let texts = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    std::env::vars_os().filter_map(texts).collect()
}

/// Where the functions find our services.
fn defaults(wiring: &Wiring, local_url: &str, queues: &str, mail: &str) -> BTreeMap<String, String> {
    let management = wiring.sockets.as_ref().map(|api| format!("{local_url}/{}", api.stage));
    let all = [(MANAGEMENT, management), (QUEUES, Some(queues.to_owned())), (MAIL, Some(mail.to_owned()))];
    all.into_iter().filter_map(|(name, url)| Some((name.to_owned(), url?))).collect()
}

fn runtime(
    options: &FunctionOptions,
    folder: &Path,
    inherited: BTreeMap<String, String>,
    defaults: BTreeMap<String, String>,
) -> RuntimeConfig {
    RuntimeConfig {
        folder: folder.to_owned(),
        inherited,
        defaults,
        variables: variables(options),
        limits: RuntimeLimits::default(),
    }
}

/// A function without a binary fails when it is called; if none has one, the folder is wrong.
fn look_for_binaries(folder: &Path, wiring: &Wiring) -> Result<(), StartError> {
    let functions = wiring.functions.iter();
    let missing: Vec<_> =
        functions.filter(|(name, function)| function.binary(folder, name).is_none()).collect();
    if missing.len() == wiring.functions.len() {
        let names = missing.into_iter().map(|(name, function)| looked_for(name, function));
        return Err(StartError::NoFunctions { folder: folder.to_owned(), names: names.collect() });
    }
    for (name, function) in missing {
        let looked_for = looked_for(name, function);
        tracing::warn!(folder = %folder.display(), "{looked_for}: calls of it fail");
    }
    Ok(())
}

/// What a function without a binary was looked for as, or what it takes to run it.
fn looked_for(name: &str, function: &Function) -> String {
    if let Some(runtime) = &function.foreign_runtime {
        return format!(
            "{name} is of {runtime}, which is not run here: say --lambda URL instead of \
                        --functions where something runs it, such as `sam local start-lambda`"
        );
    }
    let names: Vec<&str> = [name].into_iter().chain(function.names.iter().map(String::as_str)).collect();
    let distinct: Vec<_> =
        names.iter().enumerate().filter(|(index, name)| !names[..*index].contains(name)).collect();
    let mut places: Vec<String> = distinct.into_iter().map(|(_, name)| (*name).to_owned()).collect();
    places.extend(function.code.iter().map(|code| code.join("bootstrap").display().to_string()));
    format!("{name} has no binary (looked for: {})", places.join(", "))
}

/// Handshakes find no route, and are let in to be told so: as on AWS, where `$connect` is optional.
fn no_sockets(config: &GatewayConfig) -> SocketApi {
    SocketApi {
        stage: config.stage.clone(),
        selection: String::new(),
        routes: BTreeMap::new(),
        authorizer: None,
        identity_sources: Vec::new(),
    }
}
