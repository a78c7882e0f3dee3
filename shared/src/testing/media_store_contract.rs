//! What every [`MediaStore`](crate::ports::MediaStore) does.

#![expect(clippy::unwrap_used, reason = "a scenario is a test")]

/// One test for each scenario of the [`MediaStore`](crate::ports::MediaStore) port.
#[macro_export]
macro_rules! media_store_contract_tests {
    (#$attribute:tt $make:expr) => {
        $crate::scenarios! { #$attribute $make, media_store_contract,
            scenarios {
                what_was_put_is_got,
                an_empty_body_is_kept_too,
                a_range_is_answered_with_its_bytes,
                a_body_may_be_as_long_as_the_limit_and_no_longer,
                a_body_that_breaks_off_leaves_nothing,
                a_put_that_is_given_up_leaves_nothing,
                nothing_is_seen_before_all_of_it_is_stored,
                what_was_never_put_is_not_found,
                bytes_can_be_taken_away_twice,
                each_name_has_its_own_bytes,
            }
        }
    };
    ($make:expr) => {
        $crate::media_store_contract_tests! { #[cfg(test)] $make }
    };
}

/// The scenarios.
pub mod scenarios {
    use std::io::{Error, ErrorKind};
    use std::ops::RangeInclusive;
    use std::sync::Arc;

    use bytes::Bytes;
    use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
    use sha2::{Digest, Sha256};
    use tokio::sync::mpsc;

    use crate::ids::StoredName;
    use crate::ports::{ByteStream, MediaError, MediaStore};

    const TYPE: &str = "application/octet-stream";
    const LIMIT: u64 = 1 << 20;

    fn fresh() -> StoredName {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).unwrap();
        StoredName::from_random(bytes, "song.mp3")
    }

    /// Bytes of which no two stretches are alike.
    fn sample(length: usize) -> Bytes {
        (0..length).map(|n| (n ^ (n >> 8) ^ (n >> 16)) as u8).collect()
    }

    /// A body that comes in pieces of odd length.
    fn body(bytes: &Bytes) -> ByteStream {
        let pieces: Vec<_> = bytes.chunks(7_001).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        stream::iter(pieces).boxed()
    }

    async fn read(store: &dyn MediaStore, name: &StoredName, range: Option<RangeInclusive<u64>>) -> Vec<u8> {
        let pieces = store.get(name, range).await.unwrap();
        pieces.try_collect::<Vec<_>>().await.unwrap().concat()
    }

    async fn assert_nothing(store: &dyn MediaStore, name: &StoredName) {
        assert!(matches!(store.head(name).await, Err(MediaError::NotFound)));
        assert!(matches!(store.get(name, None).await.map(drop), Err(MediaError::NotFound)));
    }

    /// With its size and its checksum.
    pub async fn what_was_put_is_got(store: Arc<dyn MediaStore>) {
        let (name, bytes) = (fresh(), sample(300_000));
        let stored = store.put(&name, TYPE, body(&bytes), LIMIT).await.unwrap();
        assert_eq!(stored.size, 300_000);
        assert_eq!(stored.sha256, format!("{:x}", Sha256::digest(&bytes)));
        assert_eq!(store.head(&name).await.unwrap().size, 300_000);
        assert!(read(&*store, &name, None).await == bytes);
    }

    /// It is something else than nothing.
    pub async fn an_empty_body_is_kept_too(store: Arc<dyn MediaStore>) {
        let name = fresh();
        let stored = store.put(&name, TYPE, body(&Bytes::new()), LIMIT).await.unwrap();
        assert_eq!(stored.size, 0);
        assert_eq!(store.head(&name).await.unwrap().size, 0);
        assert!(read(&*store, &name, None).await.is_empty());
    }

    /// Both ends included.
    pub async fn a_range_is_answered_with_its_bytes(store: Arc<dyn MediaStore>) {
        let (name, bytes) = (fresh(), sample(200_000));
        store.put(&name, TYPE, body(&bytes), LIMIT).await.unwrap();
        for (first, last) in
            [(0, 0), (0, 199_999), (199_999, 199_999), (1, 2), (65_535, 131_072), (70_000, 199_998)]
        {
            let expected = &bytes[first..=last];
            let range = first as u64..=last as u64;
            assert!(read(&*store, &name, Some(range)).await == expected, "{first} to {last}");
        }
    }

    /// And what is too long leaves nothing.
    pub async fn a_body_may_be_as_long_as_the_limit_and_no_longer(store: Arc<dyn MediaStore>) {
        let bytes = sample(100_000);
        let (fits, too_long) = (fresh(), fresh());
        store.put(&fits, TYPE, body(&bytes), 100_000).await.unwrap();
        let refused = store.put(&too_long, TYPE, body(&bytes), 99_999).await;
        assert!(matches!(refused, Err(MediaError::TooLarge { limit: 99_999 })), "{refused:?}");
        assert_nothing(&*store, &too_long).await;
    }

    /// Not even what had come.
    pub async fn a_body_that_breaks_off_leaves_nothing(store: Arc<dyn MediaStore>) {
        let name = fresh();
        let broken =
            body(&sample(100_000)).chain(stream::iter([Err(Error::from(ErrorKind::ConnectionReset))]));
        let failed = store.put(&name, TYPE, broken.boxed(), LIMIT).await;
        assert!(matches!(failed, Err(MediaError::Body(_))), "{failed:?}");
        assert_nothing(&*store, &name).await;
    }

    /// Whoever sent it has gone.
    pub async fn a_put_that_is_given_up_leaves_nothing(store: Arc<dyn MediaStore>) {
        let name = fresh();
        let endless = body(&sample(100_000)).chain(stream::pending());
        assert!(store.put(&name, TYPE, endless.boxed(), LIMIT).now_or_never().is_none());
        assert_nothing(&*store, &name).await;
    }

    /// However slowly the rest comes.
    pub async fn nothing_is_seen_before_all_of_it_is_stored(store: Arc<dyn MediaStore>) {
        let (name, bytes) = (fresh(), sample(150_000));
        let (sender, pieces) = mpsc::channel::<Result<Bytes, Error>>(1);
        let slow = stream::unfold(pieces, async |mut pieces| Some((pieces.recv().await?, pieces)));
        let put = tokio::spawn({
            let (store, name) = (Arc::clone(&store), name.clone());
            async move { store.put(&name, TYPE, Box::pin(slow), LIMIT).await }
        });
        for piece in bytes.chunks(50_000) {
            sender.send(Ok(Bytes::copy_from_slice(piece))).await.unwrap();
            assert_nothing(&*store, &name).await;
        }
        drop(sender);
        put.await.unwrap().unwrap();
        assert!(read(&*store, &name, None).await == bytes);
    }

    /// Neither whole nor in part.
    pub async fn what_was_never_put_is_not_found(store: Arc<dyn MediaStore>) {
        let name = fresh();
        assert_nothing(&*store, &name).await;
        assert!(matches!(store.get(&name, Some(0..=1)).await.map(drop), Err(MediaError::NotFound)));
    }

    /// And what was never there.
    pub async fn bytes_can_be_taken_away_twice(store: Arc<dyn MediaStore>) {
        let name = fresh();
        store.delete(&name).await.unwrap();
        store.put(&name, TYPE, body(&sample(10)), LIMIT).await.unwrap();
        store.delete(&name).await.unwrap();
        assert_nothing(&*store, &name).await;
        store.delete(&name).await.unwrap();
    }

    /// Also when they are put at the same time.
    pub async fn each_name_has_its_own_bytes(store: Arc<dyn MediaStore>) {
        let puts = (0..20).map(|n| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                let (name, bytes) = (fresh(), sample(10_000 + n));
                store.put(&name, TYPE, body(&bytes), LIMIT).await.unwrap();
                (name, bytes)
            })
        });
        for put in puts.collect::<Vec<_>>() {
            let (name, bytes) = put.await.unwrap();
            assert!(read(&*store, &name, None).await == bytes);
        }
    }
}
