import { once } from 'node:events';
import { connect } from 'node:net';

/** The result of a scan. */
export type ScanVerdict =
	{ result: 'clean' } | { result: 'refused'; found: string } | { result: 'failed'; why: string };

/** Where clamd listens: `tcp://host:3310`. Null when none is configured. */
export function scannerAddress(url = process.env['CLAMD_URL']): { host: string; port: number } | null {
	if (!url) return null;
	const { hostname, port } = new URL(url);
	return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 3310) };
}

function verdictOf(answer: string): ScanVerdict {
	const [, found] = /^stream: (.+) FOUND$/.exec(answer) ?? [];
	if (found) return { result: 'refused', found };
	if (answer === 'stream: OK') return { result: 'clean' };
	return { result: 'failed', why: answer.slice(0, 150) || 'no answer' };
}

/**
 * Lets clamd scan a stream of bytes, by its INSTREAM command. A scanner that is unavailable, hangs for `timeoutMs` ms
 * or answers anything unknown is a failure and never a clean file.
 */
export async function scan(
	{ host, port }: { host: string; port: number },
	bytes: AsyncIterable<Uint8Array>,
	timeoutMs = 60_000
): Promise<ScanVerdict> {
	const socket = connect({ host, port });
	let answer = '';
	let why = 'closed without an answer';
	socket.setTimeout(timeoutMs, () => socket.destroy(new Error('hangs')));
	socket.setEncoding('utf8').on('data', (text: string) => (answer = (answer + text).slice(0, 4000)));
	socket.on('error', (error: NodeJS.ErrnoException) => (why = error.code ?? error.message));
	const ended = once(socket, 'close').catch(() => undefined);
	const write = async (chunk: Uint8Array | string) => {
		// It may have answered before the end and closed the connection: the file is larger than its limit.
		if (socket.destroyed || socket.readableEnded) return false;
		if (!socket.write(chunk)) await Promise.race([once(socket, 'drain').catch(() => undefined), ended]);
		return true;
	};
	try {
		await write('zINSTREAM\0');
		for await (const chunk of bytes) {
			const length = Buffer.alloc(4);
			length.writeUInt32BE(chunk.length);
			if (chunk.length > 0 && (!(await write(length)) || !(await write(chunk)))) break;
		}
		await write(Buffer.alloc(4));
		await ended;
	} finally {
		socket.destroy();
	}
	return answer.includes('\0') ? verdictOf(answer.slice(0, answer.indexOf('\0'))) : { result: 'failed', why };
}

/** Whether clamd answers its PING within two seconds. */
export async function isScannerThere({ host, port }: { host: string; port: number }): Promise<boolean> {
	const socket = connect({ host, port });
	socket
		.setTimeout(2000, () => socket.destroy())
		.setEncoding('utf8')
		.end('zPING\0');
	let answer = '';
	try {
		for await (const text of socket) answer += text;
	} catch {
		return false;
	}
	return answer === 'PONG\0';
}
