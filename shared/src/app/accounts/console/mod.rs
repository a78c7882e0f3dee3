//! What whoever owns the table does at a terminal, beside the running application: nothing but the table is needed, and
//! nobody has to be signed in.

mod admins;
mod keys;

use std::fmt;
use std::sync::Arc;

pub use self::admins::{NewAdmin, Promotion};
pub use self::keys::{KeyState, ListedKey};
use super::secret_work::SecretWork;
use crate::app::AppError;
use crate::ids::UserId;
use crate::ports::{Clock, Random, Table, Write};
use crate::store::{AuditAction, AuditRecord};

/// A terminal beside the application.
pub struct Console {
    table: Arc<dyn Table>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    secret_work: SecretWork,
}

impl fmt::Debug for Console {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Console").finish_non_exhaustive()
    }
}

impl Console {
    /// One on this table.
    pub fn new(table: Arc<dyn Table>, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { table, clock, random, secret_work: SecretWork::default() }
    }

    /// The write that notes what was done here.
    fn noted(&self, action: AuditAction, user: Option<UserId>) -> Result<Write, AppError> {
        let at = self.clock.now().as_micros();
        let record = AuditRecord { at, action, admin: None, user, webhook: None, request_id: None };
        Ok(record.addition(&*self.random)?)
    }
}
