//! Hashing secrets takes memory and time on purpose: beside the threads that others wait for, and few at once.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::app::AppError;
use crate::domain::secret::{Secret, SecretHash};
use crate::domain::secret_strength;
use crate::ports::Cause;

/// As many secrets are worked on at once as there are processors: each takes 19 MiB and all of one.
#[derive(Debug)]
pub(crate) struct SecretWork {
    at_once: Arc<Semaphore>,
}

impl Default for SecretWork {
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self { at_once: Arc::new(Semaphore::new(processors)) }
    }
}

impl SecretWork {
    /// Refuses a secret that is too easy to guess for whoever knows these texts; the error names the field.
    pub(in crate::app) async fn check(
        &self,
        field: &'static str,
        secret: &Secret,
        known: &[String],
    ) -> Result<(), AppError> {
        let (secret, known) = (secret.clone(), known.to_vec());
        let checked = self.run(move || secret_strength::check(&secret, &known)).await?;
        checked.map_err(|why| AppError::InvalidInput { field, why })
    }

    /// What is to be stored of a secret.
    pub(in crate::app) async fn hash(&self, secret: &Secret, salt: [u8; 16]) -> Result<SecretHash, AppError> {
        let secret = secret.clone();
        let hash = self.run(move || secret.hash(salt)).await?;
        hash.map_err(|error| AppError::Unavailable(error.to_string().into()))
    }

    /// Whether a secret is behind what is stored. Where nothing is stored the answer is no, and takes as long.
    pub(in crate::app) async fn verify(
        &self,
        secret: &Secret,
        stored: Option<&SecretHash>,
    ) -> Result<bool, AppError> {
        let (secret, stored) = (secret.clone(), stored.cloned().unwrap_or_else(SecretHash::decoy));
        self.run(move || secret.is_behind(&stored)).await
    }

    /// Whoever stops waiting does not make room: what has begun is finished, and counts until then.
    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
        let failed = |cause: Cause| AppError::Unavailable(cause);
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        let permit = permit.map_err(|error| failed(Box::new(error)))?;
        let done = spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        done.await.map_err(|error| failed(Box::new(error)))
    }
}
