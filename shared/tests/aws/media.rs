//! The media store's contract on an S3 server.

use std::sync::Arc;

use parlor::ports::MediaStore;
use parlor::system::SystemClock;
use real_servers::S3Server;

use crate::servers::media_store;

async fn make() -> (Arc<dyn MediaStore>, S3Server) {
    let (server, store) = media_store(Arc::new(SystemClock)).await;
    (Arc::new(store), server)
}

parlor::media_store_contract_tests!(make());
