//! Who else on the machine can read the store: nobody.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::LocalDev;
use crate::accounts::PASSWORD;
use crate::client::Guest;
use crate::direct_uploads::{begin, put};
use crate::mail::link;

/// Everything at and below a path that group or others may do something with.
fn open_to_others(path: &Path) -> Vec<PathBuf> {
    let below = if path.is_dir() { entries(path) } else { Vec::new() };
    let mut open: Vec<_> = below.iter().flat_map(|path| open_to_others(path)).collect();
    if fs::metadata(path).unwrap().permissions().mode() & 0o077 != 0 {
        open.push(path.to_owned());
    }
    open
}

fn open_up(path: &Path) {
    let mode = if path.is_dir() { 0o755 } else { 0o644 };
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    if path.is_dir() {
        entries(path).iter().for_each(|path| open_up(path));
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

/// Leaves something in each corner of the store.
async fn use_all_of_it(target: &LocalDev) {
    let ann = Guest::sign_in(&target.http).await;
    assert_eq!(ann.upload(&target.http, "a.txt", "a").await.status(), 200);
    let upload = begin(&target.http, &ann, json!({"filename": "b.txt", "size": 5})).await;
    assert_eq!(put(&upload, "hello").await.status(), 200);
    target.drops().put("rooms/a/bad.txt", [0xff]).await;
    target.drops().has_rejected("rooms").await;
    let email = "bob@example.org";
    let body = json!({"username": "bob", "email": email, "password": PASSWORD});
    let registered =
        ann.http.post(format!("{}/api/register/", target.http)).json(&body).send().await.unwrap();
    assert!(matches!(registered.status().as_u16(), 201 | 409));
    link(&target.mails(), email, "verify-email").await;
}

/// What a person made in the drop folder is theirs; it lies within a folder that is closed.
fn of_ours(target: &LocalDev) -> Vec<PathBuf> {
    let theirs = target.store().join("websocket_messages/rooms");
    open_to_others(target.store()).into_iter().filter(|path| !path.starts_with(&theirs)).collect()
}

#[tokio::test]
async fn what_is_stored_is_for_its_owner_alone_whatever_the_umask_is() {
    let store = tempfile::tempdir().unwrap();
    fs::set_permissions(store.path(), Permissions::from_mode(0o755)).unwrap();
    let target = LocalDev::start_under(store, "umask 022");
    use_all_of_it(&target).await;
    assert_eq!(of_ours(&target), [] as [PathBuf; 0]);
    for file in ["parlor.sqlite", "parlor.sqlite-wal", "parlor.sqlite-shm", "parlor.sqlite.lock"] {
        assert!(target.store().join(file).exists(), "{file}");
    }
}

#[tokio::test]
async fn what_an_earlier_version_stored_for_all_to_read_is_closed_at_start() {
    let target = LocalDev::start();
    use_all_of_it(&target).await;
    let store = target.kill();
    open_up(store.path());
    let target = LocalDev::start_under(store, "umask 022");
    assert_eq!(open_to_others(target.store()), [] as [PathBuf; 0]);
    let (_, log) = target.stop();
    assert!(!log.contains("others on this machine"), "{log}");
}

#[tokio::test]
async fn a_store_that_cannot_be_closed_to_others_is_said_at_start() {
    let store = tempfile::tempdir().unwrap();
    fs::set_permissions(store.path(), Permissions::from_mode(0o1777)).unwrap();
    let target = LocalDev::start_under(store, "umask 022");
    assert_eq!(open_to_others(target.store()), [target.store()]);
    let (store, log) = target.stop();
    let said = log.lines().find(|line| line.contains("others on this machine may be able to read the store"));
    assert!(said.unwrap().contains(store.path().to_str().unwrap()), "{log}");
}
