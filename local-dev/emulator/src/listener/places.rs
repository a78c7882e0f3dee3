//! How many connections there may be, and how many of them one peer's.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// However many descriptors there are.
const MOST: usize = 100_000;
/// What one network of IPv6 shares: whoever has one address there has all of them.
const NETWORK: u128 = !((1 << 64) - 1);

/// Places for connections. Clones share them, so that the ports of one process do.
#[derive(Debug, Clone)]
pub struct Places(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    free: Arc<Semaphore>,
    all: usize,
    /// The most that one peer may have.
    each: usize,
    taken: Mutex<HashMap<IpAddr, Taken>>,
}

/// What one peer has.
#[derive(Debug, Default)]
struct Taken {
    places: usize,
    /// Whether the log knows that they wanted more.
    is_told: bool,
}

impl Places {
    /// So many, at most half of them for one peer: others shall get in, too.
    pub fn shared(all: usize) -> Self {
        Self::new(all, all.div_ceil(2))
    }

    /// So many, for whoever comes.
    pub fn of(all: usize) -> Self {
        Self::new(all, all)
    }

    /// As many as this process may open descriptors, but for those that its files and its own connections need.
    pub fn of_this_process() -> Self {
        let descriptors = descriptors();
        Self::shared(descriptors.saturating_sub(reserve(descriptors)).clamp(1, MOST))
    }

    fn new(all: usize, each: usize) -> Self {
        let (free, taken) = (Arc::new(Semaphore::new(all)), Mutex::default());
        Self(Arc::new(Shared { free, all, each, taken }))
    }

    /// A place, for whoever comes next, once there is one. None only where nobody may come any more.
    pub(super) async fn next(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = Arc::clone(&self.0.free).try_acquire_owned() {
            return Some(place);
        }
        tracing::warn!(limit = self.0.all, "all places are taken; new connections wait");
        Arc::clone(&self.0.free).acquire_owned().await.ok()
    }

    /// Gives the place to whoever has come, unless they have as many as one may; then it is handed back.
    pub(super) fn give(
        &self,
        place: OwnedSemaphorePermit,
        peer: IpAddr,
    ) -> Result<Place, OwnedSemaphorePermit> {
        let peer = network(peer);
        let mut all = self.0.taken();
        let taken = all.entry(peer).or_default();
        if taken.places >= self.0.each {
            if !std::mem::replace(&mut taken.is_told, true) {
                tracing::warn!(%peer, limit = self.0.each, "a peer has all places that one may have");
            }
            return Err(place);
        }
        taken.places += 1;
        Ok(Place { peer, of: self.clone(), _permit: place })
    }
}

impl Shared {
    fn taken(&self) -> MutexGuard<'_, HashMap<IpAddr, Taken>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One peer's place among all connections, as long as it lives.
#[derive(Debug)]
pub(super) struct Place {
    peer: IpAddr,
    of: Places,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut all = self.of.0.taken();
        if let Some(taken) = all.get_mut(&self.peer) {
            taken.places = taken.places.saturating_sub(1);
            if taken.places == 0 {
                all.remove(&self.peer);
            }
        }
    }
}

/// What is kept back of so many descriptors: a quarter where there are few, and enough for files, the store and the own
/// connections where there are many.
fn reserve(descriptors: usize) -> usize {
    (descriptors / 4).clamp(32, 1024)
}

#[cfg(unix)]
fn descriptors() -> usize {
    let limit = rlimit::Resource::NOFILE.get_soft().unwrap_or(1024);
    usize::try_from(limit).unwrap_or(usize::MAX)
}

/// Nothing here says how many there are.
#[cfg(not(unix))]
fn descriptors() -> usize {
    usize::MAX
}

fn network(peer: IpAddr) -> IpAddr {
    match peer.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & NETWORK).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(places: &Places, peer: &str) -> Option<Place> {
        let place = places.next().await.unwrap();
        places.give(place, peer.parse().unwrap()).ok()
    }

    #[tokio::test]
    async fn one_peer_has_at_most_half_and_gets_another_place_once_one_is_free() {
        let places = Places::shared(4);
        let mut mine = [get(&places, "::1").await, get(&places, "::1").await];
        assert!(mine.iter().all(Option::is_some));
        assert!(get(&places, "::1").await.is_none());
        let others = [get(&places, "127.0.0.1").await, get(&places, "127.0.0.2").await];
        assert!(others.iter().all(Option::is_some));
        drop(mine[0].take());
        assert!(get(&places, "::1").await.is_some());
    }

    #[tokio::test]
    async fn addresses_of_one_network_are_one_peer() {
        let places = Places::shared(2);
        let first = get(&places, "2001:db8::1").await;
        assert!(first.is_some());
        assert!(get(&places, "2001:db8::ffff:1").await.is_none());
        let mapped = get(&places, "::ffff:10.0.0.1").await;
        assert!(mapped.is_some());
        drop(first);
        assert!(get(&places, "10.0.0.1").await.is_none());
    }

    #[tokio::test]
    async fn a_single_place_is_anybodys_and_nothing_is_remembered_of_who_has_gone() {
        let places = Places::shared(1);
        for peer in ["10.0.0.1", "10.0.0.2"] {
            assert!(get(&places, peer).await.is_some());
        }
        assert!(places.0.taken().is_empty());
    }

    #[test]
    fn some_descriptors_are_always_kept_back() {
        for (descriptors, kept) in [(256, 64), (1024, 256), (1 << 20, 1024), (64, 32)] {
            assert_eq!(reserve(descriptors), kept);
        }
    }
}
