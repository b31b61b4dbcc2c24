import { loadEngine } from '#lib/stage/engine.ts';
import type { ConnectionResult } from './device-check.ts';

/** A tone for as long as it takes to notice it. */
export async function playTone(seconds = 1.2): Promise<void> {
	const context = new AudioContext();
	await context.resume();
	const tone = context.createOscillator();
	const volume = context.createGain();
	tone.frequency.value = 523;
	volume.gain.setValueAtTime(0.0001, context.currentTime);
	volume.gain.exponentialRampToValueAtTime(0.25, context.currentTime + 0.1);
	volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + seconds);
	tone.connect(volume).connect(context.destination);
	tone.start();
	tone.stop(context.currentTime + seconds);
	await new Promise((done) => tone.addEventListener('ended', done, { once: true }));
	await context.close();
}

async function passFrom(address: string): Promise<{ url: string; token: string } | 'away' | 'no_answer'> {
	try {
		const response = await fetch(address, { method: 'POST' });
		if (response.ok) return (await response.json()) as { url: string; token: string };
		return response.status === 503 ? 'away' : 'no_answer';
	} catch {
		return 'no_answer';
	}
}

/** Whether media get through: joins a private room, sends silence into it and leaves. */
export async function tryLine(address: string): Promise<ConnectionResult> {
	const pass = await passFrom(address);
	if (typeof pass === 'string') return pass;
	const engine = await loadEngine().catch(() => null);
	if (!engine) return 'no_answer';
	const room = new engine.Room();
	const context = new AudioContext();
	let answered = false;
	room.once(engine.RoomEvent.SignalConnected, () => (answered = true));
	try {
		await room.connect(pass.url, pass.token, { maxRetries: 1, peerConnectionTimeout: 12_000 });
		const [track] = context.createMediaStreamDestination().stream.getAudioTracks();
		if (track) await room.localParticipant.publishTrack(track, { source: engine.Track.Source.Microphone });
		return 'ok';
	} catch {
		// The signalling worked, and media did not.
		return answered ? 'blocked' : 'no_answer';
	} finally {
		await room.disconnect().catch(() => undefined);
		await context.close();
	}
}
