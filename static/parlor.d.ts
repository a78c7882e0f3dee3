// Made of the comments in parlor.js and client/ by `cargo xtask types`.

/**
 * One call of the HTTP API, and its errors as sentences for a person.
 */
/** A request that was answered with an error, or not at all. */
export class RequestError extends Error {
	/**
	 * @param {string} sentence
	 * @param {{status?: number, code?: string, fields?: Record<string, string>, retryAfter?: number}} [details]  status 0: there was no answer
	 */
	constructor(sentence: string, { status, code, fields, retryAfter }?: {
		status?: number;
		code?: string;
		fields?: Record<string, string>;
		retryAfter?: number;
	});
	retryAfter: number;
	status: number;
	code: string;
	fields: Record<string, string>;
}
declare class Session extends EventTarget {
	/** @param {SessionEnvironment} environment */
	constructor(environment: SessionEnvironment);
	/** The token, or null when nobody is signed in; empty where the browser's cookie is what signs in. */
	get token(): string | null;
	/** Who is signed in, or null. */
	get user(): User | null;
	/** The visitor's display name, or null. */
	get name(): string | null;
	/**
	 * @param {string} displayName
	 * @throws {RequestError}
	 */
	signInAsGuest(displayName: string): Promise<void>;
	/**
	 * @param {{login: string, secret: string, phrase?: string}} credentials  a username or an e-mail address
	 * @throws {RequestError}
	 */
	signIn({ login, secret, phrase }: {
		login: string;
		secret: string;
		phrase?: string;
	}): Promise<void>;
	/**
	 * Makes an account and signs in to it.
	 * @param {{username: string, password: string, email?: string, display_name?: string}} account
	 * @throws {RequestError}
	 */
	register(account: {
		username: string;
		password: string;
		email?: string;
		display_name?: string;
	}): Promise<void>;
	/**
	 * Takes over the session of the browser's cookie, as a sign-in by Google or Facebook leaves it.
	 * @returns {Promise<boolean>}  whether there is one
	 */
	adopt(): Promise<boolean>;
	/** Signs out here at once, and then tells the server; what it answers changes nothing. */
	signOut(): Promise<void>;
	/** Ends all of the person's sessions, wherever they are. */
	signOutEverywhere(): Promise<void>;
	/** The same as `signOut`, and what this session said in private conversations is cleared for both sides. */
	signOutAndClear(): Promise<void>;
	/** The server no longer takes this token. */
	expire(): void;
	/** The signed-in user has changed. @param {User} user */
	update(user: User): void;
	/** Another tab has signed in or out. */
	reload(): void;
	#private;
}
/**
 * Who is signed in, and with which token. All tabs of a browser share it.
 *
 * The opaque token is the one that is kept: it lives as long as the session, so that nothing need be refreshed.
 */
export type User = {
	id: number;
	username: string | null;
	email?: string | null;
	display_name: string;
	photo: string | null;
	role: string;
	is_guest: boolean;
};
/**
 * Who is signed in, and with which token. All tabs of a browser share it.
 *
 * The opaque token is the one that is kept: it lives as long as the session, so that nothing need be refreshed.
 */
