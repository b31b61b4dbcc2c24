import {
	AudioFrame,
	AudioSource,
	LocalAudioTrack,
	LocalVideoTrack,
	Room,
	TrackPublishOptions,
	TrackSource,
	VideoBufferType,
	VideoFrame,
	VideoSource
} from '@livekit/rtc-node';
import { picture } from './pictures.ts';
import { sampleRate } from './sound.ts';

interface SpeakerOptions {
	url: string;
	token: string;
	pictures: Uint8Array[];
	tone: Int16Array;
}

/** A sample speaker in a LiveKit room. */
export interface Speaker {
	isConnected(): boolean;
	leave(): Promise<void>;
}

const tenth = sampleRate / 10;

/** Joins a room and sends picture and sound until `leave`, or until the room removes the speaker. Throws when it cannot join. */
export async function joinAsSpeaker({ url, token, pictures, tone }: SpeakerOptions): Promise<Speaker> {
	const room = new Room();
	// Nothing is encoded while nobody watches.
	await room.connect(url, token, { autoSubscribe: false, dynacast: true });
	const video = new VideoSource(picture.width, picture.height);
	const audio = new AudioSource(sampleRate, 1);
	await room.localParticipant?.publishTrack(
		LocalVideoTrack.createVideoTrack('camera', video),
		new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA, simulcast: false })
	);
	await room.localParticipant?.publishTrack(
		LocalAudioTrack.createAudioTrack('microphone', audio),
		new TrackPublishOptions({ source: TrackSource.SOURCE_MICROPHONE })
	);
	// As the encoder takes them: once, and not at each turn.
	const frames = pictures.map((pixels) =>
		new VideoFrame(pixels, picture.width, picture.height, VideoBufferType.RGBA).convert(VideoBufferType.I420)
	);
	let turn = 0;
	const timer = setInterval(() => {
		const next = frames[turn++ % frames.length];
		if (next && room.isConnected) video.captureFrame(next);
	}, 1000 / picture.perSecond);
	void sendTone(room, audio, tone);
	return {
		isConnected: () => room.isConnected,
		async leave() {
			clearInterval(timer);
			await room.disconnect();
		}
	};
}

// The source takes a second of sound ahead and makes its caller wait for more.
async function sendTone(room: Room, audio: AudioSource, tone: Int16Array): Promise<void> {
	for (let at = 0; room.isConnected; at = (at + tenth) % tone.length)
		await audio
			.captureFrame(new AudioFrame(tone.subarray(at, at + tenth), sampleRate, 1, tenth))
			.catch(() => undefined);
}
