import type { Track } from 'livekit-client';

/** The property of a LiveKit track that the mix needs. */
export type MixableTrack = Pick<Track, 'mediaStreamTrack'>;

interface Input {
	readonly media: MediaStreamTrack;
	readonly player: HTMLAudioElement;
	node: MediaStreamAudioSourceNode | null;
}

// A window as long as the interval between two measurements, without a gap. Samples.
const span = 32_768;

/**
 * Several remote tracks as one audio track. Chromium provides the samples of a remote track to Web Audio only while an element plays it:
 * each track has its own muted element, and its node is created once that plays.
 */
export class AudioMix {
	readonly #audio = new AudioContext();
	readonly #mix = this.#audio.createMediaStreamDestination();
	readonly #meter = new AnalyserNode(this.#audio, { fftSize: span });
	readonly #samples = new Float32Array(span);
	readonly #inputs = new Map<MixableTrack, Input>();

	/** `isAudible`: the page itself plays audio. */
	constructor(isAudible = false) {
		// Without an input the mix gives no samples at all, and a recorder would skip that time: all later audio would be too early.
		const silence = new ConstantSourceNode(this.#audio, { offset: 0 });
		silence.connect(this.#mix);
		silence.start();
		this.#meter.connect(isAudible ? this.#audio.destination : this.#mix);
	}

	/** The mixed track. */
	get stream(): MediaStream {
		return this.#mix.stream;
	}

	/** Mixes these tracks, and no others. */
	setTracks(tracks: readonly MixableTrack[]): void {
		for (const [track, { media }] of this.#inputs)
			if (!tracks.includes(track) || media !== track.mediaStreamTrack) this.#drop(track);
		for (const track of tracks) if (!this.#inputs.has(track)) this.#add(track);
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

	#add(track: MixableTrack): void {
		const media = track.mediaStreamTrack;
		const player = new Audio();
		const input: Input = { media, player, node: null };
		this.#inputs.set(track, input);
		player.muted = true;
		player.srcObject = new MediaStream([media]);
		const connect = () => {
			if (this.#inputs.get(track) !== input || input.node) return;
			input.node = this.#audio.createMediaStreamSource(new MediaStream([media]));
			input.node.connect(this.#meter);
		};
		player.addEventListener('playing', connect, { once: true });
		// The sound watch reports a page that is not allowed to play.
		void player.play().catch(() => undefined);
	}

	#drop(track: MixableTrack): void {
		const input = this.#inputs.get(track);
		this.#inputs.delete(track);
		input?.node?.disconnect();
		input?.player.pause();
		if (input) input.player.srcObject = null;
	}
}
