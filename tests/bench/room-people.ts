/*
 * People in a live room without a browser, in their own process: each asks the site for a pass as the room's page does, and sends a moving
 * picture and sound to LiveKit, or receives what others send. Who sends receives nothing, so that one machine holds many of them. Takes
 * requests from its parent process (`Senders` in sender-process.ts), and answers each with its number.
 */
import {
	AudioFrame,
	AudioSource,
	LocalAudioTrack,
	LocalVideoTrack,
	AudioStream,
	Room,
	RoomEvent,
	TrackKind,
	TrackPublishOptions,
	TrackSource,
	VideoBufferType,
	VideoCodec,
	VideoFrame,
	VideoSource,
	VideoStream,
	type RemoteTrack
} from '@livekit/rtc-node';
import type { GivenPass } from '../fixtures/livekit.ts';
import { postAs } from './posting.ts';

/** The picture that each sends, in pixels, and how many a second. */
export interface SentPicture {
	width: number;
	height: number;
	perSecond: number;
}

/** How long the site took to admit somebody, and LiveKit to connect and take the tracks, in milliseconds. */
export interface SenderWaits {
	pass: number;
	connect: number;
}

/** What those who watch have received since the last request: pictures and pieces of sound of each, and the waits until their first picture. */
export interface Watched {
	pictures: number[];
	sounds: number[];
	firstPictures: number[];
}

/**
 * Enter the room at this address as the person of this session, with a picture or sound alone; watch it; who of them speaks, by their place
 * among them; how many are connected; what those who watch have received. `session` is the code of a session that somebody is in by role.
 */
export type SenderRequest =
	| { kind: 'enter'; address: string; cookie: string; picture: SentPicture | null; session?: string | null }
	| { kind: 'watch'; address: string; cookie: string }
	| { kind: 'speak'; who: number | null }
	| { kind: 'count' }
	| { kind: 'watched' }
	| { kind: 'leave' };

/** The answer to a request: of `enter` and `watch` the waits, of `count` how many. */
export type SenderAnswer =
	{ waits: SenderWaits } | { connected: number } | { watched: Watched } | { error: string } | 'done';

const sampleRate = 48_000;
/** The next piece of sound is given when less than this is left of those before. */
const aheadMs = 250;
/** A whole turn of the figure, in seconds. */
const turnSeconds = 2;

interface Sender {
	room: Room;
	audio: AudioSource;
	isSpeaking: boolean;
	timer: NodeJS.Timeout | undefined;
}

const senders: Sender[] = [];
// Those too in which the tracks could not be sent.
const rooms: Room[] = [];
let frames: VideoFrame[] | undefined;

/** Asks the site to admit somebody. Throws when they are not, or not with what they want to send. */
async function passFor(
	address: string,
	cookie: string,
	session: string | null,
	sends: 'camera' | 'microphone' | null
): Promise<GivenPass> {
	const answer = await postAs(`${address}/pass`, cookie, { purpose: 'stage', session, camera: sends === 'camera' });
	const pass = (await answer.json()) as GivenPass;
	if (pass.status !== 'ok' || (sends && !pass.publish.includes(sends)))
		throw new Error(`Not admitted${sends ? ` with a ${sends}` : ''}: ${answer.status} ${pass.status}.`);
	return pass;
}

async function enter(
	address: string,
	cookie: string,
	picture: SentPicture | null,
	session: string | null
): Promise<SenderWaits> {
	const asked = performance.now();
	const pass = await passFor(address, cookie, session, picture ? 'camera' : 'microphone');
	const admitted = performance.now();
	const room = new Room();
	// As the page does: what nobody watches is not encoded.
	await room.connect(pass.url, pass.token, { autoSubscribe: false, dynacast: true });
	rooms.push(room);
	const audio = new AudioSource(sampleRate, 1);
	const timer = picture ? await sendPictures(room, picture) : undefined;
	await room.localParticipant?.publishTrack(
		LocalAudioTrack.createAudioTrack('microphone', audio),
		new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
	);
	const connected = performance.now();
	const sender = { room, audio, isSpeaking: false, timer };
	senders.push(sender);
	void sendSound(sender);
	return { pass: admitted - asked, connect: connected - admitted };
}

/** Publishes a camera that sends from now on. */
async function sendPictures(room: Room, picture: SentPicture): Promise<NodeJS.Timeout> {
	frames ??= drawFrames(picture);
	const video = new VideoSource(picture.width, picture.height);
	await room.localParticipant?.publishTrack(
		LocalVideoTrack.createVideoTrack('camera', video),
		new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, videoCodec: VideoCodec.VP8, simulcast: true })
	);
	const all = frames;
	let turn = Math.floor(Math.random() * all.length);
	return setInterval(() => {
		const next = all[turn++ % all.length];
		if (next && room.isConnected) video.captureFrame(next);
	}, 1000 / picture.perSecond);
}

interface Watcher {
	room: Room;
	pictures: number;
	sounds: number;
	firstPicture: number | undefined;
}

const watchers: Watcher[] = [];

/** Lets somebody receive everything that is sent in the room. */
async function watch(address: string, cookie: string): Promise<SenderWaits> {
	const asked = performance.now();
	const pass = await passFor(address, cookie, null, null);
	const admitted = performance.now();
	const watcher: Watcher = { room: new Room(), pictures: 0, sounds: 0, firstPicture: undefined };
	watcher.room.on(RoomEvent.TrackSubscribed, (track: RemoteTrack) => void receive(watcher, track, asked));
	await watcher.room.connect(pass.url, pass.token, { autoSubscribe: true, dynacast: true });
	rooms.push(watcher.room);
	watchers.push(watcher);
	return { pass: admitted - asked, connect: performance.now() - admitted };
}

async function receive(watcher: Watcher, track: RemoteTrack, asked: number): Promise<void> {
	if (track.kind === TrackKind.KIND_VIDEO) {
		for await (const _picture of new VideoStream(track)) {
			watcher.firstPicture ??= performance.now() - asked;
			watcher.pictures += 1;
		}
	} else for await (const _sound of new AudioStream(track)) watcher.sounds += 1;
}

function takeWatched(): Watched {
	const found = {
		pictures: watchers.map(({ pictures }) => pictures),
		sounds: watchers.map(({ sounds }) => sounds),
		firstPictures: watchers.flatMap(({ firstPicture }) => firstPicture ?? [])
	};
	for (const watcher of watchers) Object.assign(watcher, { pictures: 0, sounds: 0 });
	return found;
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
			return { waits: await enter(request.address, request.cookie, request.picture, request.session ?? null) };
		case 'watch':
			return { waits: await watch(request.address, request.cookie) };
		case 'watched':
			return { watched: takeWatched() };
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
