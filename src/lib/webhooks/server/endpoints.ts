import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Enums } from '#lib/database/types.ts';
import { checkedAddresses, endpointUrl } from '../addresses.ts';
import { allowsLoopback, sendTestEvent } from './sending.ts';
import { newSecret, sealSecret } from './signing.ts';

/** What an owner enters about an endpoint. */
export interface EndpointForm {
	url: string;
	description: string;
	kinds: Enums<'webhook_kind'>[];
}

// Somebody waits for the page.
const resolveTimeoutMs = 5000;

/**
 * The address that was entered, as it is stored; why it is refused: its form, a name that is not found, or an address that
 * is not public.
 */
export async function checkEndpointUrl(entered: string): Promise<URL | 'form' | 'name' | 'address'> {
	const url = endpointUrl(entered, allowsLoopback());
	if (!url) return 'form';
	const found = await Promise.race([
		checkedAddresses(url, (hostname) => lookup(hostname, { all: true, verbatim: true })),
		pause(resolveTimeoutMs, 'name' as const, { ref: false })
	]);
	return typeof found === 'string' ? found : url;
}

/** Adds an endpoint under the id of its form, with a new secret, which is shown once. */
export async function addWebhook(client: DataClient, summit: string, endpoint: string, form: EndpointForm) {
	const secret = newSecret();
	const sealed = sealSecret(secret, endpoint);
	return { status: await rpc(client, 'add_webhook', { summit, endpoint, ...form, ...sealed }), secret };
}

/** Gives an endpoint a new secret, which is shown once; the one before signs too for a day. */
export async function rotateSecret(client: DataClient, endpoint: string) {
	const secret = newSecret();
	return { status: await rpc(client, 'rotate_webhook_secret', { endpoint, ...sealSecret(secret, endpoint) }), secret };
}

/** Sends a test event, and answers what the endpoint answered. */
export async function testEndpoint(client: DataClient, endpoint: string) {
	const begun = await rpc(client, 'begin_webhook_test', { endpoint });
	return begun.status === 'ok' ? { status: 'ok' as const, outcome: await sendTestEvent(begun.delivery) } : begun;
}
