//! Jobs by SQS, and mail by SES.

pub(in crate::aws) mod ses_mailer;
pub(in crate::aws) mod silent_mailer;
pub(in crate::aws) mod sqs_dead_letters;
pub(in crate::aws) mod sqs_jobs;
pub(in crate::aws) mod sqs_redelivery;
