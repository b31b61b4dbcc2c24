import {
	EncodedAudioPacketSource,
	EncodedPacket,
	EncodedPacketSink,
	EncodedVideoPacketSource,
	FilePathSource,
	FilePathTarget,
	Input,
	Output,
	WEBM,
	WebMOutputFormat,
	type InputTrack
} from 'mediabunny';
import { endOfFile } from './disk-errors.ts';

/** One part on the disk. Everything after `most` milliseconds is cut off. */
export interface PartFile {
	number: number;
	path: string;
	most: number;
}

/** The length of the file and of each part, in milliseconds. */
interface Joined {
	length: number;
	lengths: Record<number, number>;
}

interface Sides {
	video: EncodedVideoPacketSource;
	audio: GaplessAudio;
}

// 20 milliseconds of silence in Opus (RFC 6716).
const silence = { bytes: Uint8Array.of(0xf8, 0xff, 0xfe), seconds: 0.02 };
// Chromium's time stamps vary by some milliseconds.
const tolerance = 0.06;

/**
 * The audio of the file, with silence where a part has none: players do not wait where there are no packets, and everything that
 * follows would be heard before its picture is seen.
 */
class GaplessAudio {
	readonly source = new EncodedAudioPacketSource('opus');
	#config: AudioDecoderConfig | undefined;
	#end = 0;

	/** Adds a packet, after silence up to it. Times are seconds of the file. */
	async add(packet: EncodedPacket, config: AudioDecoderConfig): Promise<void> {
		this.#config ??= config;
		await this.fill(packet.timestamp);
		await this.source.add(packet, { decoderConfig: config });
		this.#end = packet.timestamp + packet.duration;
	}

	/** Adds silence from the last packet to `until`. */
	async fill(until: number): Promise<void> {
		if (!this.#config || until - this.#end < tolerance) return;
		for (; this.#end + silence.seconds <= until; this.#end += silence.seconds)
			await this.source.add(new EncodedPacket(silence.bytes, 'key', this.#end, silence.seconds), {
				decoderConfig: this.#config
			});
	}
}

/** The packets of several tracks, by their time. `side` is the index of the track. */
export async function* packetsInOrder(tracks: InputTrack[]): AsyncGenerator<{ side: number; packet: EncodedPacket }> {
	const sides = tracks.map((track) => new EncodedPacketSink(track).packets());
	const next = await Promise.all(sides.map((side) => side.next()));
	for (;;) {
		const waiting = next.flatMap((one, side) => (one.done ? [] : [{ side, packet: one.value }]));
		const first = waiting.sort((a, b) => a.packet.timestamp - b.packet.timestamp)[0];
		if (!first) return;
		yield first;
		const source = sides[first.side];
		if (source) next[first.side] = await source.next();
	}
}

// A part that was cut off within a piece is valid up to there: it ends at the first unreadable byte.
async function addPart(part: PartFile, sides: Sides, from: number): Promise<number> {
	const input = new Input({ formats: [WEBM], source: new FilePathSource(part.path) });
	let end = 0;
	try {
		const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
		if (!video || !audio) return 0;
		const [videoConfig, audioConfig] = [await video.getDecoderConfig(), await audio.getDecoderConfig()];
		if (!videoConfig || !audioConfig) return 0;
		let isFirst = true;
		for await (const { side, packet } of packetsInOrder([video, audio])) {
			const stop = packet.timestamp + packet.duration;
			if (packet.timestamp * 1000 >= part.most) break;
			const shifted = packet.clone({ timestamp: from + Math.max(0, packet.timestamp) });
			if (side === 0) {
				// Nothing can be shown before the first key frame.
				if (isFirst && packet.type !== 'key') continue;
				isFirst = false;
				await sides.video.add(shifted, { decoderConfig: videoConfig });
			} else await sides.audio.add(shifted, audioConfig);
			end = Math.max(end, stop);
		}
	} catch (error) {
		// The blocks before the error are in the file already.
		endOfFile(error);
	} finally {
		input.dispose();
	}
	await sides.audio.fill(from + end);
	return end;
}

/**
 * Joins the parts into one WebM, in order, with its length and an index: MediaRecorder writes neither, and without them
 * nobody can seek. Nothing is encoded again. Null when no part contains anything.
 */
export async function joinParts(parts: readonly PartFile[], path: string): Promise<Joined | null> {
	const output = new Output({ format: new WebMOutputFormat(), target: new FilePathTarget(path) });
	const sides = { video: new EncodedVideoPacketSource('vp8'), audio: new GaplessAudio() };
	output.addVideoTrack(sides.video);
	output.addAudioTrack(sides.audio.source);
	try {
		await output.start();
		const lengths: Record<number, number> = {};
		let length = 0;
		for (const part of parts) {
			const added = await addPart(part, sides, length);
			lengths[part.number] = Math.round(added * 1000);
			length += added;
		}
		if (length === 0) return null;
		await output.finalize();
		return { length: Math.round(length * 1000), lengths };
	} finally {
		if (output.state !== 'finalized') await output.cancel();
	}
}
