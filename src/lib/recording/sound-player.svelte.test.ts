import { flushSync } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SoundPlayer } from './sound-player.svelte.ts';

/** Ten seconds of silence, as a file. */
function silence(): string {
	const [rate, length] = [8000, 80_000];
	const view = new DataView(new ArrayBuffer(44 + length));
	const text = (at: number, letters: string) =>
		[...letters].forEach((letter, index) => view.setUint8(at + index, letter.charCodeAt(0)));
	text(0, 'RIFF');
	view.setUint32(4, 36 + length, true);
	text(8, 'WAVEfmt ');
	view.setUint32(16, 16, true);
	view.setUint16(20, 1, true);
	view.setUint16(22, 1, true);
	view.setUint32(24, rate, true);
	view.setUint32(28, rate, true);
	view.setUint16(32, 1, true);
	view.setUint16(34, 8, true);
	text(36, 'data');
	view.setUint32(40, length, true);
	new Uint8Array(view.buffer, 44).fill(128);
	return URL.createObjectURL(new Blob([view.buffer], { type: 'audio/wav' }));
}

const file = silence();
const made: HTMLAudioElement[] = [];
const sound = () => made.at(-1);
let video: HTMLVideoElement;
let detach: () => void;
let player: SoundPlayer;

function playerOf(address: (language: string) => string): void {
	player = new SoundPlayer(address);
	detach = player.attach(video);
}

beforeEach(() => {
	made.length = 0;
	vi.stubGlobal(
		'Audio',
		class extends Audio {
			constructor() {
				super();
				made.push(this);
			}
		}
	);
	video = document.createElement('video');
	video.src = file;
	document.body.append(video);
	playerOf(() => file);
});
afterEach(() => {
	detach();
	video.remove();
	vi.unstubAllGlobals();
	vi.restoreAllMocks();
	localStorage.clear();
});

/** The viewer presses the mute button of the picture, which shows it muted while an interpretation is heard. */
async function pressMute(): Promise<void> {
	const changed = new Promise((done) => video.addEventListener('volumechange', done, { once: true }));
	video.muted = !video.muted;
	await changed;
}

it('keeps the volume of one language for the next, and for the original', () => {
	player.choose('fr');
	player.setVolume(0.4);
	player.choose('es');
	expect([made.length, sound()?.volume, sound()?.muted, video.muted]).toEqual([2, 0.4, false, true]);
	player.choose(null);
	expect([video.volume, video.muted]).toEqual([0.4, false]);
	player.choose('fr');
	expect([player.volume, sound()?.volume]).toEqual([0.4, 0.4]);
});

it('keeps what was muted muted, whichever language is chosen', async () => {
	player.choose('fr');
	await vi.waitFor(() => expect(video.muted).toBe(true));
	await pressMute();
	expect([player.isMuted, sound()?.muted]).toEqual([true, true]);
	player.choose('es');
	expect([made.length, sound()?.muted, video.muted]).toEqual([2, true, true]);
	player.choose(null);
	expect(video.muted).toBe(true);
	player.choose('fr');
	expect(sound()?.muted).toBe(true);
	player.setVolume(0.7);
	expect([player.isMuted, sound()?.muted, sound()?.volume, video.muted]).toEqual([false, false, 0.7, true]);
});

it('mutes an interpretation when the original was muted, and takes its volume', () => {
	video.muted = true;
	video.volume = 0.3;
	player.recall('fr');
	expect([sound()?.muted, sound()?.volume, player.volume]).toEqual([true, 0.3, 0.3]);
});

it.each([
	[404, ['fr']],
	[200, []],
	[503, []]
])('says of a sound that cannot be played whether it is still offered: %i', async (status, gone) => {
	detach();
	playerOf(() => 'data:audio/webm,nothing');
	const asked = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(null, { status }));
	player.choose('fr');
	await vi.waitFor(() => expect(player.failed).toBe('fr'));
	flushSync();
	expect([player.language, player.gone, video.muted]).toEqual([null, gone, false]);
	expect(asked.mock.calls.map(([, options]) => options?.method)).toEqual(['HEAD']);
});
