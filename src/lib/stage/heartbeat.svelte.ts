/** The report of an open stage page. */
export interface Heartbeat {
	run: string;
	/** Random for this visit; it identifies nobody. */
	visit: string;
	/** Null: the original. */
	language: string | null;
	/** It shows captions, without video and audio. */
	reading: boolean;
	/** It shows the stream for a large audience, some seconds late. */
	late?: boolean;
}

// Browsers wake a page in the background once a minute; after 90 seconds of silence it counts as closed.
const every = 40_000;

/** Tells the server while a page watches, listens or reads. Call it in a component's script; null: it does not. */
export function sendHeartbeats(address: () => string, now: () => Omit<Heartbeat, 'visit'> | null): void {
	let visit: string | null = null;
	const current = $derived(JSON.stringify(now()));
	$effect(() => {
		if (current === 'null') return;
		const body = JSON.stringify({ ...(JSON.parse(current) as object), visit: (visit ??= drawn()) });
		const to = address();
		// Nothing waits for it: the next one repeats it.
		const send = () =>
			void fetch(to, { method: 'POST', headers: { 'content-type': 'application/json' }, body, keepalive: true }).catch(
				() => undefined
			);
		send();
		const timer = setInterval(send, every);
		return () => clearInterval(timer);
	});
}

function drawn(): string {
	const bytes = crypto.getRandomValues(new Uint8Array(12));
	return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
