//! The `Mailer` port in a folder: each mail is a file, for a person or a mail program to open.

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use mail_builder::MessageBuilder;
use mail_builder::headers::date::Date;
use mail_builder::mime::MimePart;
use tokio::fs::{self, File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use crate::embedded::{Durability, owner_only};
use crate::ports::{Cause, Clock, Mail, Mailer, MailerError, Random};

/// Mails as files `<time>-<id>.eml`, in the format of RFC 5322.
#[derive(Debug, Clone)]
pub struct FolderMailer {
    folder: PathBuf,
    from: String,
    durability: Durability,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl FolderMailer {
    /// Mails from this address into a folder, which is made if it isn't there.
    pub fn open(
        folder: &Path,
        from: &str,
        durability: Durability,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> io::Result<Self> {
        owner_only::make_folder(folder)?;
        Ok(Self { folder: folder.to_owned(), from: from.to_owned(), durability, clock, random })
    }

    /// Writes a mail from another address; answers its file. Nothing of it can be seen under that name before all of it is
    /// there.
    pub async fn write(&self, from: &str, mail: &Mail) -> io::Result<PathBuf> {
        let now = self.clock.now();
        let id = format!("{:016x}", u128::from(u64::from_be_bytes(self.random.bytes())));
        let message = message(from, mail, &id, now.as_secs());
        let name = format!("{:013}-{id}.eml", now.as_millis());
        let (unfinished, path) = (self.folder.join(format!(".{name}.unfinished")), self.folder.join(name));
        let mut options = OpenOptions::from(owner_only::file_options());
        let mut file = options.write(true).create_new(true).open(&unfinished).await?;
        file.write_all(&message).await?;
        file.flush().await?;
        if self.durability == Durability::Power {
            file.sync_all().await?;
        }
        fs::rename(&unfinished, &path).await?;
        if self.durability == Durability::Power {
            // The name is an entry of the folder, which has to reach the disk too.
            File::open(&self.folder).await?.sync_all().await?;
        }
        Ok(path)
    }
}

#[async_trait]
impl Mailer for FolderMailer {
    async fn send(&self, mail: &Mail) -> Result<(), MailerError> {
        let path = self.write(&self.from, mail).await;
        let path = path.map_err(|error| {
            MailerError::Unavailable(Box::<dyn Error + Send + Sync>::from(error) as Cause)
        })?;
        tracing::info!(file = %path.display(), subject = mail.subject, "a mail was written");
        Ok(())
    }
}

fn message(from: &str, mail: &Mail, id: &str, seconds: i64) -> Vec<u8> {
    let host = from.rsplit_once('@').map_or("localhost", |(_, host)| host);
    let message = MessageBuilder::new()
        .from(from)
        .to(mail.to.as_str())
        .subject(mail.subject.as_str())
        .date(Date::new(seconds))
        .message_id(format!("{id}@{host}"));
    // Lines of links stay whole, so that they can be copied from the file as it is.
    let is_plain = mail.text.is_ascii() && mail.text.lines().all(|line| line.len() <= 998);
    let message = if is_plain {
        let text = mail.text.replace("\r\n", "\n").replace('\n', "\r\n");
        message.body(MimePart::new("text/plain; charset=utf-8", text).transfer_encoding("7bit"))
    } else {
        message.text_body(mail.text.as_str())
    };
    let mut bytes = Vec::new();
    message.serialize(&mut bytes);
    bytes
}
