const most = 3_000_000;
const timeoutMs = 4000;
const piece = 400_000;

/** Bits per second from `address`; null when nothing arrived. At most three megabytes or four seconds. */
export async function measureDown(address: string): Promise<number | null> {
	try {
		const response = await fetch(`${address}?bytes=${most}`, {
			cache: 'no-store',
			signal: AbortSignal.timeout(15_000)
		});
		const reader = response.ok ? response.body?.getReader() : undefined;
		if (!reader) return null;
		// The first byte takes a round trip, which does not belong to the speed.
		const began = performance.now();
		let bytes = 0;
		while (performance.now() - began < timeoutMs) {
			const { done, value } = await reader.read();
			if (done) break;
			bytes += value.length;
		}
		const elapsed = performance.now() - began;
		await reader.cancel();
		return perSecond(bytes, elapsed);
	} catch {
		return null;
	}
}

/** Bits per second to `address`; null when nothing was sent. */
export async function measureUp(address: string): Promise<number | null> {
	const body = new Uint8Array(piece);
	// Random bytes: zeros would be compressed on the way.
	for (let at = 0; at < piece; at += 65_536) crypto.getRandomValues(body.subarray(at, Math.min(piece, at + 65_536)));
	const began = performance.now();
	let bytes = 0;
	try {
		while (performance.now() - began < timeoutMs && bytes < 4 * piece) {
			const headers = { 'content-type': 'application/octet-stream' };
			const response = await fetch(address, { method: 'POST', headers, body, signal: AbortSignal.timeout(20_000) });
			if (!response.ok) break;
			bytes += piece;
		}
	} catch {
		// What was sent before counts.
	}
	return perSecond(bytes, performance.now() - began);
}

function perSecond(bytes: number, elapsed: number): number | null {
	return bytes > 0 && elapsed > 0 ? (bytes * 8000) / elapsed : null;
}
