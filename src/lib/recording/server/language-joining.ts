import {
	EncodedAudioPacketSource,
	EncodedPacketSink,
	FilePathSource,
	FilePathTarget,
	Input,
	Output,
	WEBM,
	WebMOutputFormat,
	type EncodedPacket
} from 'mediabunny';
import { endOfFile } from './disk-errors.ts';

/** A file with the sound of a language, and the part of the picture that it belongs to, in milliseconds of the picture. */
export interface LanguagePart {
	path: string;
	/** Where its first sample belongs. */
	begins: number;
	/** Everything from here on is cut off. */
	ends: number;
}

/** A span in milliseconds. */
export interface Silenced {
	from: number;
	until: number;
}

// Time stamps of MediaRecorder vary by some milliseconds. Seconds.
const tolerance = 0.06;
const step = 0.005;
// The last packet of a cluster has no duration in the file; a packet of Opus lasts 20 milliseconds at least.
const lasts = (packet: EncodedPacket) => Math.max(packet.duration, 0.02);

/** One sound track in the making: what a language does not have is taken from the original. */
class LanguageTrack {
	/** For how long the original is heard, in seconds. */
	filled = 0;
	readonly source = new EncodedAudioPacketSource('opus');
	readonly #config: AudioDecoderConfig;
	readonly #original: AsyncIterator<EncodedPacket>;
	#next: EncodedPacket | undefined;
	#begin = 0;
	#end = 0;

	constructor(config: AudioDecoderConfig, original: AsyncIterable<EncodedPacket>) {
		this.#config = config;
		this.#original = original[Symbol.asyncIterator]();
	}

	async add(packet: EncodedPacket, at: number): Promise<void> {
		await this.fill(at);
		// Time stamps must not go back.
		await this.#write(packet, Math.max(at, this.#begin));
	}

	/** Adds the original from the last packet to `until`, in seconds. */
	async fill(until: number): Promise<void> {
		if (until - this.#end < tolerance) return;
		this.filled += until - this.#end;
		for (;;) {
			this.#next ??= ((await this.#original.next()) as { value?: EncodedPacket }).value;
			const packet = this.#next;
			if (!packet || packet.timestamp + lasts(packet) > until + step) return;
			this.#next = undefined;
			if (packet.timestamp >= this.#end - step) await this.#write(packet, Math.max(packet.timestamp, this.#begin));
		}
	}

	async #write(packet: EncodedPacket, at: number): Promise<void> {
		await this.source.add(packet.clone({ timestamp: at }), { decoderConfig: this.#config });
		this.#begin = at;
		this.#end = at + lasts(packet);
	}
}

const isIn = (spans: readonly Silenced[], from: number, until: number) =>
	spans.some((span) => from < span.until && until > span.from);

// A part that broke off is valid up to there. Answers for how long voices were left out, in seconds.
async function addPart(part: LanguagePart, track: LanguageTrack, silenced: readonly Silenced[]): Promise<number> {
	const input = new Input({ formats: [WEBM], source: new FilePathSource(part.path) });
	let left = 0;
	try {
		const audio = await input.getPrimaryAudioTrack().catch(endOfFile);
		const packets = audio && new EncodedPacketSink(audio).packets();
		for (;;) {
			// It ends at the first unreadable byte.
			const packet = await packets?.next().then(({ value }) => value as EncodedPacket | undefined, endOfFile);
			const at = part.begins / 1000 + Math.max(0, packet?.timestamp ?? 0);
			if (!packet || at * 1000 >= part.ends) return left;
			if (at < 0) continue;
			if (isIn(silenced, at * 1000, (at + lasts(packet)) * 1000)) left += lasts(packet);
			else await track.add(packet, at);
		}
	} finally {
		input.dispose();
	}
}

/**
 * Joins the parts of a language into one WebM as long as the picture, at the same positions. Where a part is missing, and
 * in the spans that are silenced, it has the original. Nothing is encoded again. Answers for how long parts were missing, in
 * milliseconds; throws when the picture cannot be read.
 */
export async function joinLanguage(
	picture: string,
	parts: readonly LanguagePart[],
	silenced: readonly Silenced[],
	path: string,
	stop: AbortSignal
): Promise<{ missing: number }> {
	const input = new Input({ formats: [WEBM], source: new FilePathSource(picture) });
	try {
		const original = await input.getPrimaryAudioTrack();
		const config = await original?.getDecoderConfig();
		if (!original || !config) throw new Error('The picture has no sound.');
		const length = await input.computeDuration();
		const track = new LanguageTrack(config, new EncodedPacketSink(original).packets());
		const output = new Output({ format: new WebMOutputFormat(), target: new FilePathTarget(path) });
		output.addAudioTrack(track.source);
		await output.start();
		try {
			let left = 0;
			for (const part of parts) {
				stop.throwIfAborted();
				left += await addPart(part, track, silenced);
			}
			await track.fill(length);
			await output.finalize();
			const missing = Math.round((track.filled - left) * 1000);
			// A recorder begins and ends some moments after that of the picture.
			return { missing: missing < 2000 ? 0 : missing };
		} finally {
			if (output.state !== 'finalized') await output.cancel();
		}
	} finally {
		input.dispose();
	}
}

/** Writes a span of a sound file as a file of its own. Sound has no key frames: it begins exactly there. */
export async function cutSound(from: string, to: string, span: Silenced, stop: AbortSignal): Promise<void> {
	const input = new Input({ formats: [WEBM], source: new FilePathSource(from) });
	try {
		const audio = await input.getPrimaryAudioTrack();
		const decoderConfig = await audio?.getDecoderConfig();
		if (!audio || !decoderConfig) throw new Error('The file has no sound.');
		const output = new Output({ format: new WebMOutputFormat(), target: new FilePathTarget(to) });
		const source = new EncodedAudioPacketSource('opus');
		output.addAudioTrack(source);
		await output.start();
		try {
			const [first, last] = [span.from / 1000, span.until / 1000];
			for await (const packet of new EncodedPacketSink(audio).packets()) {
				stop.throwIfAborted();
				if (packet.timestamp < first) continue;
				if (packet.timestamp >= last) break;
				await source.add(packet.clone({ timestamp: packet.timestamp - first }), { decoderConfig });
			}
			await output.finalize();
		} finally {
			if (output.state !== 'finalized') await output.cancel();
		}
	} finally {
		input.dispose();
	}
}
