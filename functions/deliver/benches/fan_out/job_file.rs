//! A queue that is a file: what waits in it is nobody's memory.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use parlor::ports::{Job, Jobs, JobsError};

use crate::Failure;

/// Jobs, one in a line.
#[derive(Debug)]
pub(crate) struct JobFile {
    path: PathBuf,
    file: Mutex<File>,
}

impl JobFile {
    /// An empty queue under that path.
    pub(crate) fn create(path: PathBuf) -> Result<Self, Failure> {
        let file = Mutex::new(File::create(&path)?);
        Ok(Self { path, file })
    }

    /// All that waits, to be read piece by piece; the queue is empty then.
    pub(crate) fn take(&self) -> Result<impl Iterator<Item = std::io::Result<String>> + use<>, Failure> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = self.path.with_extension("taken");
        std::fs::rename(&self.path, &taken)?;
        *file = File::create(&self.path)?;
        Ok(BufReader::new(File::open(taken)?).lines())
    }

    fn append(&self, jobs: &[(Job, Duration)]) -> Result<(), Failure> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        for (job, _) in jobs {
            let mut line = serde_json::to_vec(job)?;
            line.push(b'\n');
            file.write_all(&line)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Jobs for JobFile {
    async fn enqueue(&self, jobs: Vec<(Job, Duration)>) -> Result<(), JobsError> {
        self.append(&jobs).map_err(JobsError)
    }
}
