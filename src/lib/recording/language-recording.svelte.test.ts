import { afterEach, expect, it } from 'vitest';
import { LanguageRecording } from './language-recording.ts';
import { AudioMix, type MixableTrack } from './mixing.ts';

const open: (() => unknown)[] = [];
afterEach(() => open.splice(0).forEach((close) => close()));

/** A tone, as LiveKit provides a microphone. */
function toneOf(): MixableTrack {
	const audio = new AudioContext();
	const [tone, out] = [audio.createOscillator(), audio.createMediaStreamDestination()];
	tone.connect(out);
	tone.start();
	open.push(() => audio.close());
	const [track] = out.stream.getAudioTracks();
	if (!track) throw new Error('No tone.');
	return { mediaStreamTrack: track };
}

async function loudest(pieces: Blob[]): Promise<number> {
	const bytes = await new Blob(pieces).arrayBuffer();
	const audio = await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes);
	return audio.getChannelData(0).reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0);
}

it('records the voice of one language, silence of another, and goes on while a third cannot be sent', async () => {
	const mix = new AudioMix();
	open.push(() => mix.close());
	const sent = new Map<string, Blob[]>();
	const numbers: number[] = [];
	const recording = new LanguageRecording(mix.output, ({ language, part, number }, bytes) => {
		if (language === 'ru') return Promise.reject(new Error('away'));
		sent.set(language, [...(sent.get(language) ?? []), bytes]);
		if (language === 'fr') numbers.push(part, number);
		return Promise.resolve('ok');
	});
	const voice = toneOf();
	const booths = ['es', 'fr', 'ru'].map((language) => ({
		language,
		identity: language === 'fr' ? 'anna' : null,
		voice: language === 'fr' ? voice : null
	}));
	recording.follow(booths);
	recording.begin(7);
	await new Promise((done) => setTimeout(done, 6500));
	await recording.end();
	expect(numbers.slice(0, 4)).toEqual([7, 1, 7, 2]);
	expect(await loudest(sent.get('fr') ?? [])).toBeGreaterThan(0.1);
	expect(await loudest(sent.get('es') ?? [])).toBeLessThan(0.01);
	expect(sent.has('ru')).toBe(false);
}, 40_000);

it('has the original alone once nobody is named', async () => {
	const mix = new AudioMix();
	open.push(() => mix.close());
	const pieces: Blob[] = [];
	const recording = new LanguageRecording(mix.output, (_, bytes) => {
		pieces.push(bytes);
		return Promise.resolve('ok');
	});
	recording.follow([{ language: 'fr', identity: 'anna', voice: toneOf() }]);
	recording.follow([]);
	recording.begin(1);
	await new Promise((done) => setTimeout(done, 1500));
	await recording.end();
	expect(await loudest(pieces)).toBeLessThan(0.01);
}, 30_000);
