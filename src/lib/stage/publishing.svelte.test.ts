/* Publishing with Chromium's fake camera and microphone and a double of LiveKit's room. */
import { LocalAudioTrack, LocalVideoTrack, Room, RoomEvent, Track, ConnectionState } from 'livekit-client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Publishing } from './publishing.svelte.ts';

const engine = { RoomEvent, Track, ConnectionState } as never;
let room: Room;
let publishing: Publishing;
let granted: Track.Source[];
// What the browser counts of the camera's frames; null: it does not count.
let frames: number | null;

const countingSender = () =>
	({
		replaceTrack: () => Promise.resolve(),
		setParameters: () => Promise.resolve(),
		getParameters: () => ({ encodings: [{ active: true }] }),
		getStats: () => Promise.resolve(new Map([['1', { type: 'media-source', frames }]]))
	}) as unknown as RTCRtpSender;

// LiveKit's numbers of the sources that may be published.
const numbers = { camera: 1, microphone: 2 } as Record<string, number>;

/** A room that grants the given rights, and stores what is published in the browser. */
function standIn(): Room {
	const made = new Room();
	const local = made.localParticipant;
	const tracks = new Map<string, { track: LocalAudioTrack | LocalVideoTrack; isMuted: boolean }>();
	const isOn = (source: string) => tracks.has(source) && !tracks.get(source)?.isMuted;
	const given = (object: object, name: string, get: () => unknown) =>
		Object.defineProperty(object, name, { get, configurable: true });
	given(made, 'state', () => ConnectionState.Connected);
	given(local, 'permissions', () => ({
		canPublish: granted.length > 0,
		canPublishSources: granted.map((one) => numbers[one])
	}));
	given(local, 'isCameraEnabled', () => isOn('camera'));
	given(local, 'isMicrophoneEnabled', () => isOn('microphone'));
	vi.spyOn(local, 'getTrackPublication').mockImplementation((source) => tracks.get(source) as never);
	const set = async (source: 'camera' | 'microphone', on: boolean) => {
		const before = tracks.get(source);
		if (!on) {
			before?.track.stop();
			tracks.delete(source);
		} else {
			const stream = await navigator.mediaDevices.getUserMedia(source === 'camera' ? { video: true } : { audio: true });
			const [media] = stream.getTracks();
			if (!media) throw new Error('No device.');
			const track = source === 'camera' ? new LocalVideoTrack(media) : new LocalAudioTrack(media);
			if (frames !== null && track instanceof LocalVideoTrack) track.sender = countingSender();
			tracks.set(source, { track, isMuted: false });
		}
		return undefined;
	};
	vi.spyOn(local, 'setCameraEnabled').mockImplementation((on) => set('camera', on));
	vi.spyOn(local, 'setMicrophoneEnabled').mockImplementation((on) => set('microphone', on));
	return made;
}

const media = (source: Track.Source) => room.localParticipant.getTrackPublication(source)?.track?.mediaStreamTrack;
const both = () => [publishing.stateOf('microphone'), publishing.stateOf('camera')];

beforeEach(async () => {
	frames = null;
	granted = [Track.Source.Camera, Track.Source.Microphone];
	room = standIn();
	publishing = new Publishing();
	publishing.watch(engine, room);
	await publishing.offer({ cameraId: null, microphoneId: null, camera: true, microphone: true });
});
afterEach(async () => {
	vi.useRealTimers();
	await publishing.withdraw();
	vi.restoreAllMocks();
});

const grant = async (...sources: Track.Source[]) => {
	granted = sources;
	room.emit(RoomEvent.ParticipantPermissionsChanged, undefined, room.localParticipant);
	await publishing.apply();
};

it('follows the server’s rights: muted by a host, microphone only, nothing while paused', async () => {
	expect(both()).toEqual(['on', 'on']);
	await grant(Track.Source.Camera);
	expect(both()).toEqual(['withheld', 'on']);
	await grant(Track.Source.Microphone);
	expect(both()).toEqual(['on', 'withheld']);
	await grant();
	expect(both()).toEqual(['ready', 'ready']);
	await grant(Track.Source.Camera, Track.Source.Microphone);
	expect(both()).toEqual(['on', 'on']);
});

it('reports a device that the browser refuses, and sends it once it no longer does', async () => {
	await publishing.toggle('microphone');
	expect(both()).toEqual(['off', 'on']);
	const open = vi
		.spyOn(navigator.mediaDevices, 'getUserMedia')
		.mockRejectedValue(new DOMException('', 'NotAllowedError'));
	await publishing.toggle('microphone');
	expect(both()).toEqual(['refused', 'on']);
	open.mockRestore();
	await publishing.apply();
	expect(both()).toEqual(['on', 'on']);
});

it('reports a pulled-out microphone at once, and resumes automatically when it is back', async () => {
	const open = vi
		.spyOn(navigator.mediaDevices, 'getUserMedia')
		.mockRejectedValue(new DOMException('', 'NotFoundError'));
	const pulled = media(Track.Source.Microphone);
	pulled?.stop();
	// Stopping a track here fires no event; losing its device does.
	pulled?.dispatchEvent(new Event('ended'));
	expect(both()).toEqual(['ended', 'on']);
	await publishing.apply();
	expect(publishing.stateOf('microphone')).toBe('missing');
	open.mockRestore();
	room.emit(RoomEvent.MediaDevicesChanged);
	await expect.poll(() => publishing.stateOf('microphone')).toBe('on');
	expect(media(Track.Source.Microphone)?.readyState).toBe('live');
});

it('closes a camera that gives no frames and opens it again, and says so while that does not help', async () => {
	vi.useFakeTimers({ toFake: ['setInterval', 'setTimeout'] });
	publishing.watch(engine, room);
	await publishing.toggle('camera');
	frames = 0;
	await publishing.toggle('camera');
	await vi.advanceTimersByTimeAsync(6000);
	await vi.waitUntil(() => media(Track.Source.Camera) === undefined);
	// The microphone does not wait for the camera.
	await publishing.toggle('microphone');
	expect(publishing.stateOf('microphone')).toBe('off');
	expect(media(Track.Source.Camera)).toBeUndefined();
	for (let each = 0; each < 40 && publishing.stateOf('camera') !== 'failed'; each++)
		await vi.advanceTimersByTimeAsync(1000);
	expect(media(Track.Source.Camera)?.readyState).toBe('live');
	expect(publishing.stateOf('camera')).toBe('failed');
	frames = 7;
	await vi.advanceTimersByTimeAsync(2000);
	await expect.poll(() => publishing.stateOf('camera')).toBe('on');
});
