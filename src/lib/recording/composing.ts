import type { Track } from 'livekit-client';
import { fit, size, type Place } from './layout.ts';

/** Pictures a second: enough for hands and slides, half the work of a film. */
const rate = 20;
const ink = '#08111A';

/** What is drawn; each is asked for every picture. */
export interface Source {
	places: () => Place[];
	/** The element that plays a tile. */
	pictureOf: (key: string) => HTMLVideoElement | null;
	/** The page of slides. */
	slide: () => HTMLImageElement | null;
	title: () => string;
	/** The page itself is heard. */
	isAudible: boolean;
}

/** One picture and one sound of all that is on stage, as a stream that can be recorded. */
export class Composer {
	readonly stream: MediaStream;
	readonly #context: CanvasRenderingContext2D;
	readonly #audio = new AudioContext();
	readonly #mix = this.#audio.createMediaStreamDestination();
	readonly #heard = new Map<Track, MediaStreamAudioSourceNode>();
	readonly #places: () => Place[];
	readonly #pictureOf: (key: string) => HTMLVideoElement | null;
	readonly #slide: () => HTMLImageElement | null;
	readonly #title: () => string;
	readonly #isAudible: boolean;
	readonly #timer: ReturnType<typeof setInterval>;

	constructor(canvas: HTMLCanvasElement, { places, pictureOf, slide, title, isAudible }: Source) {
		[this.#places, this.#pictureOf, this.#slide, this.#title] = [places, pictureOf, slide, title];
		this.#isAudible = isAudible;
		Object.assign(canvas, size);
		const context = canvas.getContext('2d', { alpha: false });
		if (!context) throw new Error('This browser cannot draw.');
		this.#context = context;
		this.stream = canvas.captureStream(rate);
		for (const track of this.#mix.stream.getAudioTracks()) this.stream.addTrack(track);
		this.#draw();
		this.#timer = setInterval(() => this.#draw(), 1000 / rate);
	}

	/** From now on these are heard, and nobody else. */
	hear(tracks: readonly Track[]): void {
		for (const [track, source] of this.#heard) {
			if (tracks.includes(track)) continue;
			source.disconnect();
			this.#heard.delete(track);
		}
		for (const track of tracks) {
			if (this.#heard.has(track)) continue;
			const source = this.#audio.createMediaStreamSource(new MediaStream([track.mediaStreamTrack]));
			source.connect(this.#isAudible ? this.#audio.destination : this.#mix);
			this.#heard.set(track, source);
		}
	}

	/** Ends it. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		for (const track of this.stream.getTracks()) track.stop();
		await this.#audio.close();
	}

	#draw() {
		const context = this.#context;
		context.fillStyle = ink;
		context.fillRect(0, 0, size.width, size.height);
		for (const place of this.#places()) this.#place(place);
		context.fillStyle = '#93A5B7';
		context.font = '20px "Source Sans 3 Variable", sans-serif';
		context.textAlign = 'center';
		context.fillText(this.#title(), size.width / 2, size.height - 14, size.width - 48);
	}

	#place({ tile, x, y, width, height }: Place) {
		const context = this.#context;
		if (!tile) {
			const slide = this.#slide();
			// Pages come with their own size; one that is not there yet leaves the ink.
			if (!slide?.complete || slide.naturalWidth === 0) return;
			const { from, to } = fit(
				{ width: slide.naturalWidth, height: slide.naturalHeight },
				{ x, y, width, height },
				true
			);
			context.drawImage(slide, ...from, ...to);
			return;
		}
		const video = tile.kind === 'name' ? null : this.#pictureOf(tile.key);
		context.fillStyle = '#101E2D';
		context.fillRect(x, y, width, height);
		if (video && video.videoWidth > 0) {
			const picture = { width: video.videoWidth, height: video.videoHeight };
			const { from, to } = fit(picture, { x, y, width, height }, tile.kind === 'screen');
			context.drawImage(video, ...from, ...to);
		}
		// Nobody's name stands on their slides.
		if (tile.kind === 'screen') return;
		context.font = '600 18px "Source Sans 3 Variable", sans-serif';
		context.textAlign = 'left';
		const text = Math.min(context.measureText(tile.person.display_name).width, width - 24);
		context.fillStyle = 'rgb(8 17 26 / 80%)';
		context.fillRect(x, y + height - 32, text + 24, 32);
		context.fillStyle = '#F3F6F9';
		context.fillText(tile.person.display_name, x + 12, y + height - 10, width - 24);
	}
}
