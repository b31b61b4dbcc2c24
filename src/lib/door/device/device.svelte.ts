import { changesPresence, longestCode, type DoorDirection, type DoorVerdict } from '#lib/door/answer.ts';
import type { Checkpoint } from '#lib/door/checkpoint.ts';
import { isoTime } from './keys.ts';
import { DoorClient, NoAnswer, postJson, SignedOut } from './client.ts';
import { DoorMemory, type DoorPlace, type DeviceCredentials } from './memory.ts';
import type { DeviceStatus, SyncAnswer, QueuedScan } from './messages.ts';

/** The state of the device: `setup` waits to be enrolled. */
type DevicePhase = 'starting' | 'setup' | 'ready' | 'shut_out' | 'expired';

const batch = 100;
const heartbeatMs = 15_000;
const refresh = 60_000;

/** A device at the door: asks the server, and uses its offline list when there is no answer. */
export class DoorDevice {
	phase = $state<DevicePhase>('starting');
	checkpoint = $state.raw<Checkpoint | null>(null);
	direction = $state<DoorDirection>('in');
	/** The last answer, and its time by the monotonic clock. */
	shown = $state.raw<{ verdict: DoorVerdict; at: number } | null>(null);
	/** How many badges this page has read. */
	answered = $state(0);
	online = $state(true);
	signedOut = $state(false);
	keeps = $state(true);
	waiting = $state(0);
	/** How many of the waiting scans are on this page alone. */
	loose = $state(0);
	inside = $state(0);
	/** How far the device's clock is off, in milliseconds, as last measured. */
	offset = $state(0);
	/** Whether that measurement still holds for this clock. */
	sure = $state(true);
	/** The device's corrected time, in milliseconds, at the last tick. */
	moment = $state(0);
	/** When the list was downloaded, in milliseconds, by the site's clock. */
	listed = $state<number | null>(null);
	undone = $state<'undone' | 'too_late' | null>(null);

	readonly #memory: DoorMemory;
	readonly #base: string;
	readonly #version: string;
	#own: DeviceCredentials | null = null;
	#line: DoorClient | null = null;
	#tag: string | null = null;
	#batteryPercent: number | null = null;
	#turn: Promise<unknown> = Promise.resolve();
	#isSending = false;
	#timer: ReturnType<typeof setInterval> | undefined;
	readonly #back = () => void this.sendHeartbeat();
	readonly #stay = (event: BeforeUnloadEvent) => this.loose > 0 && event.preventDefault();

	constructor(place: DoorPlace, base: string) {
		this.#memory = new DoorMemory(place);
		this.#base = base;
		this.#version = place.version;
	}

