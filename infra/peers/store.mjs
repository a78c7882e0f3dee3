// A log of messages in SQLite.

/** What stores an event in this file before it returns; without a file, what stores nothing. */
export async function store(file) {
  if (!file) return () => {};
  const { default: Database } = await import("better-sqlite3");
  const log = new Database(file);
  // A crash of the process loses nothing, as with Parlor's store.
  log.pragma("journal_mode = WAL");
  log.pragma("synchronous = NORMAL");
  log.exec("CREATE TABLE messages (id INTEGER PRIMARY KEY, room TEXT, text TEXT, created_at TEXT, user TEXT)");
  const insert = log.prepare("INSERT INTO messages VALUES (@id, @room, @message, @created_at, @user)");
  return (event) => insert.run(event);
}
