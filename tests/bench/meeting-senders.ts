/*
 * People in the live room of a meeting without a browser, in their own process: each asks the site for a pass as the room's page does, and
 * sends a moving picture and sound to LiveKit. They receive nothing, so that one machine holds many of them. Takes requests from its parent
 * process (`Senders` in sender-process.ts), and answers each with its number.
 */
import {
	AudioFrame,
	AudioSource,
	LocalAudioTrack,
	LocalVideoTrack,
	Room,
	TrackPublishOptions,
	TrackSource,
	VideoBufferType,
	VideoCodec,
	VideoFrame,
	VideoSource
} from '@livekit/rtc-node';
import type { GivenPass } from '../fixtures/livekit.ts';
import { postAs } from './posting.ts';

/** The picture that each sends, in pixels, and how many a second. */
export interface SentPicture {
	width: number;
	height: number;
	perSecond: number;
}

/** How long the site took to admit somebody, and LiveKit to connect and take both tracks, in milliseconds. */
export interface SenderWaits {
	pass: number;
	connect: number;
}

/** Enter the room at this address as the person of this session; who of them speaks, by their place among them; how many are connected. */
export type SenderRequest =
	| { kind: 'enter'; address: string; cookie: string; picture: SentPicture }
	| { kind: 'speak'; who: number | null }
	| { kind: 'count' }
	| { kind: 'leave' };

/** The answer to a request: of `enter` the waits, of `count` how many. */
export type SenderAnswer = { waits: SenderWaits } | { connected: number } | { error: string } | 'done';

const sampleRate = 48_000;
/** The next piece of sound is given when less than this is left of those before. */
const aheadMs = 250;
/** A whole turn of the figure, in seconds. */
const turnSeconds = 2;

interface Sender {
	room: Room;
	audio: AudioSource;
	isSpeaking: boolean;
	timer: NodeJS.Timeout;
}

const senders: Sender[] = [];
// Those too in which the tracks could not be sent.
const rooms: Room[] = [];
let frames: VideoFrame[] | undefined;

async function enter(address: string, cookie: string, picture: SentPicture): Promise<SenderWaits> {
	frames ??= drawFrames(picture);
	const asked = performance.now();
	const answer = await postAs(`${address}/pass`, cookie, { purpose: 'stage', session: null, camera: true });
	const pass = (await answer.json()) as GivenPass;
	if (pass.status !== 'ok' || !pass.publish.includes('camera'))
		throw new Error(`Not admitted with a camera: ${answer.status} ${pass.status}.`);
	const admitted = performance.now();
	const room = new Room();
	// As the page does: what nobody watches is not encoded.
	await room.connect(pass.url, pass.token, { autoSubscribe: false, dynacast: true });
	rooms.push(room);
	const video = new VideoSource(picture.width, picture.height);
	const audio = new AudioSource(sampleRate, 1);
	await room.localParticipant?.publishTrack(
		LocalVideoTrack.createVideoTrack('camera', video),
		new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, videoCodec: VideoCodec.VP8, simulcast: true })
	);
	await room.localParticipant?.publishTrack(
		LocalAudioTrack.createAudioTrack('microphone', audio),
		new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
	);
	const connected = performance.now();
	const all = frames;
	let turn = Math.floor(Math.random() * all.length);
	const timer = setInterval(() => {
		const next = all[turn++ % all.length];
		if (next && room.isConnected) video.captureFrame(next);
	}, 1000 / picture.perSecond);
	const sender = { room, audio, isSpeaking: false, timer };
	senders.push(sender);
	void sendSound(sender);
	return { pass: admitted - asked, connect: connected - admitted };
}

/*
 * A source takes a second of sound ahead. Each piece is a call to the engine and an event that all rooms of this process look at, so that
 * silence, of which there is most, is sent in long pieces, and thrown away when the person speaks.
 */
async function sendSound(sender: Sender): Promise<void> {
	const { room, audio } = sender;
	while (room.isConnected) {
		const sound = sender.isSpeaking ? tone : silence;
		await audio.captureFrame(new AudioFrame(sound, sampleRate, 1, sound.length)).catch(() => undefined);
		while (room.isConnected && audio.queuedDuration > aheadMs) await new Promise((done) => setTimeout(done, 50));
	}
}

function speak(who: number | null): void {
	for (const [place, sender] of senders.entries()) {
		const isSpeaking = place === who;
		if (sender.isSpeaking === isSpeaking) continue;
		sender.isSpeaking = isSpeaking;
		sender.audio.clearQueue();
	}
}

const silence = new Int16Array(sampleRate * 0.7);
// Loud enough to count as speech.
const tone = Int16Array.from(
	{ length: sampleRate * 0.4 },
	(_, at) => 9000 * Math.sin((2 * Math.PI * 300 * at) / sampleRate)
);

/** A figure that sways before a wall with the noise of a camera, so that the encoder has its usual work. */
const drawFrames = (picture: SentPicture) =>
	Array.from({ length: picture.perSecond * turnSeconds }, (_, turn) =>
		drawFrame(picture, turn / (picture.perSecond * turnSeconds))
	);

function drawFrame({ width, height }: SentPicture, part: number): VideoFrame {
	const bytes = new Uint8Array((width * height * 3) / 2).fill(128);
	const middle = width / 2 + 20 * Math.sin(2 * Math.PI * part);
	for (let y = 0; y < height; y++)
		for (let x = 0; x < width; x++) {
			const isHead = (x - middle) ** 2 + (y - height * 0.4) ** 2 < (height * 0.2) ** 2;
			const isBody = y > height * 0.62 && Math.abs(x - middle) < height * 0.4;
			bytes[y * width + x] = (isHead ? 170 : isBody ? 60 : 90 + (x / width) * 60) + Math.random() * 6;
		}
	return new VideoFrame(bytes, width, height, VideoBufferType.I420);
}

async function leave(): Promise<void> {
	for (const { timer } of senders) clearInterval(timer);
	await Promise.allSettled(rooms.map((room) => room.disconnect()));
}

async function handle(request: SenderRequest): Promise<SenderAnswer> {
	switch (request.kind) {
		case 'enter':
			return { waits: await enter(request.address, request.cookie, request.picture) };
		case 'speak':
			speak(request.who);
			return 'done';
		case 'count':
			return { connected: senders.filter(({ room }) => room.isConnected).length };
		case 'leave':
			await leave();
			return 'done';
	}
}

process.on('message', ({ number, request }: { number: number; request: SenderRequest }) => {
	void handle(request)
		.catch((error: unknown) => ({ error: String(error) }))
		.then((answer) => process.send?.({ number, answer }));
});
// The bench itself has ended.
process.on('disconnect', () => process.exit());
