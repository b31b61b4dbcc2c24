import type { Tile } from '#lib/stage/arrangement.ts';
import { fit, rate, size, type TileBox } from './layout.ts';
import { AudioMix } from './mixing.ts';
import { paint } from './painting.ts';

const ink = '#08111A';

/** What is drawn; each function is called for every frame. */
export interface ComposerSource {
	places: () => TileBox[];
	/** The element that plays a tile. */
	pictureOf: (key: string) => HTMLVideoElement | null;
	/** The page of slides. */
	slide: () => HTMLImageElement | null;
	/** The poll, laid out for its place. */
	poll: () => Element | null;
	title: () => string;
	/** The page itself is audible. */
	isAudible: boolean;
}

/** One video and one audio track of everything on stage, as a stream that can be recorded. */
export class Composer {
	readonly stream: MediaStream;
	readonly #context: CanvasRenderingContext2D;
	readonly sound: AudioMix;
	readonly #source: ComposerSource;
	readonly #timer: ReturnType<typeof setInterval>;

	constructor(canvas: HTMLCanvasElement, source: ComposerSource) {
		this.#source = source;
		this.sound = new AudioMix(source.isAudible);
		Object.assign(canvas, size);
		const context = canvas.getContext('2d', { alpha: false });
		if (!context) throw new Error('This browser cannot draw.');
		this.#context = context;
		this.stream = canvas.captureStream(rate);
		for (const track of this.sound.stream.getAudioTracks()) this.stream.addTrack(track);
		this.#draw();
		this.#timer = setInterval(() => this.#draw(), 1000 / rate);
	}

	/** Stops it. */
	async close(): Promise<void> {
		clearInterval(this.#timer);
		for (const track of this.stream.getTracks()) track.stop();
		await this.sound.close();
	}

	#draw() {
		const context = this.#context;
		context.fillStyle = ink;
		context.fillRect(0, 0, size.width, size.height);
		for (const place of this.#source.places()) {
			if (place.what === 'slide') this.#slide(place);
			else if (place.what === 'poll') this.#poll(place);
			else this.#tile(place.what, place);
		}
		context.fillStyle = '#93A5B7';
		context.font = '20px "Source Sans 3 Variable", sans-serif';
		context.textAlign = 'center';
		context.direction = 'inherit';
		context.fillText(this.#source.title(), size.width / 2, size.height - 14, size.width - 48);
	}

	#poll({ x, y }: TileBox) {
		const poll = this.#source.poll();
		if (poll) paint(this.#context, poll, x, y);
	}

	#slide(place: TileBox) {
		const slide = this.#source.slide();
		// Slides have their own size; one that is not loaded leaves the background.
		if (!slide?.complete || slide.naturalWidth === 0) return;
		const { from, to } = fit({ width: slide.naturalWidth, height: slide.naturalHeight }, place, true);
		this.#context.drawImage(slide, ...from, ...to);
	}

	#tile(tile: Tile, place: TileBox) {
		const context = this.#context;
		const { x, y, width, height } = place;
		const video = tile.kind === 'name' ? null : this.#source.pictureOf(tile.key);
		context.fillStyle = '#101E2D';
		context.fillRect(x, y, width, height);
		if (video && video.videoWidth > 0) {
			const picture = { width: video.videoWidth, height: video.videoHeight };
			const { from, to } = fit(picture, place, tile.kind === 'screen');
			context.drawImage(video, ...from, ...to);
		}
		// Slides carry no name.
		if (tile.kind === 'screen') return;
		context.font = '600 18px "Source Sans 3 Variable", sans-serif';
		context.textAlign = 'left';
		context.direction = 'inherit';
		const text = Math.min(context.measureText(tile.person.display_name).width, width - 24);
		context.fillStyle = 'rgb(8 17 26 / 80%)';
		context.fillRect(x, y + height - 32, text + 24, 32);
		context.fillStyle = '#F3F6F9';
		context.fillText(tile.person.display_name, x + 12, y + height - 10, width - 24);
	}
}
