import { stepTo, whoPlays } from './in-step.ts';
import { readStored, storeText } from '#lib/ui/stored.ts';

const memory = 'recording-sound';
// So long nothing came of a sound that should play: the viewer hears the original.
const timeoutMs = 20_000;
const answerMs = 5000;
// HTMLMediaElement.HAVE_FUTURE_DATA
const enough = 3;

/** The language that was chosen on this device; null for the original. */
export const rememberedSound = (): string | null => readStored(memory);

/** The sound of a language beside a video, which is muted meanwhile. They begin, pause, seek and wait together. */
export class SoundPlayer {
	/** What is heard; null: the original. */
	language = $state<string | null>(null);
	/** The language whose sound could not be played. */
	failed = $state<string | null>(null);
	/** The languages that are not offered any more, as a request for them showed. */
	gone = $state<readonly string[]>([]);
	/** Of what is heard, 0 to 1. It holds for every language and the original. */
	volume = $state(1);
	/** Whether the viewer muted what is heard; it holds like the volume. */
	isMuted = $state(false);
	readonly #addressOf: (language: string) => string;
	#video: HTMLVideoElement | undefined;
	#sound: HTMLAudioElement | undefined;
	#wantsToPlay = false;
	#isHolding = false;
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
		storeText(memory, language);
	}

	/** Plays a language without remembering it. */
	recall(language: string): void {
		this.#play(language);
	}

	/** Sets the volume of what is heard, 0 to 1, and ends a mute. */
	setVolume(volume: number): void {
		this.volume = volume;
		this.isMuted = false;
		if (this.#video) {
			this.#video.volume = volume;
			// Some phones set the volume by their own buttons alone.
			this.#pictureVolume = this.#video.volume;
		}
		this.#hear();
	}

	// Brings what is heard in line with the viewer's choice. The picture is muted while an interpretation is heard.
	#hear(): void {
		const sound = this.#sound;
		if (sound) {
			sound.volume = this.volume;
			sound.muted = this.isMuted;
		}
		if (this.#video) this.#video.muted = sound !== undefined || this.isMuted;
	}

	#play(language: string | null): void {
		const video = this.#video;
		if (!video || language === this.language) return;
		const wasOriginal = this.language === null;
		this.#end();
		this.language = language;
		if (language === null) {
			this.#hear();
			if (this.#wantsToPlay) void video.play().catch(() => undefined);
			return;
		}
		if (wasOriginal) {
			this.isMuted = video.muted;
			this.#wantsToPlay = !video.paused;
			this.#pictureVolume = this.volume = video.volume;
		}
		const sound = new Audio();
		this.#sound = sound;
		this.#hear();
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
		const language = this.language;
		this.#play(null);
		if (language !== null) void this.#explain(language);
	}

	// Asks whether the language is still offered: a voice can be withdrawn while the page is open.
	async #explain(language: string): Promise<void> {
		const answer = await fetch(this.#addressOf(language), {
			method: 'HEAD',
			signal: AbortSignal.timeout(answerMs)
		}).catch(() => null);
		if (answer?.status === 404 && !this.gone.includes(language)) this.gone = [...this.gone, language];
		if (this.language === null) this.failed = language;
	}

	// The volume and the mute button of the video act on what is heard.
	#passOn(): void {
		const [video, sound] = [this.#video, this.#sound];
		if (!video || !sound) return;
		if (video.volume !== this.#pictureVolume) {
			this.#pictureVolume = video.volume;
			this.setVolume(video.volume);
		} else if (!video.muted) {
			this.isMuted = !this.isMuted;
			this.#hear();
		}
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
