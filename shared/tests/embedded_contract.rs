//! The contract of every port, held by the adapters that live in one process.
#![cfg(all(feature = "embedded", feature = "testing"))]
#![expect(clippy::unwrap_used, reason = "a test's helpers may fail as the test may")]

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use mail_parser::MessageParser;
use parlor::domain::email_address::EmailAddress;
use parlor::embedded::{Durability, FolderMailer, FolderMediaStore, JobHandler, SqliteTable, TimerJobs};
use parlor::ids::StoredName;
use parlor::ports::{
    Cause, Clock as _, Job, Jobs, Mail, Mailer, MailerError, MediaStore, SignedRequest, Table, UploadTerms,
};
use parlor::store::WaitingJobs;
use parlor::testing::jobs_contract::Bench;
use parlor::testing::mailer_contract::{SentMail, UnderTest};
use parlor::testing::{SeededRandom, SettableClock};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::task::JoinSet;

mod table_in_memory {
    use super::*;

    async fn make() -> (Arc<dyn Table>, ()) {
        (Arc::new(SqliteTable::in_memory(Arc::new(SettableClock::default())).unwrap()), ())
    }

    parlor::table_contract_tests!(make());
}

mod table_in_a_file {
    use super::*;

    async fn make() -> (Arc<dyn Table>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("parlor.db");
        let clock = Arc::new(SettableClock::default());
        (Arc::new(SqliteTable::open(&path, Durability::Process, clock).unwrap()), folder)
    }

    parlor::table_contract_tests!(make());
}

mod mail_in_a_folder {
    use super::*;

    struct Folder(FolderMailer, TempDir);

    #[async_trait]
    impl UnderTest for Folder {
        fn mailer(&self) -> &dyn Mailer {
            &self.0
        }

        async fn sent(&self) -> Vec<SentMail> {
            let files = std::fs::read_dir(self.1.path()).unwrap();
            files.map(|file| sent_mail(&file.unwrap().path())).collect()
        }
    }

    /// A mail as a program that we didn't write reads it.
    fn sent_mail(path: &Path) -> SentMail {
        assert!(path.extension().is_some_and(|extension| extension == "eml"), "{path:?}");
        let bytes = std::fs::read(path).unwrap();
        let lines: Vec<_> = bytes.split(|byte| *byte == b'\n').collect();
        assert!(
            lines.iter().all(|line| line.len() <= 999 && (line.is_empty() || line.ends_with(b"\r"))),
            "{lines:?}"
        );
        let message = MessageParser::default().parse(&bytes).unwrap();
        let address = |address: Option<&mail_parser::Address<'_>>| {
            address.and_then(|address| address.first()).and_then(|one| one.address()).unwrap().to_owned()
        };
        assert_eq!(message.date().unwrap().to_timestamp(), SettableClock::default().now().as_secs());
        assert!(message.message_id().is_some_and(|id| id.ends_with("@example.org")));
        SentMail {
            from: address(message.from()),
            to: address(message.to()),
            subject: message.subject().unwrap().to_owned(),
            text: message.body_text(0).unwrap().replace("\r\n", "\n"),
        }
    }

    fn open(folder: TempDir) -> Folder {
        let (clock, random) = (Arc::new(SettableClock::default()), Arc::new(SeededRandom::default()));
        let mailer =
            FolderMailer::open(folder.path(), "parlor@example.org", Durability::Power, clock, random);
        Folder(mailer.unwrap(), folder)
    }

    async fn make() -> (Arc<dyn UnderTest>, ()) {
        (Arc::new(open(tempfile::tempdir().unwrap())), ())
    }

    parlor::mailer_contract_tests!(make());

    #[tokio::test]
    async fn a_link_stands_in_its_file_as_it_is_and_a_folder_that_is_gone_is_no_mail_sent() {
        let folder = open(tempfile::tempdir().unwrap());
        let link = format!("https://parlor.example.org/verify-email/?token=plv_{}", "x".repeat(54));
        let to = EmailAddress::parse("ann@example.org").unwrap();
        let mail = Mail { to, subject: "A link".into(), text: format!("Here:\n\n{link}\n") };
        let path = folder.0.write("parlor@example.org", &mail).await.unwrap();
        assert!(std::fs::read_to_string(path).unwrap().contains(&format!("\r\n{link}\r\n")));
        std::fs::remove_dir_all(folder.1.path()).unwrap();
        let failed = folder.0.send(&mail).await;
        assert!(matches!(failed, Err(MailerError::Unavailable(_))), "{failed:?}");
    }
}

