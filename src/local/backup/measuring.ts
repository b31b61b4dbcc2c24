import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/** What a file or a part of one is compared by. */
export interface Sum {
	size: number;
	sha256: string;
}

/** A stream that passes everything on; `sum` is what went through, once it has ended. */
export function measure(): { stream: Transform; sum: () => Sum } {
	const hash = createHash('sha256');
	let size = 0;
	let sum: Sum | undefined;
	const stream = new Transform({
		transform(chunk: Buffer, _, done) {
			hash.update(chunk);
			size += chunk.length;
			done(null, chunk);
		}
	});
	return { stream, sum: () => (sum ??= { size, sha256: hash.digest('hex') }) };
}

/** Reads a stream to its end. */
export async function sumOf(stream: AsyncIterable<Uint8Array>): Promise<Sum> {
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of stream) {
		hash.update(chunk);
		size += chunk.length;
	}
	return { size, sha256: hash.digest('hex') };
}