export type SessionEnvironment = {
	fetch: typeof fetch;
	storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
	/**
	 * the server's address, without a slash at its end; the page's own if empty
	 */
	base?: string | undefined;
};
declare class Api {
	/** @param {Session} session @param {typeof fetch} fetch @param {string} [base] */
	constructor(session: Session$1, fetch: typeof globalThis.fetch, base?: string);
	/** @param {string} path */
	get(path: string): Promise<any>;
	/** A page of a list, and where the next one is. @param {string} path @returns {Promise<{items: any[], next: string | null}>} */
	page(path: string): Promise<{
		items: any[];
		next: string | null;
	}>;
	/** A whole list, up to so many pages. @param {string} path @param {number} [pages] */
	list(path: string, pages?: number): Promise<any[]>;
	/** All pages of an answer that is lines of text. @param {string} path */
	lines(path: string): Promise<string>;
	/** @param {string} path @param {object} [body] */
	post(path: string, body?: object): Promise<any>;
	/** @param {string} path @param {object} body */
	patch(path: string, body: object): Promise<any>;
	/** @param {string} path @param {object} [body] */
	delete(path: string, body?: object): Promise<any>;
	#private;
}
type Session$1 = Session;
declare class Rooms {
	/** @param {Api} api */
	constructor(api: Api$1);
	/** One's own, with what is unread. */
	mine(): Promise<any[]>;
	/** Those that anybody may see. */
	listed(): Promise<any[]>;
	/** @param {{name?: string, code?: string, is_private?: boolean, entry_mode?: string, password?: string}} [room] */
	create(room?: {
		name?: string;
		code?: string;
		is_private?: boolean;
		entry_mode?: string;
		password?: string;
	}): Promise<any>;
	/** @param {{code?: string, password?: string, invitation?: string}} entry */
	join(entry: {
		code?: string;
		password?: string;
		invitation?: string;
	}): Promise<any>;
	/** @param {string} code */
	details(code: string): Promise<any>;
	/** @param {string} code @param {object} changes */
	change(code: string, changes: object): Promise<any>;
	/** @param {string} code */
	close(code: string): Promise<any>;
	/** @param {string} code */
	leave(code: string): Promise<any>;
	/** @param {string} code @param {"APPROVED" | "PENDING" | "BANNED"} [status] @returns {Promise<Participant[]>} */
	participants(code: string, status?: "APPROVED" | "PENDING" | "BANNED"): Promise<Participant[]>;
	/** @param {string} code @param {number} user @param {boolean} approve */
	decide(code: string, user: number, approve: boolean): Promise<any>;
	/** @param {string} code @param {Measure} measure @param {number} user @param {number} [seconds] */
	act(code: string, measure: Measure, user: number, seconds?: number): Promise<any>;
	/** @param {string} code @param {{expires_in?: number, uses?: number}} [limits] */
	invite(code: string, limits?: {
		expires_in?: number;
		uses?: number;
	}): Promise<any>;
	/** A page of messages, newest last. @param {string} code @param {{before?: number, q?: string}} [query] */
	messages(code: string, query?: {
		before?: number;
		q?: string;
	}): Promise<{
		items: any[];
		next: string | null;
	}>;
	/** @param {string} code @param {number} id @param {string} message */
	edit(code: string, id: number, message: string): Promise<any>;
	/** @param {string} code @param {number} id */
	remove(code: string, id: number): Promise<any>;
	/** @param {string} code @param {number} id @param {string} reaction @param {boolean} on */
	react(code: string, id: number, reaction: string, on: boolean): Promise<any>;
	/** What is watched next. @param {string} code @returns {Promise<any[]>} */
	queue(code: string): Promise<any[]>;
	/** What can be watched here. @param {string} words */
	watchable(words: string): Promise<any[]>;
	#private;
}
type Api$1 = Api;
/**
 * Rooms over HTTP: found, made, entered, looked after.
 */
export type Participant = {
	id: number;
	display_name: string;
	photo: string | null;
	role: string;
	is_host: boolean;
	is_cohost: boolean;
	is_guest: boolean;
	status: string;
	present: boolean;
	muted_until: string | null;
	last_read_id: number | null;
};
/**
 * Rooms over HTTP: found, made, entered, looked after.
 */
