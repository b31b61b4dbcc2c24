/* What a device knows offline: its list, the events since, and the waiting scans. */
import {
	namelessVerdict,
	changesPresence,
	isPassage,
	readDoorCode,
	verdictOfRefusal,
	type DoorDirection,
	type DoorVerdict
} from '#lib/door/answer.ts';
import { readAtDoor, type ReadingPlace } from '#lib/door/reading.ts';
import { DoorClock } from './clock.ts';
import { importKeys, isoTime } from './keys.ts';
import { DoorList, hashFor } from './list.ts';
import { openStore, type DoorStore } from './store.ts';
import type { OfflineSnapshot, QueuedScan } from './messages.ts';
import { ScanQueue } from './scan-queue.ts';

/** What the device needs of its Summit, and the public keys of badges: base64 of SPKI by id. */
export interface DoorPlace extends ReadingPlace {
	keys: Readonly<Record<string, string>>;
	version: string;
}

/** The device's id and key, received when it was enrolled. */
export interface DeviceCredentials {
	id: string;
	key: string;
}

// Since the list was downloaded: survives a reload.
interface Since {
	offset: number;
	/** When this was stored, in milliseconds, corrected. */
	at?: number;
	changes: Record<string, number | null>;
}

/** One device's memory, in this browser. */
export class DoorMemory {
	/** Scans that wait to be sent. */
	readonly waiting = new ScanQueue();
	list: DoorList | null = null;
	/** When the list was downloaded, in milliseconds, corrected. */
	listed: number | null = null;
	cursor = 0;
	readonly clock = new DoorClock();

	readonly #place: DoorPlace;
	#store: DoorStore | null = null;
	#own: DeviceCredentials | null = null;
	/** What this browser refused to store, by name. */
	readonly #refused = new Map<string, unknown>();
	#refusedScans = false;
	#since: Since = { offset: 0, changes: {} };
	#keys: Promise<Map<string, CryptoKey>> | undefined;

	constructor(place: DoorPlace) {
		this.#place = place;
	}

	/** Restores what was stored; null when the device was never enrolled. */
	async open(): Promise<DeviceCredentials | null> {
		try {
			const store = await this.#openStore();
			this.#since = (await store.get<Since>('since')) ?? this.#since;
			const held = await store.get<{ snapshot: OfflineSnapshot; at: number }>('list');
			if (held) await this.#take(held.snapshot, held.at);
			this.clock.resume(this.#since.offset, await this.#latest());
			this.#own = await store.get<DeviceCredentials>('own');
			return this.#own;
		} catch {
			return null;
		}
	}

	// A time in the past, with the present correction.
	async #latest(): Promise<number> {
		const { offset, at = 0 } = this.#since;
		const scans = await this.waiting.first(10_000);
		return Math.max(at, ...scans.filter((scan) => scan.offset === offset).map((scan) => Date.parse(scan.at) + offset));
	}

	async #openStore(): Promise<DoorStore> {
		this.#store ??= await openStore(this.#place.id);
		this.waiting.use(this.#store);
		return this.#store;
	}

	/** Whether this browser stores what it is given. */
	get keeps(): boolean {
		return this.#store !== null && this.#refused.size === 0 && !this.#refusedScans;
	}

