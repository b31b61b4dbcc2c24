import type { Room } from 'livekit-client';

/** The interval of checks, and after how many without a byte the site is pinged. */
const every = 500;
const quietChecks = 3;

/** What a watch needs of its page; replaced in tests. */
interface CutWatchOptions {
	/** Bytes received until now; null where nothing countable arrives. */
	received: () => Promise<number | null>;
	/** Whether the site answers within so many milliseconds. */
	answers: (within: number) => Promise<boolean>;
	oncut: () => void;
	onback: () => void;
}

/**
 * Notices a cut connection within four seconds, where LiveKit itself waits for up to half a minute: no byte arrives any more, and the site
 * does not answer either. While people are only silent, the site does.
 */
export class CutWatch {
	readonly #line: CutWatchOptions;
	#last: number | null = null;
	#quiet = 0;
	#isCut = false;

	constructor(line: CutWatchOptions) {
		this.#line = line;
	}

	/** One check. */
	async check(): Promise<void> {
		const received = await this.#line.received();
		const isQuiet = received !== null && received === this.#last;
		this.#last = received;
		this.#quiet = isQuiet ? this.#quiet + 1 : 0;
		if (!isQuiet && received !== null) this.#back();
		// Once for each silence: many pages notice the same one.
		if (this.#quiet === quietChecks && !this.#isCut && !(await this.#line.answers(1500))) this.#cut();
	}

	/** The browser itself reports that it is offline. */
	offline(): void {
		this.#cut();
	}

	/** LiveKit reports that the connection is back. */
	reset(): void {
		this.#isCut = false;
		this.#quiet = 0;
	}

	#cut(): void {
		if (this.#isCut) return;
		this.#isCut = true;
		this.#line.oncut();
	}

	#back(): void {
		if (!this.#isCut) return;
		this.#isCut = false;
		this.#line.onback();
	}
}

/** Watches the connection of a room; the returned function ends it. */
export function watchForCut(room: Room, { oncut, onback }: Pick<CutWatchOptions, 'oncut' | 'onback'>): () => void {
	const watch = new CutWatch({ received: () => receivedOf(room), answers: siteAnswers, oncut, onback });
	let isChecking = false;
	const timer = setInterval(() => {
		if (isChecking || document.hidden) return;
		isChecking = true;
		void watch.check().finally(() => (isChecking = false));
	}, every);
	const offline = () => watch.offline();
	addEventListener('offline', offline);
	return () => {
		clearInterval(timer);
		removeEventListener('offline', offline);
	};
}

async function siteAnswers(within: number): Promise<boolean> {
	const init = { method: 'HEAD', signal: AbortSignal.timeout(within), cache: 'no-store' as const };
	return fetch('/healthz', init).then(
		() => true,
		() => false
	);
}

// Everything arrives over one transport: any of its receivers counts it.
async function receivedOf(room: Room): Promise<number | null> {
	for (const one of room.remoteParticipants.values())
		for (const { track } of one.trackPublications.values()) {
			const report = await track?.receiver?.getStats().catch(() => null);
			if (!report) continue;
			let own: number | null = null;
			for (const stat of (report as ReadonlyMap<string, { type: string; bytesReceived?: number }>).values()) {
				if (stat.type === 'transport' && stat.bytesReceived !== undefined) return stat.bytesReceived;
				if (stat.type === 'inbound-rtp') own = (own ?? 0) + (stat.bytesReceived ?? 0);
			}
			if (own !== null) return own;
		}
	return null;
}
