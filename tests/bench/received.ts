/* What a page receives over WebRTC, by the browser's own statistics: no sound card and no screen are needed to measure it. */
import type { Page } from 'playwright';

declare global {
	interface Window {
		connections?: RTCPeerConnection[];
	}
}

/** Stores the page's peer connections. Call it before the page is opened. */
export async function watchConnections(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const connections: RTCPeerConnection[] = (window.connections = []);
		const Original = window.RTCPeerConnection;
		window.RTCPeerConnection = class extends Original {
			constructor(configuration?: RTCConfiguration) {
				super(configuration);
				connections.push(this);
			}
		};
	});
}

/** Milliseconds since `began` (by the clock of this machine) until a new video frame is decoded. */
export function untilFrame(page: Page, began: number, timeoutMs = 60_000): Promise<number> {
	return page.evaluate(
		async ([start, most]) => {
			const frames = async () => {
				let count = 0;
				for (const connection of window.connections ?? [])
					(await connection.getStats().catch(() => new Map<string, unknown>())).forEach((stat: unknown) => {
						const { type, framesDecoded = 0 } = stat as { type: string; framesDecoded?: number };
						if (type === 'inbound-rtp') count += framesDecoded;
					});
				return count;
			};
			// A closed connection takes its count with it: any increase from here is a new frame.
			for (let before = await frames(); Date.now() < start + most;) {
				await new Promise((done) => setTimeout(done, 10));
				const now = await frames();
				if (now > before) return Date.now() - start;
				before = now;
			}
			throw new Error('No frame came.');
		},
		[began, timeoutMs] as const
	);
}

/** Milliseconds since `began` until the last packet of audio or video, when nothing has come for a second. */
export function untilSilence(page: Page, began: number, timeoutMs = 20_000): Promise<number> {
	return page.evaluate(
		async ([start, most]) => {
			const packets = async () => {
				let count = 0;
				for (const connection of window.connections ?? [])
					(await connection.getStats().catch(() => new Map<string, unknown>())).forEach((stat: unknown) => {
						const { type, packetsReceived = 0 } = stat as { type: string; packetsReceived?: number };
						if (type === 'inbound-rtp') count += packetsReceived;
					});
				return count;
			};
			let last = Date.now();
			for (let before = await packets(); Date.now() < start + most;) {
				await new Promise((done) => setTimeout(done, 10));
				const now = await packets();
				if (now > before) last = Date.now();
				before = now;
				if (Date.now() - last > 1000) return Math.max(0, last - start);
			}
			throw new Error('It never fell silent.');
		},
		[began, timeoutMs] as const
	);
}
