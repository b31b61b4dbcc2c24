const everyMs = 4000;

/**
 * Tells partners that a page of a booth is there, and reads the booth again each time: that a partner has left is no event.
 * Answers what stops it. `address`: of the route that takes heartbeats.
 */
export function sendBoothHeartbeats(address: string, run: string, reload: () => void): () => void {
	const send = () =>
		void fetch(address, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ run })
		}).catch(() => undefined);
	send();
	const timer = setInterval(() => {
		send();
		reload();
	}, everyMs);
	return () => clearInterval(timer);
}