export type Measure = "kick" | "ban" | "unban" | "mute" | "unmute" | "host" | "cohost" | "uncohost";
declare class People {
	/** @param {Api} api */
	constructor(api: Api$2);
	/** The signed-in user. */
	me(): Promise<any>;
	/** All that is kept about the signed-in user, as lines of JSON. */
	exportMe(): Promise<string>;
	/** @param {object | FormData} changes */
	changeMe(changes: object | FormData): Promise<any>;
	/** @param {object} proof  `current_password` or `current_phrase`, where there is one */
	deleteMe(proof: object): Promise<any>;
	/** @param {object} secrets */
	changeSecrets(secrets: object): Promise<any>;
	/** Where the signed-in user is signed in. @returns {Promise<{id: string, created_at: string, last_used_at: string, is_current: boolean}[]>} */
	sessions(): Promise<{
		id: string;
		created_at: string;
		last_used_at: string;
		is_current: boolean;
	}[]>;
	/** @param {string} session */
	endSession(session: string): Promise<any>;
	/** @param {string} email */
	forgot(email: string): Promise<any>;
	/** Those whose username begins so. @param {string} username @returns {Promise<any[]>} */
	find(username: string): Promise<any[]>;
	/** One's private conversations. @returns {Promise<any[]>} */
	conversations(): Promise<any[]>;
	/** @param {number} person */
	converse(person: number): Promise<any>;
	/** @param {number} person */
	block(person: number): Promise<any>;
	/** @param {number} person */
	unblock(person: number): Promise<any>;
	/** @returns {Promise<any[]>} */
	blocked(): Promise<any[]>;
	#private;
}
type Api$2 = Api;
declare class Server {
	/**
	 * @param {string} [base]  the server's address; without one, the page's own server
	 * @param {{fetch?: typeof fetch, storage?: Store, tabStorage?: Store}} [environment]
	 */
	constructor(base?: string, { fetch, storage, tabStorage }?: {
		fetch?: typeof globalThis.fetch;
		storage?: Store;
		tabStorage?: Store;
	});
	/** Where its sockets are. */
	socketBase: string;
	tabStorage: Store;
	session: Session;
	api: Api;
	rooms: Rooms;
	people: People;
}
/**
 * A Parlor server over HTTP: who is signed in, rooms and people.
 */
export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;
/**
 * A sentence for a person; the bare code and reason stay readable behind it.
 * @param {Closed} closed
 */
export function explainClose({ code, reason }: Closed): string;
export function comingBack(code: number): ComingBack;
/**
 * Why a socket ended, and whether coming back makes sense.
 */
export type Closed = {
	code: number;
	reason: string;
};
/**
 * Why a socket ended, and whether coming back makes sense.
 */
