//! Media and mail in folders.

pub(in crate::embedded) mod folder_mailer;
pub(in crate::embedded) mod folder_media_store;