	/** Tries again to store what was refused: there may be room now. */
	async settle(): Promise<void> {
		for (const [name, value] of [...this.#refused]) await this.#keep(name, value);
		this.#refusedScans = !(await this.waiting.settle());
	}

	close(): void {
		this.#store?.close();
	}

	/** The corrected time. */
	now(): number {
		return this.clock.now();
	}

	/** Sets the measured offset of this device's clock: it also applies to scans since the clock was uncertain. */
	async setClockOffset(offset: number): Promise<void> {
		for (const id of this.clock.setOffset(offset)) {
			const held = await this.waiting.find(id);
			if (held && held.offset !== offset) this.#refusedScans = !(await this.waiting.keep({ ...held, offset }));
		}
		await this.keepSince();
	}

	async keepOwn(own: DeviceCredentials): Promise<void> {
		this.#own = own;
		await this.#keep('own', own);
	}

	/** Stores a new list: it includes all earlier events. */
	async takeList(snapshot: OfflineSnapshot): Promise<void> {
		this.#since.changes = {};
		const at = this.now();
		await this.#keep('list', { snapshot, at });
		await this.keepSince();
		await this.#take(snapshot, at);
	}

	async #take(snapshot: OfflineSnapshot, at: number) {
		const list = new DoorList(snapshot);
		for (const [hash, since] of Object.entries(this.#since.changes)) list.note(hash, since);
		// Admitted here and not yet sent, in order: the store returns scans by their random ids.
		const made = ({ at, offset }: QueuedScan) => Date.parse(at) + offset;
		for (const scan of (await this.waiting.first(10_000)).sort((one, other) => made(one) - made(other)))
			if (changesPresence(scan.answer, scan.direction) && !scan.undone && scan.checkpoint === snapshot.checkpoint.id)
				list.note(await this.#hashOf(scan), scan.direction === 'in' ? made(scan) / 1000 : null);
		this.list = list;
		this.cursor = snapshot.cursor;
		this.listed = at;
	}

	/** A person came or went; stored by `keepSince`. */
	note(hash: string, since: number | null): void {
		this.#since.changes[hash] = since;
		this.list?.note(hash, since);
	}

	async keepSince(): Promise<void> {
		this.#since.offset = this.clock.offset;
		this.#since.at = this.now();
		await this.#keep('since', this.#since);
	}

	/** An online answer is remembered too: if the network fails now, the list knows who is inside. */
	async noteScan(typed: string, direction: DoorDirection): Promise<void> {
		const code = readDoorCode(typed);
		const named =
			code.kind === 'badge_code'
				? code.badge_code
				: await this.#badgeOf(code.text, direction).then(
						(read) => (read.ok ? read.rights.badge : null),
						() => null
					);
		if (named === null) return;
		this.note(await hashFor(this.#place.id, named), direction === 'in' ? this.now() / 1000 : null);
		await this.keepSince();
	}

	/** The answer by the list. The scan is stored before the answer is shown, on this page alone when the browser refuses. */
	async answer(id: string, typed: string, direction: DoorDirection): Promise<DoorVerdict> {
		const { list } = this;
		if (!list || list.isOver(this.now())) return namelessVerdict('no_network');
		const code = readDoorCode(typed);
		let named: { badge: string } | { badge_code: string };
		if (code.kind === 'badge_code') named = { badge_code: code.badge_code };
		else {
			// A browser without Ed25519 checks badge codes only.
			const read = await this.#badgeOf(code.text, direction).catch(() => null);
			if (!read) return namelessVerdict('no_network');
			if (!read.ok) return verdictOfRefusal(read.refusal);
			named = { badge: read.rights.badge };
		}
		const hash = await this.#hashOf(named);
		const verdict = list.answer(hash, direction, this.now());
		this.clock.note(id);
		const scan = { id, ...named, direction, at: isoTime(), offset: this.clock.offset, answer: verdict.answer };
		const by = this.#own && { device: this.#own.id };
		this.#refusedScans = !(await this.waiting.keep({ ...scan, checkpoint: list.snapshot.checkpoint.id, ...by }));
		if (!changesPresence(verdict.answer, direction)) return verdict;
		list.note(hash, direction === 'in' ? this.now() / 1000 : null);
		return isPassage(verdict.answer) ? { ...verdict, scan: id } : verdict;
	}

	async #badgeOf(text: string, direction: DoorDirection) {
		this.#keys ??= importKeys(this.#place.keys);
		return readAtDoor(text, await this.#keys, this.#place, direction, this.now());
	}

	#hashOf(named: { badge?: string; badge_code?: string }): Promise<string> {
		return hashFor(this.#place.id, named.badge ?? named.badge_code ?? '');
	}

	/** Undoes a scan that waits here; false when it does not. */
	async undo(id: string): Promise<boolean> {
		const held = await this.waiting.find(id);
		if (!held) return false;
		this.#refusedScans = !(await this.waiting.keep({ ...held, undone: true }));
		this.list?.note(await this.#hashOf(held), held.direction === 'in' ? null : this.now() / 1000);
		return true;
	}

	/** Its day has ended: deletes the list. The key stays for waiting scans. */
	async dropList(): Promise<void> {
		this.list = this.listed = null;
		await this.#keep('list', null);
	}

	/** Deletes the list and the key; waiting scans stay. */
	async wipe(): Promise<void> {
		this.list = this.listed = this.#own = null;
		this.#since.changes = {};
		this.#refused.clear();
		await this.#store?.wipe().catch(() => undefined);
	}

	async #keep(name: string, value: unknown) {
		try {
			await (await this.#openStore()).put(name, value);
			this.#refused.delete(name);
		} catch {
			this.#refused.set(name, value);
		}
	}
}
