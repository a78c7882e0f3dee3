//! Bytes that an earlier process stored and died over, before anybody could know of them.

use std::error::Error;
use std::sync::Arc;

use parlor::app::{self, App};
use parlor::ids::StoredName;

/// Looks at everything that lay in the store when this process began: a direct upload that had come to its end is
/// finished, and what no medium and nobody points to goes. What is stored from now on has whoever stores it to care for it.
pub(crate) async fn sweep(app: Arc<App>, names: Arc<[StoredName]>) {
    for name in &*names {
        let looked_at = if name.is_avatar() {
            app::sweep_picture(&app, name).await
        } else {
            app::finish_upload(&app, name).await.map(drop)
        };
        if let Err(error) = looked_at {
            let error = &error as &dyn Error;
            tracing::error!(error, "bytes that were left behind could not be looked at");
        }
    }
}
