import { createHmac } from 'node:crypto';
import type { StripeEventObject } from './objects.ts';

/** Delivers events to the app as Stripe does: signed, at least once, again when the answer is no 2xx. */
export interface Delivery {
	send(event: StripeEventObject): void;
	/** While held, nothing is delivered. */
	hold(): void;
	/** Delivers what was held, in the order given. */
	release(order: 'forward' | 'backward'): Promise<void>;
	/** Delivers one event now, even if it was delivered before. Returns the app's status. */
	again(event: StripeEventObject): Promise<number>;
	/** Settles when nothing is under way. */
	idle(): Promise<void>;
	stop(): void;
}

const pauses = [1_000, 3_000, 10_000, 30_000, 120_000, 600_000, 3_600_000];

/** Stripe's signature header over a body. */
function signatureOf(body: string, secret: string, seconds = Math.floor(Date.now() / 1000)): string {
	return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}

/** Opens a way to `address`, the app's webhook. */
export function openDelivery(address: string, secret: string): Delivery {
	let held: StripeEventObject[] | undefined;
	const timers = new Set<NodeJS.Timeout>();
	let tail: Promise<unknown> = Promise.resolve();

	async function post(event: StripeEventObject): Promise<number> {
		const body = JSON.stringify(event);
		try {
			const response = await fetch(address, {
				method: 'POST',
				headers: {
					'content-type': 'application/json; charset=utf-8',
					'stripe-signature': signatureOf(body, secret),
					'user-agent': 'Stripe/1.0 (stand-in)'
				},
				body,
				redirect: 'manual',
				signal: AbortSignal.timeout(20_000)
			});
			await response.arrayBuffer();
			return response.status;
		} catch {
			return 0;
		}
	}
	async function attempt(event: StripeEventObject, times = 0): Promise<void> {
		const status = await post(event);
		if (status >= 200 && status < 300) {
			event.pending_webhooks = 0;
			return;
		}
		const pause = pauses[times];
		if (pause === undefined) return;
		const timer = setTimeout(() => {
			timers.delete(timer);
			queue(event, times + 1);
		}, pause);
		timer.unref();
		timers.add(timer);
	}
	function queue(event: StripeEventObject, times = 0): void {
		tail = tail.then(() => attempt(event, times));
	}
	return {
		send: (event) => (held ? void held.push(event) : queue(event)),
		hold: () => void (held ??= []),
		async release(order) {
			const events = held ?? [];
			held = undefined;
			for (const event of order === 'backward' ? events.toReversed() : events) queue(event);
			await tail;
		},
		again: post,
		idle: async () => void (await tail),
		stop() {
			for (const timer of timers) clearTimeout(timer);
		}
	};
}