mod media_in_a_folder {
    use super::*;

    async fn make() -> (Arc<dyn MediaStore>, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let store = FolderMediaStore::open(
            folder.path(),
            "http://localhost:8000",
            &[7; 32],
            Durability::Power,
            Arc::new(SettableClock::default()),
            Arc::new(SeededRandom::default()),
        );
        (Arc::new(store.unwrap()), folder)
    }

    parlor::media_store_contract_tests!(make());
}

mod direct_uploads_to_a_folder {
    use parlor::testing::direct_upload_contract::{LIFE, UnderTest};

    use super::*;

    struct Folder {
        store: FolderMediaStore,
        clock: Arc<SettableClock>,
    }

    #[async_trait]
    impl UnderTest for Folder {
        fn store(&self) -> &dyn MediaStore {
            &self.store
        }

        async fn make(&self, request: &SignedRequest, body: Bytes) -> bool {
            let path = request.url.strip_prefix("http://localhost:8000/signed/").unwrap();
            let (name, query) = path.split_once('?').unwrap();
            let kind = request.headers.iter().find(|(header, _)| header == "content-type");
            let body = futures_util::stream::iter([Ok(body)]);
            let (name, kind) = (name.parse().unwrap(), &kind.unwrap().1);
            self.store.put_signed(&name, query, kind, Box::pin(body)).await.is_ok()
        }

        async fn expired(&self, name: &StoredName, terms: &UploadTerms) -> SignedRequest {
            let request = self.store.sign_upload(name, terms).await.unwrap();
            self.clock.advance(LIFE);
            request
        }
    }

    async fn make() -> (Folder, TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SettableClock::default());
        let (url, random) = ("http://localhost:8000", Arc::new(SeededRandom::default()));
        let store =
            FolderMediaStore::open(folder.path(), url, &[7; 32], Durability::Process, clock.clone(), random);
        (Folder { store: store.unwrap(), clock }, folder)
    }

    parlor::direct_upload_contract_tests!(make());
}

mod jobs_by_a_timer {
    use parlor::testing::jobs_contract::UnderTest;

    use super::*;

    struct Timer {
        jobs: Arc<TimerJobs>,
        table: Arc<dyn Table>,
        running: Mutex<JoinSet<()>>,
    }

    struct Handler(Arc<Bench>);

    #[async_trait]
    impl JobHandler for Handler {
        async fn handle(&self, job: Job) -> Result<(), Cause> {
            self.0.handle(job)
        }
    }

    #[async_trait]
    impl UnderTest for Timer {
        fn jobs(&self) -> &dyn Jobs {
            &*self.jobs
        }

        async fn aside(&self) -> Vec<Job> {
            self.jobs.stop();
            let mut running = self.running.lock().await;
            while running.join_next().await.is_some() {}
            let aside = WaitingJobs(&*self.table).all_aside().await.unwrap();
            aside.into_iter().map(|job| job.job).collect()
        }
    }

    async fn make(bench: Arc<Bench>) -> (Timer, ()) {
        let clock = Arc::clone(&bench.clock);
        let table: Arc<dyn Table> = Arc::new(SqliteTable::in_memory(Arc::clone(&clock) as _).unwrap());
        let random = Arc::new(SeededRandom::default());
        let jobs = Arc::new(TimerJobs::load(Arc::clone(&table), clock, random).await.unwrap());
        let mut running = JoinSet::new();
        running.spawn(Arc::clone(&jobs).run(Arc::new(Handler(bench))));
        (Timer { jobs, table, running: Mutex::new(running) }, ())
    }

    parlor::jobs_contract_tests!(make);
}
