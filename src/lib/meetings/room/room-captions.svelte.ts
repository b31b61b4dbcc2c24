import type { ReadRoomCaptions as Reading } from '#lib/database/answers/meetings.ts';
import { withLine } from '#lib/captions/captions.ts';
import { Following } from '#lib/captions/following.svelte.ts';
import { CoalescedReads } from '#lib/live/coalesced-reads.ts';
import { subscribeToTopics } from '#lib/live/events.svelte.ts';
import { untrack } from 'svelte';
import type { LiveRoom } from './live-room.svelte.ts';
import { recentLines } from './recent-lines.ts';

// What was written while the reading before was under way is read again.
const overlap = 2000;
const tryAgainAfter = 3000;
const dropEvery = 5000;

/** The captions of a meeting's room: only who has chosen a language reads them. Create it in a component's script. */
export class RoomCaptions {
	readonly following: Following;
	readonly #live: LiveRoom;
	readonly #address: () => string;
	#lines = $state.raw<Reading['lines']>([]);
	// Of the last reading of this language; null: everything is to be read.
	#readAt: number | null = null;
	// Counts how often everything was to be read: a reading that began before is not shown.
	#generation = 0;
	#language: string | null = null;
	// When the times of the lines begin, and the server's time, of the last reading.
	#clock: { opened: number; read: number; at: number } | null = null;
	#again: ReturnType<typeof setTimeout> | undefined;
	#isOver = false;
	readonly #reads = new CoalescedReads<'lines', { generation: number; after: number | null; reading: Reading } | null>(
		() => 'lines',
		{
			read: () => this.#read(),
			deliver: (_, found) => found && this.#add(found),
			fail: () => {
				if (!this.#isOver) this.#again = setTimeout(() => this.#reads.note('lines'), tryAgainAfter);
			}
		}
	);

	readonly #given = $derived.by(() => ({
		languages: this.#live.room.caption_languages,
		lines: this.#lines,
		may_write: false
	}));

	/** `address`: that of the room's page. */
	constructor(live: LiveRoom, address: () => string) {
		this.#live = live;
		this.#address = address;
		this.following = new Following(
			() => null,
			() => this.#given,
			() => undefined
		);
		// Those who are apart in a breakout room have no captions.
		const wanted = $derived(
			live.isIn && live.room.me?.state === 'in' && live.room.me.number === 0 ? this.following.look.language : null
		);
		$effect(() => {
			this.#language = wanted;
			untrack(() => {
				this.#lines = [];
				this.readAll();
			});
		});
		$effect(() => {
			const timer = setInterval(() => this.#drop(), dropEvery);
			return () => {
				this.#isOver = true;
				clearInterval(timer);
				clearTimeout(this.#again);
			};
		});
		subscribeToTopics(
			() => [`meeting:${live.room.id}`],
			({ kind }) => {
				if (kind === 'caption') this.#reads.note('lines');
				else if (kind === 'captions') this.readAll();
			},
			() => this.readAll()
		);
	}

	/** Reads the lines of the last minutes. */
	readAll(): void {
		this.#readAt = null;
		this.#generation++;
		this.#reads.note('lines');
	}

	async #read() {
		const language = this.#language;
		const after = this.#readAt;
		const generation = this.#generation;
		if (language === null) return null;
		// In a full room each page reads at another moment.
		await new Promise((done) => setTimeout(done, Math.random() * (this.#live.room.people.length > 10 ? 400 : 20)));
		const query = `language=${language}${after === null ? '' : `&after=${after - overlap}`}`;
		const answer = await fetch(`${this.#address()}/captions?${query}`, { signal: AbortSignal.timeout(8000) });
		// Who has just left the room, or is not in it yet, reads nothing.
		if (answer.status === 404) return null;
		if (!answer.ok) throw new Error(`No captions (${answer.status}).`);
		return { generation, after, reading: (await answer.json()) as Reading };
	}

	#add({ generation, after, reading }: { generation: number; after: number | null; reading: Reading }): void {
		// The language was changed, or a line deleted, while this was read: that reading follows.
		if (generation !== this.#generation) return;
		this.#readAt = reading.read_at;
		if (after === null) this.#lines = reading.lines;
		else this.#lines = reading.lines.reduce((lines, line) => withLine(lines, line.id, line), this.#lines);
		this.#clock = { opened: reading.opened, read: reading.read_at, at: performance.now() };
		this.#drop();
	}

	// The server has deleted what is older.
	#drop(): void {
		if (!this.#clock) return;
		const { opened, read, at } = this.#clock;
		const kept = recentLines(this.#lines, opened, read + performance.now() - at);
		if (kept.length < this.#lines.length) this.#lines = kept;
	}
}