	/** Restores what this browser stores of the device. */
	async start(): Promise<void> {
		this.#own = await this.#memory.open();
		this.checkpoint = this.#memory.list?.snapshot.checkpoint ?? null;
		await this.#updateState();
		if (!this.#own) return void (this.phase = 'setup');
		if (this.#memory.list?.isOver(this.#memory.now())) {
			if (this.waiting === 0) return this.#end('expired');
			await this.#memory.dropList();
		}
		this.#begin(this.#own);
		void this.sendHeartbeat();
	}

	#begin(own: DeviceCredentials) {
		this.#line = new DoorClient(this.#base, own.key);
		this.phase = 'ready';
		this.#timer ??= setInterval(this.#back, heartbeatMs);
		addEventListener('online', this.#back);
		addEventListener('beforeunload', this.#stay);
		void this.#watchCharge();
	}

	/** Stops timers and closes the store. */
	stop(): void {
		this.#rest();
		this.#memory.close();
	}

	#rest() {
		clearInterval(this.#timer);
		this.#timer = undefined;
		removeEventListener('online', this.#back);
		removeEventListener('beforeunload', this.#stay);
	}

	async #updateState() {
		const { keeps, list, listed } = this.#memory;
		this.keeps = keeps;
		this.offset = this.#memory.clock.offset;
		this.sure = this.#memory.clock.sure;
		this.moment = this.#memory.now();
		this.listed = listed;
		if (list) this.inside = list.inside;
		this.waiting = await this.#memory.waiting.count();
		this.loose = this.#memory.waiting.loose;
	}

	/** Enrols at a checkpoint; false when that failed. */
	async enrol(checkpoint: Checkpoint, name: string): Promise<boolean> {
		const { id, key } = (await postJson(`${this.#base}/device`, { checkpoint: checkpoint.id, name })) ?? {};
		if (typeof id !== 'string' || typeof key !== 'string') return false;
		this.#own = { id, key };
		await this.#memory.keepOwn(this.#own);
		this.checkpoint = checkpoint;
		this.#begin(this.#own);
		await this.sendHeartbeat();
		return true;
	}

	/** Moves to another checkpoint. */
	async move(checkpoint: Checkpoint): Promise<boolean> {
		if (!(await postJson(`${this.#base}/device`, { device: this.#own?.id, checkpoint: checkpoint.id }))) return false;
		this.checkpoint = checkpoint;
		this.direction = 'in';
		this.shown = null;
		await this.#refresh(true).catch(() => (this.online = false));
		return true;
	}

	/** Reads one badge; scans that arrive faster than answers wait in a queue. */
	scan(typed: string): Promise<void> {
		const next = this.#turn.then(() => this.#scan(typed.trim().slice(0, longestCode)));
		this.#turn = next.catch(() => undefined);
		return next;
	}

	async #scan(typed: string): Promise<void> {
		const id = crypto.randomUUID();
		const { direction } = this;
		this.undone = null;
		const verdict = (await this.#asked(id, typed, direction)) ?? (await this.#memory.answer(id, typed, direction));
		if (this.phase !== 'ready') return;
		await this.#updateState();
		this.shown = { verdict, at: performance.now() };
		this.answered += 1;
	}

	// Null: no answer, and the list decides.
	async #asked(id: string, typed: string, direction: DoorDirection): Promise<DoorVerdict | null> {
		if (!navigator.onLine) this.online = false;
		if (!this.online || !this.#line) return null;
		try {
			const scan = { id, code: typed, direction, at: isoTime(), offset: this.#memory.clock.offset };
			const answer = await this.#line.scan(scan);
			this.signedOut = false;
			if (answer.status !== 'ok') {
				await this.#refused(answer.status);
				return null;
			}
			const { verdict } = answer;
			if (changesPresence(verdict.answer, direction)) await this.#memory.noteScan(typed, direction);
			return verdict;
		} catch (lost) {
			this.#missed(lost);
			return null;
		}
	}

	#missed(lost: unknown) {
		if (lost instanceof SignedOut) this.signedOut = true;
		else if (lost instanceof NoAnswer) this.online = false;
		else throw lost;
	}

	/** A person confirmed the time: this device uses its own clock until the next measurement. */
	async trustClock(): Promise<void> {
		this.#memory.clock.trust();
		await this.#memory.keepSince();
		await this.#updateState();
	}

	/** Undoes the last scan. */
	async undo(): Promise<void> {
		const scan = this.shown?.verdict.scan ?? '';
		const late = performance.now() - (this.shown?.at ?? 0) > 60_000;
		const done =
			!late && ((await this.#memory.undo(scan)) || (await postJson(`${this.#base}/undo`, { scan })) !== null);
		if (done) this.shown = null;
		this.undone = done ? 'undone' : 'too_late';
		if (done) await this.sendHeartbeat();
		await this.#updateState();
	}

	/** Sends waiting scans and receives what is new. */
	async sendHeartbeat(): Promise<void> {
		if (this.#isSending || this.phase !== 'ready' || !this.#line) return;
		this.#isSending = true;
		try {
			if (!this.keeps) await this.#memory.settle();
			await this.#updateState();
			// A clock that may have been set is measured first: then the scans are sent with corrected times.
			let asks = !this.sure && this.waiting > 0;
			for (;;) {
				const scans = asks ? [] : await this.#memory.waiting.first(batch);
				const sent = performance.now();
				const answer = await this.#line.sync({
					now: isoTime(),
					queued: this.waiting,
					battery_percent: this.#batteryPercent,
					version: this.#version,
					after: this.#memory.cursor,
					scans
				});
				await this.#onSynced(answer, scans, sent);
				if (this.phase !== 'ready' || this.signedOut || (!asks && scans.length < batch)) break;
				asks = false;
			}
			if (this.phase === 'ready') await this.#refresh();
		} catch (lost) {
			this.#missed(lost);
		} finally {
			this.#isSending = false;
		}
	}

	async #onSynced(answer: SyncAnswer, scans: QueuedScan[], sent: number) {
		this.online = true;
		this.signedOut = false;
		// A scan that was undone while it was sent is sent once more.
		const held = await Promise.all(scans.map(({ id }) => this.#memory.waiting.find(id)));
		const taken = 'taken' in answer ? answer.taken : {};
		const done = scans.filter(({ id, undone }, at) => taken[id] && undone === held[at]?.undone);
		await this.#memory.waiting.drop(done.map(({ id }) => id));
		if (answer.status !== 'ok') {
			await this.#updateState();
			// Waiting scans count after the day, too: the key is deleted when none is left.
			return answer.status === 'expired' && this.waiting > 0 ? undefined : this.#refused(answer.status);
		}
		this.#memory.cursor = answer.cursor;
		for (const [hash, since] of answer.changes) this.#memory.note(hash, since);
		// The server wrote its time halfway through the round trip.
		const way = (performance.now() - sent) / 2;
		await this.#memory.setClockOffset(Math.round(Date.parse(answer.now) + way - Date.now()));
		await this.#updateState();
		this.inside = answer.inside;
		const moved = answer.checkpoint.id !== this.#memory.list?.snapshot.checkpoint.id;
		this.checkpoint = answer.checkpoint;
		if (moved) await this.#refresh(true);
	}

	async #refresh(must = false) {
		if (!must && this.#memory.list && Math.abs(this.#memory.now() - (this.#memory.listed ?? 0)) < refresh) return;
		const found = await this.#line?.snapshot(must ? null : this.#tag);
		if (!found) {
			this.#memory.listed = this.#memory.now();
			return this.#updateState();
		}
		if (found.sent.status !== 'ok') return this.#refused(found.sent.status);
		this.#tag = found.tag;
		await this.#memory.takeList(found.sent);
		await this.#updateState();
	}

	async #refused(status: DeviceStatus) {
		if (status === 'shut_out' || status === 'expired') await this.#end(status);
		else if (status === 'unknown') await this.#end('setup');
		else this.signedOut = true;
	}

	async #end(phase: DevicePhase) {
		this.#rest();
		this.#line = this.#own = null;
		this.shown = null;
		await this.#memory.wipe();
		this.phase = phase;
	}

	async #watchCharge() {
		const battery = await (navigator as { getBattery?: () => Promise<{ level: number }> })
			.getBattery?.()
			.catch(() => null);
		this.#batteryPercent = battery ? Math.round(battery.level * 100) : null;
	}
}
