import type { Track } from 'livekit-client';

/** The property of a LiveKit track that the mix needs. */
export type MixableTrack = Pick<Track, 'mediaStreamTrack'>;

/**
 * A remote track as an input of Web Audio. Chromium provides the samples of a remote track only while an element plays it: each track has
 * its own muted element, and its node is created once that plays.
 */
export class RemoteInput {
	readonly media: MediaStreamTrack;
	readonly #player = new Audio();
	#node: MediaStreamAudioSourceNode | null = null;
	#isDropped = false;

	constructor(track: MixableTrack, target: AudioNode) {
		this.media = track.mediaStreamTrack;
		this.#player.muted = true;
		this.#player.srcObject = new MediaStream([this.media]);
		const connect = () => {
			if (this.#isDropped || this.#node) return;
			this.#node = (target.context as AudioContext).createMediaStreamSource(new MediaStream([this.media]));
			this.#node.connect(target);
		};
		this.#player.addEventListener('playing', connect, { once: true });
		// The sound watch reports a page that is not allowed to play.
		void this.#player.play().catch(() => undefined);
	}

	/** Ends it. */
	drop(): void {
		this.#isDropped = true;
		this.#node?.disconnect();
		this.#player.pause();
		this.#player.srcObject = null;
	}
}

/**
 * An output for a recorder. Without an input it would give no samples at all, and the recorder would skip that time: all later
 * audio would be too early.
 */
export function steadyOutput(audio: AudioContext): MediaStreamAudioDestinationNode {
	const output = audio.createMediaStreamDestination();
	const silence = new ConstantSourceNode(audio, { offset: 0 });
	silence.connect(output);
	silence.start();
	return output;
}

// A window as long as the interval between two measurements, without a gap. Samples.
const span = 32_768;

/** Several remote tracks as one audio track. */
export class AudioMix {
	readonly #audio = new AudioContext();
	readonly #mix = steadyOutput(this.#audio);
	readonly #meter = new AnalyserNode(this.#audio, { fftSize: span });
	readonly #samples = new Float32Array(span);
	readonly #inputs = new Map<MixableTrack, RemoteInput>();

	/** `isAudible`: the page itself plays audio. */
	constructor(isAudible = false) {
		this.#meter.connect(isAudible ? this.#audio.destination : this.#mix);
	}

	/** The mixed track. */
	get stream(): MediaStream {
		return this.#mix.stream;
	}

	/** Everything that is mixed, for another mix of the same context. */
	get output(): AudioNode {
		return this.#meter;
	}

	/** Mixes these tracks, and no others. */
	setTracks(tracks: readonly MixableTrack[]): void {
		for (const [track, { media }] of this.#inputs)
			if (!tracks.includes(track) || media !== track.mediaStreamTrack) this.#drop(track);
		for (const track of tracks)
			if (!this.#inputs.has(track)) this.#inputs.set(track, new RemoteInput(track, this.#meter));
	}

	/** Rebuilds the audio path of each track. */
	renew(): void {
		const tracks = [...this.#inputs.keys()];
		this.setTracks([]);
		this.setTracks(tracks);
	}

	/** The loudest sample of the last 0.7 seconds, 0 to 1. */
	peak(): number {
		this.#meter.getFloatTimeDomainData(this.#samples);
		return this.#samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
	}

	/** Stops it. */
	async close(): Promise<void> {
		this.setTracks([]);
		await this.#audio.close();
	}

	#drop(track: MixableTrack): void {
		this.#inputs.get(track)?.drop();
		this.#inputs.delete(track);
	}
}
