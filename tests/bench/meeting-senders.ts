/*
 * People in the live room of a meeting without a browser: each has signed in, asks the site for a pass as the room's page does, and sends
 * a moving picture and sound to LiveKit. They receive nothing, so that one machine holds many of them.
 */
import type { AudioSource, Room, VideoFrame } from '@livekit/rtc-node';
import type { GivenPass } from '../fixtures/livekit.ts';

/** The picture that each sends, and how many a second. */
export const picture = { width: 320, height: 180, perSecond: 12 } as const;

const sampleRate = 48_000;
const tenth = sampleRate / 10;

/** Somebody in the room who sends. */
export interface Sender {
	/** How long the site took to admit, and LiveKit to connect and take both tracks, in milliseconds. */
	waits: { pass: number; connect: number };
	/** Whether sound is to be heard; otherwise silence is sent. */
	speak(isSpeaking: boolean): void;
	isConnected(): boolean;
	leave(): Promise<void>;
}

/** Posts to an address of the site as a page of it does, for the person of this session. */
export function postAs(address: string, cookie: string, body: object | URLSearchParams): Promise<Response> {
	const isForm = body instanceof URLSearchParams;
	return fetch(address, {
		method: 'POST',
		headers: {
			cookie,
			origin: new URL(address).origin,
			accept: 'application/json',
			...(isForm ? { 'x-sveltekit-action': 'true' } : { 'content-type': 'application/json' })
		},
		body: isForm ? body : JSON.stringify(body),
		signal: AbortSignal.timeout(20_000)
	});
}

type Engine = typeof import('@livekit/rtc-node');

let loaded: Promise<{ rtc: Engine; frames: VideoFrame[] }> | undefined;

/** The engine and the frames that all send, at the first use: other benches need neither. */
function loadEngine() {
	// Otherwise it writes a line of its log for each callback.
	process.env.NODE_ENV ??= 'production';
	return (loaded ??= import('@livekit/rtc-node').then((rtc) => ({ rtc, frames: drawFrames(rtc) })));
}

/** Enters the room at this address as the person of this session, and sends until `leave`. Throws when it is not admitted. */
export async function enterAsSender(address: string, cookie: string): Promise<Sender> {
	const { rtc, frames } = await loadEngine();
	const asked = performance.now();
	const answer = await postAs(`${address}/pass`, cookie, { purpose: 'stage', session: null, camera: true });
	const pass = (await answer.json()) as GivenPass;
	if (pass.status !== 'ok' || !pass.publish.includes('camera'))
		throw new Error(`Not admitted with a camera: ${answer.status} ${pass.status}.`);
	const admitted = performance.now();
	const room = new rtc.Room();
	// As the page does: what nobody watches is not encoded.
	await room.connect(pass.url, pass.token, { autoSubscribe: false, dynacast: true });
	const video = new rtc.VideoSource(picture.width, picture.height);
	const audio = new rtc.AudioSource(sampleRate, 1);
	await room.localParticipant?.publishTrack(
		rtc.LocalVideoTrack.createVideoTrack('camera', video),
		new rtc.TrackPublishOptions({
			source: rtc.TrackSource.SOURCE_CAMERA,
			videoCodec: rtc.VideoCodec.VP8,
			simulcast: true
		})
	);
	await room.localParticipant?.publishTrack(
		rtc.LocalAudioTrack.createAudioTrack('microphone', audio),
		new rtc.TrackPublishOptions({ source: rtc.TrackSource.SOURCE_MICROPHONE })
	);
	const connected = performance.now();
	let turn = Math.floor(Math.random() * frames.length);
	const timer = setInterval(() => {
		const next = frames[turn++ % frames.length];
		if (next && room.isConnected) video.captureFrame(next);
	}, 1000 / picture.perSecond);
	let isSpeaking = false;
	void sendSound(rtc, room, audio, () => (isSpeaking ? tone : silence));
	return {
		waits: { pass: admitted - asked, connect: connected - admitted },
		speak: (is) => void (isSpeaking = is),
		isConnected: () => room.isConnected,
		async leave() {
			clearInterval(timer);
			await room.disconnect();
		}
	};
}

// A source takes a second of sound ahead and makes its caller wait for more: the next one is heard after that.
async function sendSound(rtc: Engine, room: Room, audio: AudioSource, sound: () => Int16Array): Promise<void> {
	while (room.isConnected) {
		await audio.captureFrame(new rtc.AudioFrame(sound(), sampleRate, 1, tenth)).catch(() => undefined);
		if (audio.queuedDuration > 200) await new Promise((done) => setTimeout(done, 80));
	}
}

const silence = new Int16Array(tenth);
// Loud enough to count as speech.
const tone = Int16Array.from({ length: tenth }, (_, at) => 9000 * Math.sin((2 * Math.PI * 300 * at) / sampleRate));

/** Two seconds of a figure that sways before a wall with the noise of a camera, so that the encoder has its usual work. */
const drawFrames = (rtc: Engine) =>
	Array.from({ length: picture.perSecond * 2 }, (_, turn) => drawFrame(rtc, turn / (picture.perSecond * 2)));

function drawFrame(rtc: Engine, part: number): VideoFrame {
	const { width, height } = picture;
	const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
	const middle = width / 2 + 20 * Math.sin(2 * Math.PI * part);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const isHead = (x - middle) ** 2 + (y - height * 0.4) ** 2 < (height * 0.2) ** 2;
			const isBody = y > height * 0.62 && Math.abs(x - middle) < height * 0.4;
			bytes[y * width + x] = (isHead ? 170 : isBody ? 60 : 90 + (x / width) * 60) + Math.random() * 6;
		}
	return new rtc.VideoFrame(bytes, width, height, rtc.VideoBufferType.I420);
}
