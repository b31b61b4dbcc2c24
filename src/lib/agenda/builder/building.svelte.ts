import { deserialize } from '$app/forms';
import { invalidateAll } from '$app/navigation';
import type { Answer, BoardEntry, Change, When } from './builder.ts';

/** A change that was not saved, so that the organiser sees both and chooses. */
export interface Refused {
	answer: Answer;
	changes: readonly Change[];
	title: string;
}

/** Saves each change of the board as it is made; what was refused stands until the organiser has chosen. */
export class Building {
	refused = $state<Refused | null>(null);
	/** What was done, to be said aloud. */
	said = $state('');
	saving = $state(0);
	/** Times as they were moved here and are not read back yet. */
	moved = $state.raw<Readonly<Record<string, When>>>({});
	#queue: Promise<unknown> = Promise.resolve();
	/** Times that were saved here and are not read back yet: of the next change of the same it is what was seen. */
	#saved: Readonly<Record<string, When>> = {};
	#later: ReturnType<typeof setTimeout> | undefined;
	#nudged: { slot: string; title: string; seen: When } | null = null;

	/** Saves; one after the other, as they were made. */
	save(changes: readonly Change[], title: string): Promise<Answer> {
		for (const change of changes)
			if ('slot' in change && !('remove' in change)) this.#show(change.slot, whenOf(change));
		this.refused = null;
		this.saving += 1;
		const work = this.#queue.then(() => send('?/place', { changes: JSON.stringify(this.#seeing(changes)) }));
		this.#queue = work;
		return work.then((answer) => this.#settle(answer, changes, title));
	}

	/** Undoes the last of one's own changes, or does it again. */
	async step(forward: boolean): Promise<void> {
		this.flush();
		this.saving += 1;
		const work = this.#queue.then(() => {
			this.#saved = {};
			return send(forward ? '?/redo' : '?/undo', {});
		});
		this.#queue = work;
		await this.#settle(await work, [], forward ? 'Done again' : 'Undone');
	}

	/** Moves by keyboard: seen at once, saved when the keys rest. */
	nudge(entry: BoardEntry, to: When, title: string): void {
		const { slot } = entry.placement;
		if (this.#nudged && this.#nudged.slot !== slot) this.flush();
		this.#nudged ??= { slot, title, seen: whenOf(entry.placement) };
		this.#show(slot, to);
		clearTimeout(this.#later);
		this.#later = setTimeout(() => this.flush(), 600);
	}

	/** Saves what the keys have moved. */
	flush(): void {
		clearTimeout(this.#later);
		if (!this.#nudged) return;
		const { slot, title, seen } = this.#nudged;
		const to = this.moved[slot];
		this.#nudged = null;
		if (to) void this.save([{ slot, seen, ...to }], title);
	}

	/** Where an entry stands, with what was moved here. */
	at(entry: BoardEntry): BoardEntry {
		const to = this.moved[entry.placement.slot];
		if (!to) return entry;
		const placement = { ...entry.placement, ...to };
		return { ...entry, placement, start: Date.parse(to.start), end: Date.parse(to.end) };
	}

	// Made before one's own last change was read back: nobody else moved it.
	#seeing(changes: readonly Change[]): Change[] {
		return changes.map((change) => {
			const saved = 'slot' in change ? this.#saved[change.slot] : undefined;
			return saved && 'slot' in change ? { ...change, seen: saved } : change;
		});
	}

	#show(slot: string, to: When) {
		this.moved = { ...this.moved, [slot]: to };
	}

	async #settle(answer: Answer, changes: readonly Change[], title: string): Promise<Answer> {
		const saved = changes.flatMap((change) =>
			'slot' in change && !('remove' in change) ? [[change.slot, whenOf(change)] as const] : []
		);
		if (answer.status === 'ok') {
			this.said = `${title}: saved`;
			this.#saved = { ...this.#saved, ...Object.fromEntries(saved) };
		} else this.refused = { answer, changes, title };
		if (answer.status !== 'lost') await invalidateAll();
		const readBack = saved.map(([, when]) => when);
		this.#saved = Object.fromEntries(Object.entries(this.#saved).filter(([, when]) => !readBack.includes(when)));
		this.saving -= 1;
		if (this.saving === 0 && !this.#nudged) this.moved = {};
		return answer;
	}
}

const whenOf = ({ start, end, rooms }: When): When => ({ start, end, rooms: [...rooms] });

async function send(action: string, fields: Record<string, string>): Promise<Answer> {
	const body = new FormData();
	for (const [name, value] of Object.entries(fields)) body.set(name, value);
	try {
		const response = await fetch(action, { method: 'POST', body, headers: { 'x-sveltekit-action': 'true' } });
		const result = deserialize<{ answer: Answer }, { answer: Answer }>(await response.text());
		if ((result.type === 'success' || result.type === 'failure') && result.data) return result.data.answer;
		return { status: result.type === 'redirect' ? 'not_allowed' : 'lost' };
	} catch {
		return { status: 'lost' };
	}
}
