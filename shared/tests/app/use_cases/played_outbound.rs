//! Other people's machines, played by the test.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use parlor::ports::{Outbound, OutboundAnswer, OutboundCall, OutboundError};

type Play = Box<dyn Fn(&OutboundCall) -> Result<OutboundAnswer, OutboundError> + Send>;

/// Answers as the test says, at first 200 and nothing more; keeps what it was asked.
#[derive(Default)]
pub(crate) struct PlayedOutbound {
    play: Mutex<Option<Play>>,
    calls: Mutex<Vec<OutboundCall>>,
}

impl std::fmt::Debug for PlayedOutbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlayedOutbound")
    }
}

impl PlayedOutbound {
    pub(crate) fn answer(
        &self,
        play: impl Fn(&OutboundCall) -> Result<OutboundAnswer, OutboundError> + Send + 'static,
    ) {
        *self.play.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(play));
    }

    /// Answers everything with this status.
    pub(crate) fn answer_status(&self, status: u16) {
        self.answer(move |_| Ok(OutboundAnswer { status, ..OutboundAnswer::default() }));
    }

    /// What it was asked since the last time.
    pub(crate) fn calls(&self) -> Vec<OutboundCall> {
        std::mem::take(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[async_trait]
impl Outbound for PlayedOutbound {
    async fn call(&self, call: &OutboundCall) -> Result<OutboundAnswer, OutboundError> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
        let play = self.play.lock().unwrap_or_else(PoisonError::into_inner);
        match &*play {
            Some(play) => play(call),
            None => Ok(OutboundAnswer { status: 200, ..OutboundAnswer::default() }),
        }
    }
}
