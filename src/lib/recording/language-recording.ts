import { defaultListening, pauseMs } from '#lib/interpretation/choosing.ts';
import { RemoteInput, steadyOutput, type MixableTrack } from './mixing.ts';
import { PieceQueue, type PieceAnswer } from './sending.ts';

/** A spoken booth at this moment: who is on air and may be recorded, and their sound while their microphone is on. */
export interface BoothSound {
	language: string;
	identity: string | null;
	voice: MixableTrack | null;
}

/** Sends a piece; `starts`: when in the part the first piece begins, in milliseconds. Throws without an answer. */
export type SendLanguage = (
	piece: { part: number; language: string; number: number; starts: number },
	bytes: Blob
) => Promise<PieceAnswer>;

const format = { mimeType: 'audio/webm;codecs=opus', audioBitsPerSecond: 40_000 };
const pieceEvery = 5000;
// Five minutes without an answer: the language is given up for this part, before its pieces fill the memory.
const mostWaiting = 60;
const settleMs = 6000;

/** The sound of one language, as listeners on the stage hear it: the interpreter over the quiet original, or the original. */
class LanguageMix {
	readonly #out: MediaStreamAudioDestinationNode;
	readonly #original: GainNode;
	#identity: string | null = null;
	#input: RemoteInput | null = null;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(original: AudioNode) {
		const audio = original.context as AudioContext;
		this.#out = steadyOutput(audio);
		this.#original = new GainNode(audio, { gain: 1 });
		original.connect(this.#original).connect(this.#out);
	}

	get stream(): MediaStream {
		return this.#out.stream;
	}

	/** Somebody is on air with this sound; null while their microphone is off. Who is not named is not heard from now on. */
	set(identity: string | null, voice: MixableTrack | null): void {
		if (identity !== this.#identity || (voice && voice.mediaStreamTrack !== this.#input?.media)) {
			this.#input?.drop();
			this.#input = voice && new RemoteInput(voice, this.#out);
			this.#identity = identity;
		}
		clearTimeout(this.#timer);
		this.#timer = undefined;
		if (voice) this.#level(defaultListening.floor);
		else if (identity === null) this.#level(1);
		else this.#timer = setTimeout(() => this.#level(1), pauseMs);
	}

	#level(value: number): void {
		this.#original.gain.setTargetAtTime(value, this.#original.context.currentTime, 0.05);
	}
}

interface Running {
	recorder: MediaRecorder;
	sending: PieceQueue;
	stopped: Promise<void>;
}

/**
 * Records the sound of each language beside the picture, part by part. Nothing that fails here reaches the picture: a language
 * that fails is not recorded until the next part, and the joined file shows that it has a gap.
 */
export class LanguageRecording {
	readonly #original: AudioNode;
	readonly #send: SendLanguage;
	readonly #mixes = new Map<string, LanguageMix>();
	#part: { number: number; began: number; running: Map<string, Running | null> } | null = null;

	/** `original`: everything of the stage, in the audio context of the page. */
	constructor(original: AudioNode, send: SendLanguage) {
		this.#original = original;
		this.#send = send;
	}

	/** Brings the languages in line with the booths: those that are not listed have the original. */
	follow(booths: readonly BoothSound[]): void {
		this.#guard(() => {
			for (const { language } of booths)
				if (!this.#mixes.has(language)) this.#mixes.set(language, new LanguageMix(this.#original));
			for (const [language, mix] of this.#mixes) {
				const booth = booths.find((one) => one.language === language);
				mix.set(booth?.identity ?? null, booth?.voice ?? null);
			}
			this.#start();
		});
	}

	/** A part of the picture began at this moment. */
	begin(number: number): void {
		this.#guard(() => {
			this.#part = { number, began: performance.now(), running: new Map() };
			this.#start();
		});
	}

	/** The part has ended. Resolves when everything is sent, or after some seconds. */
	async end(): Promise<void> {
		const part = this.#part;
		this.#part = null;
		const all = [...(part?.running.values() ?? [])].filter((one) => one !== null);
		for (const { recorder } of all) this.#guard(() => recorder.state !== 'inactive' && recorder.stop());
		const sent = Promise.all(all.map(({ stopped, sending }) => stopped.then(() => sending.settled())));
		await Promise.race([sent, new Promise((done) => setTimeout(done, settleMs))]);
		for (const { sending } of all) sending.isOver = true;
	}

	#start(): void {
		const part = this.#part;
		if (!part) return;
		for (const [language, mix] of this.#mixes)
			if (!part.running.has(language)) {
				// One that fails is not tried again before the next part.
				part.running.set(language, null);
				this.#guard(() => part.running.set(language, this.#record(language, mix, part)));
			}
	}

	#record(language: string, mix: LanguageMix, part: { number: number; began: number }): Running {
		const starts = Math.max(0, Math.round(performance.now() - part.began));
		let waiting = 0;
		const sending: PieceQueue = new PieceQueue(async (number, bytes) => {
			const answer = await this.#send({ part: part.number, language, number, starts }, bytes);
			waiting -= 1;
			return answer;
		});
		const recorder = new MediaRecorder(mix.stream, format);
		recorder.ondataavailable = ({ data }) => {
			if (data.size === 0 || sending.isOver) return;
			if (++waiting > mostWaiting) {
				sending.isOver = true;
				this.#guard(() => recorder.stop());
			} else sending.add(data);
		};
		const stopped = new Promise<void>((done) => (recorder.onstop = () => done()));
		recorder.start(pieceEvery);
		return { recorder, sending, stopped };
	}

	#guard(act: () => unknown): void {
		try {
			act();
		} catch {
			// The picture goes on.
		}
	}
}
