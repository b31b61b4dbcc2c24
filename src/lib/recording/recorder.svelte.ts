import { m } from '#lib/i18n/messages.ts';
import { arrange, type Tile } from '#lib/stage/arrangement.ts';
import type { StageConnection } from '#lib/stage/connection.svelte.ts';
import { Composer, type ComposerSource } from './composing.ts';
import { LanguageRecording, type SendLanguage } from './language-recording.ts';
import { layOut, type TileBox } from './layout.ts';
import type { RecorderView } from './recording.ts';
import { PieceQueue, type PieceAnswer } from './sending.ts';
import { SoundWatch } from './sound-watch.ts';

// Chromium's MediaRecorder writes it everywhere; H.264 depends on the build.
const format = 'video/webm;codecs=vp8,opus';
const pieceEvery = 2000;
// A trimmed recording begins with a key frame, and so does what a viewer goes to. Milliseconds.
const keyFrameEvery = 4000;

/** The routes of one recorder. */
interface RecorderApi {
	view: () => Promise<RecorderView | null>;
	/** The number of a new part, or null when nothing is to be recorded. */
	begin: () => Promise<number | null>;
	send: (part: number, number: number, piece: Blob) => Promise<PieceAnswer>;
	end: (part: number) => Promise<void>;
	/** Sends a piece of the sound of a language. */
	sendLanguage: SendLanguage;
	/** Reports whether the recording has audio: people speak, and it is silent. */
	noteSound: (isLost: boolean) => Promise<void>;
}

interface Part {
	number: number;
	recorder: MediaRecorder;
	sending: PieceQueue;
	stopped: Promise<void>;
}

/** Records a run from a hidden page: follows the server's instruction each second, part by part. */
export class Recorder {
	view = $state.raw<RecorderView | null>(null);
	/** Its key is no longer valid. */
	isOver = $state(false);
	readonly #connection: StageConnection;
	readonly #wire: RecorderApi;
	readonly #isWatched: boolean;
	#composer: Composer | undefined;
	#part: Part | undefined;
	#languages: LanguageRecording | undefined;
	#signalled = '';
	readonly #watch = new SoundWatch();
	// The last audio state that was reported to the server.
	#reportedLost = false;

	/** `isWatched`: LiveKit Egress records this page, which then only draws and plays. */
	constructor(connection: StageConnection, wire: RecorderApi, isWatched = false) {
		this.#connection = connection;
		this.#wire = wire;
		this.#isWatched = isWatched;
	}

	/** What is drawn now, and where. In a pause Egress goes on: it gets an empty picture. */
	readonly places: TileBox[] = $derived.by(() => {
		if (!this.view?.due) return [];
		const { sending, speaking, lead } = this.#connection.receiving;
		const { on_stage, staged, slides, poll, signing } = this.view;
		const beside = { hasSlide: slides !== null, hasPoll: poll !== null, signing };
		const arranged = arrange(on_stage, sending, speaking, lead, staged, beside);
		return layOut(arranged, arranged.signs.map(signerTile));
	});

	/** Draws on a canvas, from the elements that play the video. */
	draw(canvas: HTMLCanvasElement, source: Omit<ComposerSource, 'places' | 'isAudible'>): void {
		this.#composer = new Composer(canvas, { ...source, places: () => this.places, isAudible: this.#isWatched });
		// Egress records the page as it is heard: the original.
		if (!this.#isWatched) this.#languages = new LanguageRecording(this.#composer.sound.output, this.#wire.sendLanguage);
	}

	/** Mixes the audio of those who are on stage and have consented. */
	mixOnStage(): void {
		const { receiving } = this.#connection;
		this.#composer?.sound.setTracks(
			(this.view?.on_stage ?? [])
				.flatMap(({ identity }) => [
					receiving.trackOf(identity, 'microphone'),
					receiving.trackOf(identity, 'screen_sound')
				])
				.filter((track) => track !== null)
		);
	}

