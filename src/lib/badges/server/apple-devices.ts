/* Devices with a pass in Apple Wallet: which passes they have, and telling them that one changed. */
import { connect, type ClientHttp2Session } from 'node:http2';
import * as v from 'valibot';
import { callPrivate } from '#lib/database/server/pool.ts';
import type { AppleWallet } from '../wallet-settings.ts';

const Registration = v.pipe(
	v.string(),
	v.parseJson(),
	v.object({ pushToken: v.pipe(v.string(), v.regex(/^[A-Za-z0-9]{16,200}$/)) })
);

/** A device asks to be told of changes, in the form of Apple's protocol. */
export async function addDevice(badge: string, device: string, body: string) {
	const parsed = v.safeParse(Registration, body);
	if (!parsed.success) return 'invalid';
	const [row] = await callPrivate('add_wallet_device', [badge, device, parsed.output.pushToken]);
	return row?.add_wallet_device ?? 'not_found';
}

/** A device has deleted the pass. */
export async function removeDevice(badge: string, device: string): Promise<void> {
	await callPrivate('remove_wallet_device', [badge, device]);
}

/** The passes of a device that changed since a moment that it was told before, and that of the last change; null: none did. */
export async function changedPasses(device: string, since: string | null) {
	const at = since !== null && /^\d{1,11}$/.test(since) ? new Date(Number(since) * 1000) : null;
	const rows = await callPrivate('list_wallet_passes', [device, at?.toISOString() ?? null]);
	const last = rows.at(-1);
	if (!last) return null;
	return {
		serialNumbers: rows.map((row) => row.badge_id),
		lastUpdated: String(Math.floor(last.changed_at.getTime() / 1000))
	};
}

/** Apple's push service, or the one of a test with its certificate. */
export interface ApplePushService {
	url: string;
	ca?: string;
}

const applePush: ApplePushService = { url: 'https://api.push.apple.com' };
const timeoutMs = 10_000;

type PushOutcome = 'sent' | 'gone' | 'failed';

/** What an answer of Apple's push service means: 410, or a token of another pass type, says that the device is gone. */
function outcomeOf(status: number, body: string): PushOutcome {
	if (status === 200) return 'sent';
	return status === 410 || /"(?:BadDeviceToken|DeviceTokenNotForTopic|Unregistered)"/.test(body) ? 'gone' : 'failed';
}

function push(session: ClientHttp2Session, topic: string, token: string): Promise<PushOutcome> {
	return new Promise((settle) => {
		let status = 0;
		let body = '';
		const request = session.request({ ':method': 'POST', ':path': `/3/device/${token}`, 'apns-topic': topic });
		request.setEncoding('utf8').setTimeout(timeoutMs, () => request.close());
		request.on('response', (headers) => (status = headers[':status'] ?? 0));
		request.on('data', (piece: string) => (body = (body + piece).slice(0, 1000)));
		request.on('error', () => undefined);
		request.on('close', () => settle(outcomeOf(status, body)));
		// What changed is not said: the device asks.
		request.end('{}');
	});
}

/** Tells each device of which a pass changed, over one connection. Ends where Apple's service takes none. */
export async function pushToDevices(wallet: AppleWallet, service = applePush): Promise<void> {
	let session: ClientHttp2Session | undefined;
	let isTaking = true;
	try {
		while (isTaking) {
			const claimed = await callPrivate('claim_wallet_pushes');
			if (claimed.length === 0) break;
			session ??= connect(service.url, { cert: wallet.certificate, key: wallet.key, ca: service.ca }).on(
				'error',
				() => undefined
			);
			const open = session;
			const outcomes = await Promise.all(
				claimed.map(async ({ badge_id: badge, device, push_token: token }) => {
					const outcome = open.destroyed ? 'failed' : await push(open, wallet.passType, token);
					await callPrivate('record_wallet_push', [badge, device, outcome]);
					return outcome;
				})
			);
			isTaking = outcomes.some((outcome) => outcome !== 'failed');
		}
	} finally {
		session?.close();
	}
}
