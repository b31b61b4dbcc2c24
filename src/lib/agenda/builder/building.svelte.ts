import { deserialize } from '$app/forms';
import { postAction } from '#lib/forms/post-action.ts';
import { m } from '#lib/i18n/messages.ts';
import { reload } from '#lib/live/reload.ts';
import { isSameWhen, type DraftAnswer, type BoardEntry, type Change, type When } from './builder.ts';

/** A change that was not saved: the organiser sees both versions and chooses. */
export interface Refused {
	answer: DraftAnswer;
	changes: readonly Change[];
	title: string;
}

/** A time that was changed here, at a moment by the page's clock. */
interface Saved {
	slot: string;
	from: When;
	to: When;
	at: number;
}

/** Within how many milliseconds a page has read what was saved. */
const readBack = 5000;

/** Saves each change of the board as it is made; a refused change is shown until the organiser has chosen. */
export class Building {
	refused = $state<Refused | null>(null);
	/** What was done, for screen readers. */
	announcement = $state('');
	saving = $state(0);
	/** Times that were moved here and are not read again yet. */
	moved = $state.raw<Readonly<Record<string, When>>>({});
	#queue: Promise<unknown> = Promise.resolve();
	/** What was saved here a moment ago: a change that began before the page read it again was based on the previous value. */
	#saved: readonly Saved[] = [];
	#later: ReturnType<typeof setTimeout> | undefined;
	#nudged: { title: string; seen: Readonly<Record<string, When>> } | null = null;

	/** Saves changes one after the other, in their order. */
	save(changes: readonly Change[], title: string): Promise<DraftAnswer> {
		for (const change of changes)
			if ('slot' in change && !('remove' in change)) this.#show(change.slot, whenOf(change));
		this.refused = null;
		this.saving += 1;
		const work = this.#queue.then(async () => {
			const asSeen = changes.map((change) => this.#seeing(change));
			const answer = await send('?/place', { changes: JSON.stringify(asSeen) });
			if (answer.status === 'ok') this.#saved = [...this.#saved, ...savedBy(asSeen)].slice(-20);
			return answer;
		});
		this.#queue = work;
		return work.then((answer) => this.#settle(answer, changes, title));
	}

	/** Undoes the reader's last change, or redoes it. */
	async step(forward: boolean): Promise<void> {
		this.flush();
		this.saving += 1;
		const work = this.#queue.then(() => {
			this.#saved = [];
			return send(forward ? '?/redo' : '?/undo', {});
		});
		this.#queue = work;
		await this.#settle(await work, [], forward ? m.agenda_builder_redone() : m.agenda_builder_undone());
	}

	/** Shows why a change cannot be made, without asking: another time that this page shows is in the room. */
	refuse(by: readonly BoardEntry[], changes: readonly Change[], title: string): void {
		const taken = by.map(({ session, placement }) => ({ title: session?.title ?? null, ...placement }));
		this.refused = { answer: { status: 'room_taken', by: taken }, changes, title };
	}

	/** Moves by keyboard: visible at once, saved after a pause. */
	nudge(moves: readonly { entry: BoardEntry; to: When }[], title: string): void {
		const slots = moves.map(({ entry }) => entry.placement.slot);
		if (this.#nudged && Object.keys(this.#nudged.seen).join() !== slots.join()) this.flush();
		this.#nudged ??= {
			title,
			seen: Object.fromEntries(moves.map(({ entry: { placement: at } }) => [at.slot, whenOf(at)]))
		};
		for (const { entry, to } of moves) this.#show(entry.placement.slot, to);
		clearTimeout(this.#later);
		this.#later = setTimeout(() => this.flush(), 600);
	}

	/** Saves what the keys have moved. */
	flush(): void {
		clearTimeout(this.#later);
		if (!this.#nudged) return;
		const { title, seen } = this.#nudged;
		this.#nudged = null;
		const changes = Object.entries(seen).flatMap(([slot, before]) => {
			const to = this.moved[slot];
			return to ? [{ slot, seen: before, ...to }] : [];
		});
		if (changes.length > 0) void this.save(changes, title);
	}

	/** The position of an entry, including moves on this page. */
	at(entry: BoardEntry): BoardEntry {
		const to = this.moved[entry.placement.slot];
		if (!to) return entry;
		const placement = { ...entry.placement, ...to };
		return { ...entry, placement, start: Date.parse(to.start), end: Date.parse(to.end) };
	}

	#seeing(change: Change): Change {
		if (!('slot' in change)) return change;
		const since = performance.now() - readBack;
		const own = this.#saved.filter(({ slot, at }) => slot === change.slot && at > since);
		return { ...change, seen: own.reduce((seen, { from, to }) => (isSameWhen(seen, from) ? to : seen), change.seen) };
	}

	#show(slot: string, to: When) {
		this.moved = { ...this.moved, [slot]: to };
	}

	async #settle(answer: DraftAnswer, changes: readonly Change[], title: string): Promise<DraftAnswer> {
		if (answer.status === 'ok') this.announcement = m.agenda_builder_title_saved({ title });
		else this.refused = { answer, changes, title };
		if (answer.status !== 'lost') await reload();
		this.saving -= 1;
		if (this.saving === 0 && !this.#nudged) this.moved = {};
		return answer;
	}
}

function savedBy(changes: readonly Change[]): Saved[] {
	const at = performance.now();
	return changes.flatMap((change) =>
		'slot' in change && !('remove' in change) ? [{ slot: change.slot, from: change.seen, to: whenOf(change), at }] : []
	);
}

const whenOf = ({ start, end, rooms }: When): When => ({ start, end, rooms: [...rooms] });

async function send(action: string, fields: Record<string, string>): Promise<DraftAnswer> {
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.set(name, value);
	try {
		const response = await postAction(action, body);
		const result = deserialize<{ answer: DraftAnswer }, { answer: DraftAnswer }>(await response.text());
		if ((result.type === 'success' || result.type === 'failure') && result.data) return result.data.answer;
		return { status: result.type === 'redirect' ? 'not_allowed' : 'lost' };
	} catch {
		return { status: 'lost' };
	}
}