export type ComingBack = "by itself" | "after approval" | "after signing in" | "never";
declare class TypedTarget<Events extends Record<string, any>> extends EventTarget {
	constructor();
	/**
	 * @template {keyof Events & string} Name
	 * @param {Name} name
	 * @param {((event: CustomEvent<Events[Name]>) => void) | EventListenerObject | null} listener
	 * @param {boolean | AddEventListenerOptions} [options]
	 */
	addEventListener<Name extends keyof Events & string>(name: Name, listener: ((event: CustomEvent<Events[Name]>) => void) | EventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
	/**
	 * @template {keyof Events & string} Name
	 * @param {Name} name
	 * @param {((event: CustomEvent<Events[Name]>) => void) | EventListenerObject | null} listener
	 * @param {boolean | EventListenerOptions} [options]
	 */
	removeEventListener<Name extends keyof Events & string>(name: Name, listener: ((event: CustomEvent<Events[Name]>) => void) | EventListenerObject | null, options?: boolean | EventListenerOptions): void;
}
declare class ServerClock {
	/**
	 * Takes one exchange: when the `ping` was sent and the `pong` came by our clock, and what the `pong` says.
	 * @param {number} sent
	 * @param {number} came
	 * @param {{received_at: string, server_time: string}} pong
	 */
	sample(sent: number, came: number, pong: {
		received_at: string;
		server_time: string;
	}): void;
	/** Whether it knows anything yet. */
	get isKnown(): boolean;
	/**
	 * By how much the server's clock is ahead of ours, in milliseconds: by the quickest message in each direction, which seldom
	 * belong to one exchange.
	 */
	get offset(): number;
	/** How long the quickest messages there and back take together, in milliseconds. */
	get delay(): number;
	/** The server's time at a moment of our clock. @param {number} local */
	toServer(local: number): number;
	/** The moment of our clock at a time of the server. @param {number} server */
	toLocal(server: number): number;
	#private;
}
declare class Outbox {
	/** @param {OutboxEnvironment} environment */
	constructor(environment: OutboxEnvironment);
	/** @returns {readonly Readonly<Entry>[]} */
	get entries(): readonly Readonly<Entry>[];
	/** @param {Payload} payload @returns {Entry} */
	add(payload: Payload): Entry;
	/** The message that may be sent now. What failed stands in nobody's way. @returns {Entry | null} */
	next(): Entry | null;
	/** How long until there may be a next one, in milliseconds; null if nothing waits for time to pass. */
	get wait(): number | null;
	/** @param {Entry} entry */
	sent(entry: Entry): void;
	/** The server has it. @param {string | null | undefined} clientMsgId @returns {boolean} whether it was one of ours */
	acknowledge(clientMsgId: string | null | undefined): boolean;
	/**
	 * The server does not take it, or not yet.
	 * @param {{client_msg_id?: string | null, code: string, message: string, retry_after?: number}} error
	 * @returns {boolean}  whether it was one of ours
	 */
	refuse({ client_msg_id: clientMsgId, code, message, retry_after: retryAfter }: {
		client_msg_id?: string | null;
		code: string;
		message: string;
		retry_after?: number;
	}): boolean;
	/** The socket is gone, and nobody knows what became of the message that was under way: it goes again. */
	disconnected(): void;
	/** Whether an acknowledgement should have come by now. */
	get isOverdue(): boolean;
	/** Tries a failed one once more. @param {string} clientMsgId */
	retry(clientMsgId: string): void;
	/** Throws a failed one away. @param {string} clientMsgId */
	discard(clientMsgId: string): void;
	#private;
}
/**
 * Messages that the server has not acknowledged yet, in the order in which they were written. One is under way at a time, so
 * that none overtakes another. Each has a name of its own, by which the server knows a repetition.
 */
export type Payload = {
	message: string;
	message_type?: string;
	attachment?: string;
	reply_to?: number;
	mentions?: number[];
};
/**
 * Messages that the server has not acknowledged yet, in the order in which they were written. One is under way at a time, so
 * that none overtakes another. Each has a name of its own, by which the server knows a repetition.
 */
export type EntryState = "waiting" | "under way" | "failed";
/**
 * Messages that the server has not acknowledged yet, in the order in which they were written. One is under way at a time, so
 * that none overtakes another. Each has a name of its own, by which the server knows a repetition.
 */
export type Entry = {
	clientMsgId: string;
	payload: Payload;
	/**
	 * milliseconds
	 */
	writtenAt: number;
	state: EntryState;
	/**
	 * it may go from this moment on
	 */
	notBefore: number;
	sentAt: number;
	/**
	 * why it failed, as a sentence
	 */
	problem: string;
	/**
	 * and for programs
	 */
	code?: string | undefined;
};
/**
 * Messages that the server has not acknowledged yet, in the order in which they were written. One is under way at a time, so
 * that none overtakes another. Each has a name of its own, by which the server knows a repetition.
 */
export type OutboxEnvironment = {
	now: () => number;
	newId: () => string;
	/**
	 * so that a reload loses nothing
	 */
	storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
	key?: string | undefined;
};
type Closed$1 = Closed;
/**
 * A socket that is kept open: it notices when it has died, and comes back by itself.
 * It knows nothing of the page; everything it needs from the browser can be replaced in a test.
 */
export type ConnectionState = {
	kind: "idle";
} | {
	kind: "connecting";
	attempt: number;
} | {
	kind: "open";
	since: number;
} | {
	kind: "waiting";
	attempt: number;
	retryAt: number;
	closed: Closed$1;
} | {
	kind: "offline";
	closed: Closed$1;
} | {
	kind: "closed";
	closed: Closed$1;
};
/**
 * A socket that is kept open: it notices when it has died, and comes back by itself.
 * It knows nothing of the page; everything it needs from the browser can be replaced in a test.
 */
export type ConnectionEnvironment = {
	WebSocket: new (url: string, protocols?: string[]) => WebSocket;
	setTimeout: (run: () => void, ms: number) => any;
	clearTimeout: (timer: any) => void;
	/**
	 * 0 ≤ random < 1
	 */
	random: () => number;
	/**
	 * milliseconds
	 */
	now: () => number;
	isOnline: () => boolean;
};
/**
 * as the server sends it
 */
export type Frame = {
	type: string;
	[field: string]: any;
};
/**
 * What a channel tells, and which frames of the server it is told by.
 */
export type LogEvent = {
	id: number;
	type: string;
	client_msg_id?: string | null;
	is_self?: boolean;
	[field: string]: any;
};
/**
 * the `detail` of each event
 */
export type ChannelEvents = {
	state: ConnectionState;
	/**
	 * the newest messages; whatever was shown before is replaced
	 */
	history: {
		messages: LogEvent[];
		more?: boolean;
		[field: string]: any;
	};
	/**
	 * each once and in order, as the four after it
	 */
	message: LogEvent;
	edited: LogEvent;
	deleted: LogEvent;
	reacted: LogEvent;
	cleared: LogEvent;
	/**
	 * what is still to be acknowledged has changed
	 */
	outbox: null;
	/**
	 * an error that concerns no message of the outbox
	 */
	refused: Frame;
	participants: Frame;
	joined: Frame;
	left: Frame;
	member: Frame;
	typing: Frame;
	read: Frame;
	room: Frame;
	"deleted-room": Frame;
	broadcast: Frame;
	requested: Frame;
	approved: Frame;
	denied: Frame;
	playback: Frame;
	correction: Frame;
	media: Frame;
	queue: Frame;
	waiting: Frame;
	host: Frame;
};
declare class Channel extends TypedTarget<ChannelEvents> {
	/** @param {string} code @param {ChannelEnvironment} environment */
	constructor(code: string, environment: ChannelEnvironment);
	clock: ServerClock;
	code: string;
	outbox: Outbox;
	get state(): ConnectionState;
	/** The id up to which everything has been delivered. */
	get lastId(): number;
	connect(): void;
	/** The network or the visitor is back. */
	wake(): void;
	/** The browser believes that the network is gone. */
	check(): void;
	close(): void;
	/** Writes a message: it is sent as soon as it can be, and shown by `outbox` until it is acknowledged. @param {Payload} payload */
	write(payload: Payload$1): Entry;
	/** @param {string} clientMsgId */
	retry(clientMsgId: string): void;
	/** @param {string} clientMsgId */
	discard(clientMsgId: string): void;
	/** Says something at once, or not at all. @param {object} frame @returns {boolean} whether it went */
	say(frame: object): boolean;
	/** May be called with every key. @param {boolean} isTyping */
	typing(isTyping: boolean): void;
	/** Asks what time it is on the server; the answer goes into `clock`. */
	askTime(): void;
	#private;
}
type Payload$1 = Payload;
/**
 * One room over one socket: it comes back by itself, resumes where it was, and sends what is written in order.
 * Its events, each a `CustomEvent`, are listed as `ChannelEvents` in channel-events.js.
 */
export type ChannelEnvironment = {
	api: Api;
	/**
	 * `wss://host`
	 */
	socketBase: string;
	storage?: Pick<Storage, "getItem" | "setItem" | "removeItem"> | undefined;
	outboxKey?: string | undefined;
	newId: () => string;
	browser?: Partial<ConnectionEnvironment> | undefined;
};
declare class Inbox extends TypedTarget<{
	state: ConnectionState;
	frame: Frame;
}> {
	/**
	 * @param {{api: import("./api.js").Api, socketBase: string, browser?: Partial<import("./connection.js").ConnectionEnvironment>}} environment
	 */
	constructor({ api, socketBase, browser }: {
		api: Api;
		socketBase: string;
		browser?: Partial<ConnectionEnvironment>;
	});
	get state(): ConnectionState;
	connect(): void;
	wake(): void;
	close(): void;
	#private;
}
/**
 * The client of a Parlor server, for pages: who is signed in, rooms, people and live channels.
 *
 * ```js
 * import { Parlor } from "https://parlor.example/parlor.js";
 *
 * const parlor = new Parlor("https://parlor.example");
 * await parlor.session.signInAsGuest("Ann");
 * const { code } = await parlor.rooms.join({ code: "movie-night" });
 * const room = parlor.channel(code);
 * room.addEventListener("message", ({ detail }) => console.log(detail.user, detail.message));
 * room.addEventListener("state", ({ detail }) => console.log(detail.kind));
 * room.connect();
 * room.write({ message: "hello everyone" });
 * ```
 */
export class Parlor extends Server {
	/** A room's live channel; `connect()` opens it. @param {string} code */
	channel(code: string): Channel;
	/** The signed-in person's live inbox; `connect()` opens it. */
	inbox(): Inbox;
}

export {};
