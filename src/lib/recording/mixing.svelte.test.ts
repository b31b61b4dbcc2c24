import { afterEach, expect, it } from 'vitest';
import { AudioMix, type MixableTrack } from './mixing.ts';

const open: (() => unknown)[] = [];
afterEach(() => open.splice(0).forEach((close) => close()));

/** A tone that has gone through WebRTC, as LiveKit provides it: its track, and functions that mute and unmute it. */
async function remoteTone() {
	const context = new AudioContext();
	await context.resume();
	const [tone, out] = [context.createOscillator(), context.createMediaStreamDestination()];
	tone.connect(out);
	tone.start();
	const [from, to] = [new RTCPeerConnection(), new RTCPeerConnection()];
	open.push(() => (from.close(), to.close(), context.close()));
	from.onicecandidate = ({ candidate }) => void to.addIceCandidate(candidate ?? undefined);
	to.onicecandidate = ({ candidate }) => void from.addIceCandidate(candidate ?? undefined);
	const arrived = new Promise<MediaStreamTrack>((done) => (to.ontrack = ({ track }) => done(track)));
	const [track] = out.stream.getAudioTracks();
	if (!track) throw new Error('No tone.');
	from.addTrack(track, out.stream);
	const negotiate = async () => {
		await from.setLocalDescription();
		await to.setRemoteDescription(from.localDescription as RTCSessionDescription);
		await to.setLocalDescription();
		await from.setRemoteDescription(to.localDescription as RTCSessionDescription);
	};
	await negotiate();
	const send = async (on: boolean) => {
		for (const transceiver of from.getTransceivers()) transceiver.direction = on ? 'sendonly' : 'inactive';
		await negotiate();
	};
	return { sound: { mediaStreamTrack: await arrived } satisfies MixableTrack, send };
}

function mixOf() {
	const mix = new AudioMix();
	open.push(() => mix.close());
	return mix;
}
const sounds = (mix: AudioMix) => expect.poll(() => mix.peak(), { timeout: 8000 }).toBeGreaterThan(0.1);
const falls = (mix: AudioMix) => expect.poll(() => mix.peak(), { timeout: 8000 }).toBeLessThan(0.001);

it('goes on giving samples while nobody is audible, so that the recorder keeps the time', async () => {
	const { sound } = await remoteTone();
	const mix = mixOf();
	mix.setTracks([sound]);
	await sounds(mix);
	mix.setTracks([]);
	await falls(mix);
	const recorder = new MediaRecorder(mix.stream);
	open.push(() => recorder.stop());
	let bytes = 0;
	recorder.ondataavailable = ({ data }) => (bytes += data.size);
	recorder.start(200);
	await expect.poll(() => bytes, { timeout: 8000 }).toBeGreaterThan(0);
});

it('has audio although no element of the page plays the track', async () => {
	const { sound } = await remoteTone();
	const mix = mixOf();
	mix.setTracks([sound]);
	await sounds(mix);
});

it('has audio again after the track was muted, and after it was renewed on the same connection', async () => {
	const { sound, send } = await remoteTone();
	const mix = mixOf();
	mix.setTracks([sound]);
	await sounds(mix);
	mix.setTracks([]);
	await falls(mix);
	mix.setTracks([sound]);
	await sounds(mix);
	await send(false);
	mix.setTracks([]);
	await falls(mix);
	await send(true);
	mix.setTracks([{ mediaStreamTrack: sound.mediaStreamTrack }]);
	await sounds(mix);
	mix.renew();
	await sounds(mix);
});

it('does not play people who must not be heard', async () => {
	const [one, other] = [await remoteTone(), await remoteTone()];
	const mix = mixOf();
	mix.setTracks([one.sound]);
	await sounds(mix);
	mix.setTracks([]);
	await falls(mix);
	mix.setTracks([other.sound]);
	await sounds(mix);
});
