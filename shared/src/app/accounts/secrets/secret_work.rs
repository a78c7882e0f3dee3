//! Hashing secrets takes memory and time on purpose: beside the threads that others wait for, and few at once.

use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::app::AppError;
use crate::domain::secret::{Secret, SecretHash};
use crate::domain::secret_strength;
use crate::ports::Cause;

/// As many secrets are hashed at once as there are processors: each takes 19 MiB and all of one. Besides, one is scored: who
/// chooses a secret that takes long does not keep others from signing in.
#[derive(Debug)]
pub(crate) struct SecretWork {
    hashed: Arc<Semaphore>,
    scored: Arc<Semaphore>,
}

impl Default for SecretWork {
    fn default() -> Self {
        let processors = available_parallelism().map_or(1, usize::from);
        Self { hashed: Arc::new(Semaphore::new(processors)), scored: Arc::new(Semaphore::new(1)) }
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
        let checked = run(&self.scored, move || secret_strength::check(&secret, &known)).await?;
        checked.map_err(|why| AppError::InvalidInput { field, why })
    }

    /// What is to be stored of a secret.
    pub(in crate::app) async fn hash(&self, secret: &Secret, salt: [u8; 16]) -> Result<SecretHash, AppError> {
        let secret = secret.clone();
        let hash = run(&self.hashed, move || secret.hash(salt)).await?;
        hash.map_err(|error| AppError::Unavailable(error.to_string().into()))
    }

    /// Whether a secret is behind what is stored. Where nothing is stored the answer is no, and takes as long.
    pub(in crate::app) async fn verify(
        &self,
        secret: &Secret,
        stored: Option<&SecretHash>,
    ) -> Result<bool, AppError> {
        let (secret, stored) = (secret.clone(), stored.cloned().unwrap_or_else(SecretHash::decoy));
        run(&self.hashed, move || secret.is_behind(&stored)).await
    }
}

/// Does work once there is a permit. Whoever stops waiting does not make room: what has begun is finished, and counts until
/// then.
async fn run<T: Send + 'static>(
    permits: &Arc<Semaphore>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let failed = |cause: Cause| AppError::Unavailable(cause);
    let permit = Arc::clone(permits).acquire_owned().await;
    let permit = permit.map_err(|error| failed(Box::new(error)))?;
    let done = spawn_blocking(move || {
        let result = work();
        drop(permit);
        result
    });
    done.await.map_err(|error| failed(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures_util::future::join_all;

    use super::*;

    #[tokio::test]
    async fn whoever_signs_in_waits_for_no_secret_that_takes_long_to_score() {
        let (work, scored) = (SecretWork::default(), AtomicU32::new(0));
        let slow = Secret::new(&"4@8(6[<{3!1|l7+0$5%2".repeat(6)).unwrap();
        let check = async || {
            work.check("password", &slow, &[]).await.unwrap();
            scored.fetch_add(1, Ordering::SeqCst);
        };
        let sign_in = async {
            work.verify(&slow, None).await.unwrap();
            scored.load(Ordering::SeqCst)
        };
        let (_, before) = tokio::join!(join_all((0..40).map(|_| check())), sign_in);
        assert!(before < 40, "all of them were scored first");
    }
}
