//! What can be done instead of serving.

use clap::{Args, Subcommand};

/// What can be done instead of serving.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Admins.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// The keys that sign access tokens.
    #[command(subcommand)]
    Keys(KeysCommand),
}

/// What can be done about admins.
#[derive(Debug, Clone, Subcommand)]
pub enum AdminCommand {
    /// Make an account for an admin, or an admin of somebody who has an account.
    Create(CreateAdmin),
}

/// What can be done about keys.
#[derive(Debug, Clone, Subcommand)]
pub enum KeysCommand {
    /// Show which keys there are, and what each is good for.
    List(Place),
    /// Make a new key, which signs from five minutes later on. Nobody is signed out.
    Rotate(Place),
}

/// Where it is to be done: in the store, whether or not a server runs on it, or on AWS.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The deployed table of this name, instead of the store: the stack's output TableName. Credentials and region are those
    /// of the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION).
    #[arg(long, value_name = "NAME")]
    pub table: Option<String>,
}

/// An admin to be.
#[derive(Debug, Clone, Args)]
pub struct CreateAdmin {
    /// The address to sign in by. It counts as verified.
    #[arg(long)]
    pub email: String,
    /// A name to sign in by, too.
    #[arg(long)]
    pub username: Option<String>,
    /// The name that others see [default: Admin].
    #[arg(long)]
    pub display_name: Option<String>,
    /// Read the password from standard input, up to its end or the end of its line, instead of asking for it twice.
    #[arg(long)]
    pub password_stdin: bool,
    /// Where somebody has the address already, make them an admin; their names and password stay as they are.
    #[arg(long)]
    pub promote: bool,
    /// With --promote: also somebody who has not confirmed that the address is theirs.
    #[arg(long, requires = "promote")]
    pub unconfirmed: bool,
    /// Where to make the account.
    #[command(flatten)]
    pub place: Place,
}
