/*
 * Several prepared statements in one round trip and one transaction: they are sent before a single Sync, which ends the
 * transaction that the first of them began. Nothing that they set for the transaction outlives it, not even after an
 * error.
 */
import type pg from 'pg';

/** A statement with its parameters, all of them texts. */
export interface Bound {
	text: string;
	values: string[];
}

/** Members of a `pg` connection for which its types describe an older version. */
interface Wire {
	stream: { cork(): void; uncork(): void };
	close(message: { type: 'S'; name: string }): void;
	parse(message: { name: string; text: string }): void;
	bind(message: { statement: string; values: string[] }): void;
	execute(message: { portal: string; rows: number }): void;
	sync(): void;
}

/** The prepared statements of one connection: the name of each text, and which of them certainly exist. */
interface Prepared {
	names: Map<string, string>;
	ready: Set<string>;
}

const preparedOn = new WeakMap<object, Prepared>();

// A server keeps prepared statements for as long as the connection lives. There are about as many texts as functions.
const mostPrepared = 2000;

/** A query for `client.query`: resolves with the first column of the last statement's row, null without a row. */
export class RoundTrip implements pg.Submittable {
	readonly answer: Promise<string | null>;
	readonly #statements: Bound[];
	readonly #parsed: string[] = [];
	#prepared: Prepared = { names: new Map(), ready: new Set() };
	#last: string | null = null;
	#resolve!: (value: string | null) => void;
	#reject!: (error: unknown) => void;

	constructor(statements: Bound[]) {
		this.#statements = statements;
		this.answer = new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
		});
	}

	submit(connection: unknown): void {
		const wire = connection as Wire;
		this.#prepared = preparedOn.get(wire) ?? this.#prepared;
		preparedOn.set(wire, this.#prepared);
		// One packet.
		wire.stream.cork();
		try {
			for (const statement of this.#statements) this.#send(wire, statement);
			wire.sync();
		} finally {
			wire.stream.uncork();
		}
	}

	#send(wire: Wire, { text, values }: Bound): void {
		const name = this.#nameOf(text);
		if (!this.#prepared.ready.has(name)) {
			// A failed call may have left it prepared or not; closing a missing one is no error.
			if (name) wire.close({ type: 'S', name });
			wire.parse({ name, text });
			if (name) this.#parsed.push(name);
		}
		wire.bind({ statement: name, values });
		wire.execute({ portal: '', rows: 0 });
	}

	// Without a name it is prepared for this call only.
	#nameOf(text: string): string {
		const { names } = this.#prepared;
		const known = names.get(text);
		if (known !== undefined || names.size >= mostPrepared) return known ?? '';
		const name = `s${names.size}`;
		names.set(text, name);
		return name;
	}

	handleRowDescription(): void {}

	handleDataRow({ fields: [first] }: { fields: (string | null)[] }): void {
		this.#last = first ?? null;
	}

	handleCommandComplete(): void {}

	handleEmptyQuery(): void {}

	handlePortalSuspended(): void {}

	handleCopyInResponse(): void {}

	handleCopyData(): void {}

	// An error of Postgres, which then skips everything up to the Sync, or of the connection.
	handleError(error: unknown): void {
		this.#reject(error);
	}

	handleReadyForQuery(): void {
		for (const name of this.#parsed) this.#prepared.ready.add(name);
		this.#resolve(this.#last);
	}
}
