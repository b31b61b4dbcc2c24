import { stepTo, whoPlays } from './in-step.ts';

const memory = 'recording-sound';
// So long nothing came of a sound that should play: the viewer hears the original.
const timeoutMs = 20_000;
// HTMLMediaElement.HAVE_FUTURE_DATA
const enough = 3;

/** The language that was chosen on this device; null for the original. */
export function rememberedSound(): string | null {
	try {
		return localStorage.getItem(memory);
	} catch {
		return null;
	}
}

function remember(language: string | null): void {
	try {
		if (language === null) localStorage.removeItem(memory);
		else localStorage.setItem(memory, language);
	} catch {
		// Without storage it holds for this visit.
	}
}

/** The sound of a language beside a video, which is muted meanwhile. They begin, pause, seek and wait together. */
export class SoundPlayer {
	/** What is heard; null: the original. */
	language = $state<string | null>(null);
	/** The language whose sound could not be played. */
	failed = $state<string | null>(null);
	/** Of the interpretation, 0 to 1. */
	volume = $state(1);
	readonly #addressOf: (language: string) => string;
	#video: HTMLVideoElement | undefined;
	#sound: HTMLAudioElement | undefined;
	#wantsToPlay = false;
	#isHolding = false;
	#wasMuted = false;
	// Of the picture's own controls.
	#pictureVolume = 1;
	#timeout: ReturnType<typeof setTimeout> | undefined;

	/** `addressOf`: the file of a language. */
	constructor(addressOf: (language: string) => string) {
		this.#addressOf = addressOf;
	}

	/** Follows a video, until what it returns is called. */
	attach(video: HTMLVideoElement): () => void {
		this.#video = video;
		const follow = () => this.#follow();
		const listeners: Record<string, () => void> = {
			play: () => {
				this.#wantsToPlay = true;
				this.#follow();
			},
			pause: () => {
				// A pause of our own, or one that is over, is none of the viewer's.
				if (!this.#isHolding && video.paused) this.#wantsToPlay = false;
				this.#follow();
			},
			volumechange: () => this.#passOn(),
			...Object.fromEntries(
				['timeupdate', 'ratechange', 'seeking', 'seeked', 'playing', 'waiting', 'canplay', 'ended'].map((kind) => [
					kind,
					follow
				])
			)
		};
		for (const [kind, listener] of Object.entries(listeners)) video.addEventListener(kind, listener);
		return () => {
			for (const [kind, listener] of Object.entries(listeners)) video.removeEventListener(kind, listener);
			this.#end();
			this.#video = undefined;
		};
	}

	/** Plays a language, or (null) the original, and remembers it on this device. */
	choose(language: string | null): void {
		this.failed = null;
		this.#play(language);
		remember(language);
	}

	/** Plays a language without remembering it. */
	recall(language: string): void {
		this.#play(language);
	}

	/** Sets the volume of the interpretation, 0 to 1. */
	setVolume(volume: number): void {
		this.volume = volume;
		if (this.#sound) {
			this.#sound.volume = volume;
			this.#sound.muted = false;
		}
	}

	#play(language: string | null): void {
		const video = this.#video;
		if (!video || language === this.language) return;
		const wasOriginal = this.language === null;
		this.#end();
		this.language = language;
		if (language === null) {
			video.muted = this.#wasMuted;
			if (this.#wantsToPlay) void video.play().catch(() => undefined);
			return;
		}
		if (wasOriginal) {
			this.#wasMuted = video.muted;
			this.#wantsToPlay = !video.paused;
			this.#pictureVolume = video.volume;
		}
		video.muted = true;
		const sound = new Audio();
		this.#sound = sound;
		sound.volume = this.volume;
		sound.preload = 'auto';
		for (const kind of ['canplay', 'playing', 'waiting', 'seeked', 'stalled'])
			sound.addEventListener(kind, () => this.#sound === sound && this.#follow());
		sound.addEventListener('error', () => this.#sound === sound && this.#fail());
		sound.src = this.#addressOf(language);
		sound.currentTime = video.currentTime;
		this.#follow();
	}

	#follow(): void {
		const [video, sound] = [this.#video, this.#sound];
		if (!video || !sound) return;
		// It may end a moment before the picture. One that has ended is heard again after a jump back.
		const isOver = sound.ended ? video.currentTime > sound.currentTime - 0.5 : video.currentTime >= sound.duration;
		const plays = whoPlays({
			wantsToPlay: this.#wantsToPlay && !video.ended,
			isPictureReady: video.readyState >= enough && !video.seeking,
			isPictureMoving: !video.paused,
			// The picture may be longer by a moment.
			isSoundReady: isOver || (sound.readyState >= enough && !sound.seeking)
		});
		this.#wait(this.#wantsToPlay && !plays.picture);
		if (!plays.picture && this.#wantsToPlay && !video.paused && !video.ended) {
			this.#isHolding = true;
			video.pause();
		} else if (plays.picture && this.#isHolding) {
			this.#isHolding = false;
			void video.play().catch(() => undefined);
		}
		const { goTo, rate } = stepTo(video.currentTime, sound.currentTime, video.playbackRate);
		if (sound.playbackRate !== rate) sound.playbackRate = rate;
		if (!isOver && !sound.seeking && (goTo !== null || (!plays.sound && sound.currentTime !== video.currentTime)))
			if (goTo !== null || Math.abs(sound.currentTime - video.currentTime) > 0.1) sound.currentTime = video.currentTime;
		if (!plays.sound || isOver) sound.pause();
		else if (sound.paused) void sound.play().catch((error: unknown) => this.#refuse(sound, error));
	}

	#refuse(sound: HTMLAudioElement, error: unknown): void {
		// Another act came before it began.
		if (this.#sound !== sound || (error instanceof DOMException && error.name === 'AbortError')) return;
		this.#fail();
	}

	#wait(isWaiting: boolean): void {
		if (!isWaiting) {
			clearTimeout(this.#timeout);
			this.#timeout = undefined;
		} else this.#timeout ??= setTimeout(() => this.#fail(), timeoutMs);
	}

	#fail(): void {
		this.failed = this.language;
		this.#play(null);
	}

	// The volume and the mute button of the video act on what is heard.
	#passOn(): void {
		const [video, sound] = [this.#video, this.#sound];
		if (!video || !sound) return;
		if (video.volume !== this.#pictureVolume) {
			this.#pictureVolume = video.volume;
			this.setVolume(video.volume);
		} else if (!video.muted) sound.muted = !sound.muted;
		video.muted = true;
	}

	#end(): void {
		this.#wait(false);
		this.#isHolding = false;
		const sound = this.#sound;
		this.#sound = undefined;
		if (!sound) return;
		sound.pause();
		sound.removeAttribute('src');
		sound.load();
	}
}
