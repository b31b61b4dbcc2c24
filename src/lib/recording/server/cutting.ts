import {
	EncodedAudioPacketSource,
	EncodedPacketSink,
	EncodedVideoPacketSource,
	FilePathSource,
	FilePathTarget,
	Input,
	MP4,
	Mp4OutputFormat,
	Output,
	WEBM,
	WebMOutputFormat,
	type EncodedPacket,
	type InputAudioTrack,
	type InputVideoTrack
} from 'mediabunny';
import { packetsInOrder } from './joining.ts';

/** The span of a file that is kept, in milliseconds. */
interface Span {
	from: number;
	until: number;
}

/** Where in the file before the shorter one begins, and how long it is, in milliseconds. */
export interface Cut {
	from: number;
	length: number;
}

interface Tracks {
	video: InputVideoTrack;
	audio: InputAudioTrack | null;
}

// A picture a moment before the position is the one that was meant: positions are whole milliseconds, its time is not.
const tolerance = 0.002;

// Nothing can be shown before a key frame.
async function firstKeyFrame(track: InputVideoTrack, from: number): Promise<EncodedPacket | null> {
	const sink = new EncodedPacketSink(track);
	const before = (await sink.getKeyPacket(from + tolerance)) ?? (await sink.getFirstKeyPacket());
	if (!before || before.timestamp >= from - tolerance) return before;
	return sink.getNextKeyPacket(before);
}

async function copyPackets(
	{ video, audio }: Tracks,
	output: Output,
	first: number,
	until: number,
	stop: AbortSignal
): Promise<number | null> {
	const [pictures, sound] = [await video.getDecoderConfig(), await audio?.getDecoderConfig()];
	const codecs = { video: await video.getCodec(), audio: (await audio?.getCodec()) ?? null };
	if (!pictures || !codecs.video) return null;
	const toVideo = new EncodedVideoPacketSource(codecs.video);
	const toAudio = audio && sound && codecs.audio ? new EncodedAudioPacketSource(codecs.audio) : null;
	output.addVideoTrack(toVideo);
	if (toAudio) output.addAudioTrack(toAudio);
	await output.start();
	const tracks = toAudio && audio ? [video, audio] : [video];
	const ended = new Set<number>();
	let end = first;
	for await (const { side, packet } of packetsInOrder(tracks)) {
		stop.throwIfAborted();
		if (packet.timestamp < first || ended.has(side)) continue;
		// What follows in the order of the file may need this picture, which is not there.
		if (packet.timestamp >= until) {
			ended.add(side);
			if (ended.size === tracks.length) break;
			continue;
		}
		const shifted = packet.clone({ timestamp: packet.timestamp - first });
		if (side === 0) await toVideo.add(shifted, { decoderConfig: pictures });
		else await toAudio?.add(shifted, sound ? { decoderConfig: sound } : undefined);
		end = Math.max(end, Math.min(until, packet.timestamp + packet.duration));
	}
	return end;
}

/**
 * Writes a span of a WebM or MP4 as a file of the same kind: it begins with the first key frame in the span, and nothing
 * is encoded again. Null when there is none, and nothing to begin with. Throws when the file cannot be read.
 */
export async function cutFile(from: string, to: string, span: Span, stop: AbortSignal): Promise<Cut | null> {
	const input = new Input({ formats: [WEBM, MP4], source: new FilePathSource(from) });
	try {
		const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
		if (!video) return null;
		const until = span.until / 1000;
		const first = await firstKeyFrame(video, span.from / 1000);
		if (!first || first.timestamp >= until) return null;
		const isMp4 = (await input.getFormat()) === MP4;
		const format = isMp4 ? new Mp4OutputFormat({ fastStart: false }) : new WebMOutputFormat();
		const output = new Output({ format, target: new FilePathTarget(to) });
		try {
			const end = await copyPackets({ video, audio }, output, first.timestamp, until, stop);
			if (end === null) return null;
			await output.finalize();
			const beginning = Math.round(first.timestamp * 1000);
			return { from: beginning, length: Math.round(end * 1000) - beginning };
		} finally {
			if (output.state !== 'finalized') await output.cancel();
		}
	} finally {
		input.dispose();
	}
}
