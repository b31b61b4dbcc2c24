import { Buckets } from '#lib/accounts/buckets.ts';
import { clientOf } from '#lib/accounts/client-address.ts';
import { log } from '#lib/audit/server/log.ts';
import { readAppleWallet } from '#lib/badges/wallet-settings.ts';
import { bodyWithin } from '#lib/forms/server/request-body.ts';
import * as v from 'valibot';
import { answer } from '../wallet.server.ts';
import type { RequestHandler } from './$types';

const Messages = v.pipe(
	v.string(),
	v.parseJson(),
	v.object({ logs: v.pipe(v.array(v.string()), v.minLength(1), v.maxLength(100)) })
);

// Anybody may write here, so few do, and briefly.
const messages = new Buckets({ burst: 10, perSecond: 0.1 });

/** The sentence of a device without what names it, a pass or a person. */
const withoutNames = (message: string): string =>
	message
		.replace(/[\w.%+-]+@[\w.-]+|https?:\/\/\S+|[\w-]{20,}/g, '…')
		.replace(/[\s\p{Cc}]+/gu, ' ')
		.slice(0, 200);

/** What went wrong on a device, as Apple's Wallet reports it. */
export const POST: RequestHandler = async (event) => {
	if (!readAppleWallet(process.env)) return answer(404);
	if (!messages.take(clientOf(event), Date.now())) return answer(429);
	const body = await bodyWithin(event.request, 20_000);
	if (!body) return answer(413);
	const parsed = v.safeParse(Messages, body.toString());
	if (!parsed.success) return answer(400);
	const { logs } = parsed.output;
	log.warn({ count: logs.length, first: withoutNames(logs[0] ?? '') }, 'a device reports errors of wallet passes');
	return answer(200);
};
