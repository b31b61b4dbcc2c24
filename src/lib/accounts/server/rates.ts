import type { RequestEvent } from '@sveltejs/kit';
import { Buckets } from '#lib/accounts/buckets.ts';

// A person fills in forms; a script does not. Whole offices, and all readers behind a proxy, share one address.
const posts = new Buckets({ burst: 600, perSecond: 20 });
const postsSignedIn = new Buckets({ burst: 120, perSecond: 4 });
// A morning at a door: two badges a second, and what waited from without a network.
const scans = new Buckets({ burst: 600, perSecond: 10 });

/** Whether this client has sent too much too fast. */
export function limited(event: RequestEvent, now = Date.now()): boolean {
	const session = event.cookies.getAll().find(({ name }) => name.startsWith('gs-session'))?.value;
	// A session's own bucket keeps colleagues behind one address apart; an invented one gains nothing over the address's.
	const address = event.getClientAddress();
	return session
		? !(event.route.id?.startsWith('/(door)') ? scans : postsSignedIn).take(session.slice(0, 400), now) ||
				!sharedAddress.take(address, now)
		: !posts.take(address, now);
}

const sharedAddress = new Buckets({ burst: 6000, perSecond: 300 });
