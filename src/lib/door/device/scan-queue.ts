/* Waiting scans: in the store, and on this page alone when the browser stores no more. */
import type { DoorStore } from './store.ts';
import type { QueuedScan } from './messages.ts';

/** The waiting scans of one device. Nothing here throws: the person at the door gets an answer. */
export class ScanQueue {
	#store: DoorStore | null = null;
	/** Those that the store refused. */
	readonly #loose = new Map<string, QueuedScan>();
	/** Those that were sent and that the store could not delete. */
	readonly #sent = new Set<string>();

	/** From here on scans are stored in this store. */
	use(store: DoorStore): void {
		this.#store = store;
	}

	/** How many are on this page alone, and lost with it. */
	get loose(): number {
		return this.#loose.size;
	}

	/** False when it is on this page alone. */
	async keep(scan: QueuedScan): Promise<boolean> {
		try {
			if (!this.#store) throw new Error('nothing is kept');
			await this.#store.putScan(scan);
			this.#loose.delete(scan.id);
			return true;
		} catch {
			this.#loose.set(scan.id, scan);
			return false;
		}
	}

	async find(id: string): Promise<QueuedScan | null> {
		const held = this.#loose.get(id);
		if (held || this.#sent.has(id)) return held ?? null;
		return (await this.#store?.scan<QueuedScan>(id).catch(() => null)) ?? null;
	}

	async first(most: number): Promise<QueuedScan[]> {
		const stored = (await this.#store?.scans<QueuedScan>(most + this.#sent.size).catch(() => [])) ?? [];
		const rest = stored.filter(({ id }) => !this.#loose.has(id) && !this.#sent.has(id));
		return [...this.#loose.values(), ...rest].slice(0, most);
	}

	async count(): Promise<number> {
		const stored = (await this.#store?.ids().catch(() => [])) ?? [];
		return stored.filter((id) => !this.#loose.has(id) && !this.#sent.has(id)).length + this.#loose.size;
	}

	/** Removes scans that were sent. */
	async drop(ids: readonly string[]): Promise<void> {
		for (const id of ids) {
			this.#loose.delete(id);
			this.#sent.add(id);
		}
		try {
			await this.#store?.dropScans([...this.#sent]);
			this.#sent.clear();
		} catch {
			// Deleted again with the next ones; sent again after a reload, they count once.
		}
	}

	/** There may be room again: stores what is on this page alone. False when something still is. */
	async settle(): Promise<boolean> {
		for (const scan of [...this.#loose.values()]) if (!(await this.keep(scan))) return false;
		return true;
	}
}
