import type { ConnectionQuality, RemoteAudioTrack, Room } from 'livekit-client';
import { SvelteMap } from 'svelte/reactivity';
import { StageConnection } from './connection.svelte.ts';
import type { Engine } from './engine.ts';
import type { Pass } from './stage.ts';

/** How good somebody's line is, as LiveKit finds it. */
export type LineQuality = 'good' | 'poor' | 'lost';

const every = 700;
// Under this a microphone hears a room, and nobody in it.
const quiet = 0.005;

/** Sound of a track until a moment: energy, and the seconds that it lasted. */
interface Sound {
	energy: number;
	seconds: number;
}

/** A desk's ear in one run: how loud each of those on stage is and how good their line, and by wish their sound. No picture is fetched. */
export class Overhearing {
	/** 0 to 1, of each identity whose sound comes. */
	readonly levels = new SvelteMap<string, number>();
	readonly lines = new SvelteMap<string, LineQuality>();
	/** When somebody was last heard, or the ear began to listen; milliseconds, null while it does not. */
	heardAt = $state<number | null>(null);
	readonly connection: StageConnection;
	readonly #before = new SvelteMap<string, Sound>();
	#timer: ReturnType<typeof setInterval> | undefined;

	constructor(ask: () => Promise<Pass>) {
		this.connection = new StageConnection({
			given: () => null,
			ask,
			onroom: (engine, room) => this.#watch(engine, room)
		});
		// No line is ever good enough for pictures here.
		this.connection.line.chosen = 'audio';
		this.connection.receiving.choose({ rung: 'audio' });
	}

	/** Listens to these from now on; to nobody: it goes. */
	follow(identities: readonly string[]): void {
		const { connection } = this;
		connection.receiving.choose({ rung: 'audio', onStage: identities });
		const isOut = ['idle', 'refused', 'over'].includes(connection.phase);
		if (identities.length > 0 && isOut) void connection.join();
		if (identities.length === 0 && !isOut) void this.leave();
	}

	/** Goes, and forgets what it heard. */
	async leave(): Promise<void> {
		this.#forget();
		await this.connection.leave();
	}

	#forget() {
		clearInterval(this.#timer);
		this.#before.clear();
		this.levels.clear();
		this.lines.clear();
		this.heardAt = null;
	}

	#watch(engine: Engine, room: Room) {
		const { RoomEvent, ConnectionQuality: quality } = engine;
		const words: Partial<Record<ConnectionQuality, LineQuality>> = {
			[quality.Excellent]: 'good',
			[quality.Good]: 'good',
			[quality.Poor]: 'poor',
			[quality.Lost]: 'lost'
		};
		this.#forget();
		room.once(RoomEvent.Connected, () => {
			this.heardAt = Date.now();
			this.#timer = setInterval(() => void this.#measure(), every);
		});
		room.on(RoomEvent.ConnectionQualityChanged, (found, { identity }) => {
			const word = words[found];
			if (word) this.lines.set(identity, word);
			else this.lines.delete(identity);
		});
		room.on(RoomEvent.ParticipantDisconnected, ({ identity }) => {
			this.levels.delete(identity);
			this.lines.delete(identity);
		});
		room.on(RoomEvent.Disconnected, () => this.#forget());
	}

	// LiveKit names speakers only, and late: what is loud is read from what arrives.
	async #measure(): Promise<void> {
		for (const identity of this.connection.receiving.choice.onStage ?? []) {
			const track = this.connection.receiving.trackOf(identity, 'microphone') as RemoteAudioTrack | null;
			const now = await soundOf(track);
			const before = this.#before.get(identity);
			if (now) this.#before.set(identity, now);
			else this.#before.delete(identity);
			const level = loudness(before, now);
			if (this.heardAt === null) return;
			this.levels.set(identity, level);
			if (level > quiet) this.heardAt = Date.now();
		}
	}
}

async function soundOf(track: RemoteAudioTrack | null): Promise<Sound | null> {
	let sound: Sound | null = null;
	(await track?.receiver?.getStats())?.forEach(
		(report: { type: string; totalAudioEnergy?: number; totalSamplesDuration?: number }) => {
			if (report.type === 'inbound-rtp')
				sound = { energy: report.totalAudioEnergy ?? 0, seconds: report.totalSamplesDuration ?? 0 };
		}
	);
	return sound;
}

/** The mean loudness between two looks, 0 to 1; a track that began anew counts from its next look. */
function loudness(before: Sound | undefined, now: Sound | null): number {
	if (!before || !now || now.seconds <= before.seconds) return 0;
	return Math.sqrt(Math.max(0, now.energy - before.energy) / (now.seconds - before.seconds));
}
