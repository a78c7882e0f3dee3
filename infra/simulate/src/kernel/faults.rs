//! How often what goes wrong.

/// Once in how many calls each fault happens; 0 is never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Faults {
    /// A worker dies.
    pub(crate) crash: u32,
    /// A call of the table fails before anything happened.
    pub(crate) unavailable: u32,
    /// A write fails before it happens.
    pub(crate) failed_write: u32,
    /// A write happens, and its answer is lost.
    pub(crate) lost_answer: u32,
    /// A transaction meets another one.
    pub(crate) conflict: u32,
    /// The queue refuses jobs, perhaps after it has taken some.
    pub(crate) refused_jobs: u32,
    /// A socket does not take a message.
    pub(crate) busy: u32,
    /// A call takes seconds.
    pub(crate) slow: u32,
    /// A job is done twice.
    pub(crate) repeated_job: u32,
    /// `$disconnect` is lost, late or comes twice.
    pub(crate) disconnect: u32,
    /// An answer to a request does not arrive.
    pub(crate) lost_response: u32,
}

impl Faults {
    pub(crate) const fn none() -> Self {
        Self {
            crash: 0,
            unavailable: 0,
            failed_write: 0,
            lost_answer: 0,
            conflict: 0,
            refused_jobs: 0,
            busy: 0,
            slow: 0,
            repeated_job: 0,
            disconnect: 0,
            lost_response: 0,
        }
    }

    /// What a world has to bear: nothing, little, or much.
    pub(crate) const fn of_strength(strength: u32) -> Self {
        if strength == 0 {
            return Self::none();
        }
        Self {
            crash: 900 / strength,
            unavailable: 200 / strength,
            failed_write: 90 / strength,
            lost_answer: 150 / strength,
            conflict: 120 / strength,
            refused_jobs: 400 / strength,
            busy: 200 / strength,
            slow: 300 / strength,
            repeated_job: 24 / strength,
            disconnect: 5,
            lost_response: 60 / strength,
        }
    }

    /// The same, except that writes fail three times as often, their answers are lost twice as often, and as many more jobs
    /// are done twice.
    pub(crate) const fn harsher(self) -> Self {
        Self {
            failed_write: self.failed_write / 3,
            lost_answer: self.lost_answer / 2,
            repeated_job: self.repeated_job / 2,
            ..self
        }
    }
}