	/** Mixes the sound of each language: its interpreter on air who has consented, else the original. */
	mixBooths(): void {
		const { receiving } = this.#connection;
		this.#languages?.follow(
			(this.view?.booths ?? []).map(({ language, identity }) => ({
				language,
				identity,
				voice: identity && !receiving.lost.has(identity) ? receiving.trackOf(identity, 'microphone') : null
			}))
		);
	}

	/** Requests the instruction and follows it. Call it each second. */
	async follow(): Promise<void> {
		const view = await this.#wire.view().catch((error: unknown) => {
			// Somebody else may be on air, or may have withdrawn their consent.
			this.#languages?.follow([]);
			throw error;
		});
		this.view = view;
		this.#connection.receiving.choose({
			level: 'hd',
			onStage: view?.on_stage.map(({ identity }) => identity) ?? [],
			pinned: view?.signing ?? [],
			languages: {
				played: this.#isWatched ? [] : (view?.booths ?? []).flatMap(({ identity }) => identity ?? []),
				floor: 1
			}
		});
		if (view?.due) {
			if (
				this.#connection.phase === 'idle' ||
				this.#connection.phase === 'refused' ||
				this.#connection.phase === 'over'
			)
				await this.#connection.join();
			if (this.#connection.phase === 'joined')
				await (this.#isWatched ? this.#signal('START_RECORDING') : this.#begin());
			await this.#listen();
			return;
		}
		this.#watch.reset();
		this.#reportedLost = false;
		await this.#end();
		await this.#connection.leave();
		this.isOver = view === null;
		if (this.isOver && this.#isWatched) this.#signal('END_RECORDING');
	}

	// Silence while a person speaks: the audio path is rebuilt, and if that does not help the hosts are warned.
	async #listen(): Promise<void> {
		const composer = this.#composer;
		const speaks = this.#connection.receiving.speaking.length > 0;
		if (!composer || this.#connection.phase !== 'joined') return;
		const { renews, isLost } = this.#watch.judge(speaks, composer.sound.peak());
		if (renews) composer.sound.renew();
		if (isLost === this.#reportedLost) return;
		await this.#wire.noteSound(isLost);
		this.#reportedLost = isLost;
	}

	// Egress reads the console.
	#signal(word: 'START_RECORDING' | 'END_RECORDING') {
		if (this.#signalled === word) return;
		this.#signalled = word;
		console.log(word);
	}

	async #begin(): Promise<void> {
		if (this.#part?.sending.isOver) await this.#end();
		if (this.#part || !this.#composer) return;
		const number = await this.#wire.begin();
		if (number === null) return;
		const options: MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } = {
			mimeType: format,
			videoBitsPerSecond: 1_200_000,
			audioBitsPerSecond: 96_000,
			videoKeyFrameIntervalDuration: keyFrameEvery
		};
		const recorder = new MediaRecorder(this.#composer.stream, options);
		const sending = new PieceQueue((piece, bytes) => this.#wire.send(number, piece, bytes));
		recorder.ondataavailable = ({ data }) => data.size > 0 && sending.add(data);
		const stopped = new Promise<void>((done) => (recorder.onstop = () => done()));
		recorder.start(pieceEvery);
		this.#part = { number, recorder, sending, stopped };
		this.#languages?.begin(number);
	}

	async #end(): Promise<void> {
		const part = this.#part;
		this.#part = undefined;
		if (!part) return;
		if (part.recorder.state !== 'inactive') part.recorder.stop();
		// The picture waits for no language.
		void this.#languages?.end();
		await part.stopped;
		await part.sending.settled();
		await this.#wire.end(part.number).catch(() => undefined);
	}
}

// In their own place, with their function instead of a name.
function signerTile(identity: string): Tile {
	return {
		key: `${identity} sign`,
		kind: 'camera',
		audioOn: null,
		isSpeaking: false,
		person: {
			identity,
			code: '',
			display_name: m.stage_run_sign_language(),
			office: '',
			affiliation: '',
			country: null,
			role: 'interpreter'
		}
	};
}
