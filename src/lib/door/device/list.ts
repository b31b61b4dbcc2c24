/* Answers from the offline list of a device: pure, so that a test runs the same code as a browser. */
import { namelessVerdict, type DoorDirection, type DoorFlag, type DoorVerdict } from '#lib/door/answer.ts';
import type { OfflineSnapshot, SnapshotRow } from './messages.ts';

const flags: [number, DoorFlag][] = [
	[1, 'no_photographs'],
	[2, 'escort'],
	[4, 'access_need']
];

/** Half a hash of a badge's id or code, as stored in the list. */
export async function hashFor(summit: string, text: string): Promise<string> {
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text + summit));
	return Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The list with who is inside, as the device keeps it up to date. */
export class DoorList {
	readonly snapshot: OfflineSnapshot;
	readonly #rows = new Map<string, number>();
	/** Since when, in seconds, by number of row. */
	readonly #inside = new Map<number, number>();

	constructor(snapshot: OfflineSnapshot) {
		this.snapshot = snapshot;
		for (const [at, [badge, badgeCode]] of snapshot.rows.entries()) {
			this.#rows.set(badge, at);
			this.#rows.set(badgeCode, at);
		}
		for (const [at, since] of Object.entries(snapshot.inside)) this.#inside.set(Number(at), since);
	}

	get inside(): number {
		return this.#inside.size;
	}

	isOver(now: number): boolean {
		return Date.parse(this.snapshot.expires) <= now;
	}

	/** A person came or went, here or at another door. */
	note(hash: string, since: number | null): void {
		const row = this.#rows.get(hash);
		if (row === undefined) return;
		if (since === null) this.#inside.delete(row);
		else this.#inside.set(row, since);
	}

	/** The offline answer. `now` in milliseconds, corrected. */
	answer(hash: string, direction: DoorDirection, now: number): DoorVerdict {
		const at = this.#rows.get(hash);
		const row = at === undefined ? undefined : this.snapshot.rows[at];
		if (at === undefined || !row) return namelessVerdict('unlisted');
		const state = this.#verdictOf(at, row, direction, now);
		if (state !== 'ok') return namelessVerdict(state);
		if (direction === 'out') return namelessVerdict('left');
		const since = this.#inside.get(at);
		const signs = flags.filter(([bit]) => row[3] & bit).map(([, flag]) => flag);
		if (this.#session(now)?.sets?.includes(at)) signs.push('interpreter_set');
		if (since !== undefined)
			return { ...namelessVerdict('already_in'), flags: signs, since: new Date(since * 1000).toISOString() };
		const { capacity } = this.snapshot.checkpoint;
		if (capacity !== null && this.#inside.size >= capacity)
			return { ...namelessVerdict('full'), elsewhere: this.#session(now)?.elsewhere ?? null };
		return { ...namelessVerdict('welcome'), flags: signs };
	}

	// The session that is on, or begins within half an hour.
	#session(now: number) {
		return this.snapshot.sessions.find(({ from, to }) => Date.parse(from) - 30 * 60_000 <= now && now < Date.parse(to));
	}

	#verdictOf(at: number, [, , state]: SnapshotRow, direction: DoorDirection, now: number) {
		// Nobody is prevented from leaving.
		if (direction === 'out') return state === 'stop' ? 'stop' : 'ok';
		if (state !== 'ok') return state;
		const session = this.#session(now);
		if (session?.only && !session.only.includes(at)) return 'not_here';
		if (session?.except?.includes(at)) return 'stop';
		const { opens_at: opens, closes_at: closes } = this.snapshot.checkpoint;
		if ((opens && Date.parse(opens) > now) || (closes && Date.parse(closes) <= now)) return 'not_open';
		return 'ok';
	}
}
