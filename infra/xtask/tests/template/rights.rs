//! What each function calls, as read from its code.

type Actions = &'static [&'static str];

const TABLE: &str = "${Table.Arn}";
const QUEUE: &str = "${Queue.Arn}";
const BUCKET: &str = "${Bucket.Arn}";
const MEDIA: &str = "${Bucket.Arn}/media/*";
const BUCKET_BY_NAME: &str = "arn:${AWS::Partition}:s3:::parlor-${StackUuid}";
const MEDIA_BY_NAME: &str = "arn:${AWS::Partition}:s3:::parlor-${StackUuid}/media/*";
const MESSAGES: &str = "arn:${AWS::Partition}:s3:::parlor-${StackUuid}/messages/*";
const REJECTED: &str = "arn:${AWS::Partition}:s3:::parlor-${StackUuid}/rejected/*";
const POST: &str = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${SocketApi}/live/POST/@connections/*";
const DELETE: &str = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${SocketApi}/live/DELETE/@connections/*";

/// Whoever sends, and whoever receives, if the account has verified them.
const MAIL_IDENTITIES: &str = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*";
/// The default one of the sender's identity.
const MAIL_SETTINGS: &str = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:configuration-set/*";
const DEAD_LETTERS: &str = "${DeadLetters.Arn}";
const SEND_MESSAGE: Actions = &["sqs:SendMessage"];
const SEND_EMAIL: Actions = &["ses:SendEmail"];
const MANAGE_CONNECTIONS: Actions = &["execute-api:ManageConnections"];
const LIST_BUCKET: Actions = &["s3:ListBucket"];
/// To forget a socket, its rows are looked up and deleted, and it is counted no more.
const FORGET: Actions = &["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"];
/// To verify a token, its key is queried, its session read and, in a transaction of updates, extended.
const AUTHENTICATE: Actions = &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"];
const PUT: Actions = &["dynamodb:PutItem"];
const QUERY: Actions = &["dynamodb:Query"];
const BATCH_GET: Actions = &["dynamodb:BatchGetItem"];

/// By function: on which resource it does what. A resource may stand in several lines, one for each thing done.
pub(crate) const RIGHTS: &[(&str, &[(&str, Actions)])] = &[
    (
        "api",
        &[
            // A person's number is counted up, person, names, secrets and session are put; signing keys are queried, the
            // first ones put.
            (TABLE, &["dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"]),
            // To sign in, a name is read, then person and secrets; a session begins if those are still the same. Admins read
            // people by the hundred, and change them if they are still admins.
            (TABLE, &["dynamodb:BatchGetItem", "dynamodb:ConditionCheckItem", "dynamodb:GetItem"]),
            // Sessions end, by a job too, for the sake of their sockets; names go back, accounts go.
            (TABLE, &["dynamodb:DeleteItem"]),
            (QUEUE, SEND_MESSAGE),
            // Admins see how much was given up on.
            (DEAD_LETTERS, &["sqs:GetQueueAttributes"]),
            // Rooms hear of what is said and done over HTTP, and sockets of who is put out are closed.
            (POST, MANAGE_CONNECTIONS),
            (DELETE, MANAGE_CONNECTIONS),
        ],
    ),
    (
        "broadcast",
        &[
            // The drop's lease is put and, if sending fails, given back.
            (TABLE, &["dynamodb:PutItem", "dynamodb:UpdateItem"]),
            (TABLE, QUERY),
            (TABLE, FORGET),
            (QUEUE, SEND_MESSAGE),
            (POST, MANAGE_CONNECTIONS),
            (MESSAGES, &["s3:DeleteObjectVersion", "s3:GetObjectVersion"]),
            (REJECTED, &["s3:PutObject"]),
            (BUCKET_BY_NAME, LIST_BUCKET),
        ],
    ),
    (
        "connect",
        &[
            (TABLE, AUTHENTICATE),
            (TABLE, PUT),
            (TABLE, FORGET),
            // A socket joins a room if its person is a member.
            (TABLE, &["dynamodb:ConditionCheckItem"]),
            (QUEUE, SEND_MESSAGE),
        ],
    ),
    (
        "deliver",
        &[
            // Greeting and heartbeat read, put and update.
            (TABLE, &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]),
            (TABLE, QUERY),
            (TABLE, BATCH_GET),
            (TABLE, FORGET),
            // A mailed link is put if its account still has the address.
            (TABLE, &["dynamodb:ConditionCheckItem"]),
            (MAIL_IDENTITIES, SEND_EMAIL),
            (MAIL_SETTINGS, SEND_EMAIL),
            // How long a medium is that is to be watched stands in its bytes.
            (MEDIA, &["s3:GetObject"]),
            (BUCKET, LIST_BUCKET),
            (QUEUE, SEND_MESSAGE),
            (QUEUE, &["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]),
            (QUEUE, &["sqs:ChangeMessageVisibility"]),
            (POST, MANAGE_CONNECTIONS),
            (DELETE, MANAGE_CONNECTIONS),
        ],
    ),
    // Whoever lost their last socket in a room is looked for some seconds later.
    ("disconnect", &[(TABLE, FORGET), (TABLE, QUERY), (QUEUE, SEND_MESSAGE)]),
    (
        "download",
        &[
            (TABLE, AUTHENTICATE),
            // What messages show is for the members of their rooms.
            (TABLE, BATCH_GET),
            (MEDIA, &["s3:GetObject"]),
            (BUCKET, LIST_BUCKET),
        ],
    ),
    (
        "heartbeat",
        &[(TABLE, &["dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem"]), (QUEUE, SEND_MESSAGE)],
    ),
    (
        "message",
        &[
            (TABLE, FORGET),
            // What is said is charged, appended on conditions, and told to the rows of the room.
            (TABLE, &["dynamodb:ConditionCheckItem", "dynamodb:PutItem", "dynamodb:UpdateItem"]),
            (TABLE, QUERY),
            (TABLE, BATCH_GET),
            (QUEUE, SEND_MESSAGE),
            (POST, MANAGE_CONNECTIONS),
            (DELETE, MANAGE_CONNECTIONS),
        ],
    ),
    (
        "upload",
        &[
            (TABLE, AUTHENTICATE),
            (TABLE, PUT),
            // Accounts are made, changed on proof, and taken away; their sessions end.
            (TABLE, BATCH_GET),
            // A direct upload that has ended is under way no more.
            (TABLE, &["dynamodb:DeleteItem"]),
            // What is said with a file is charged, appended on conditions, and told to the sockets of the room.
            (TABLE, &["dynamodb:ConditionCheckItem"]),
            (POST, MANAGE_CONNECTIONS),
            (DELETE, MANAGE_CONNECTIONS),
            (QUEUE, SEND_MESSAGE),
            (MEDIA_BY_NAME, &["s3:DeleteObject", "s3:PutObject"]),
            // What was put there directly is looked at, whether it is there or not.
            (MEDIA_BY_NAME, &["s3:GetObject"]),
            (BUCKET_BY_NAME, LIST_BUCKET),
        ],
    ),
];
