/* The secrets of endpoints and the signatures of what is sent, as Standard Webhooks has them. */
import { createHmac, randomBytes } from 'node:crypto';
import type { WebhookTarget } from '#lib/database/answers/webhooks.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';

const prefix = 'whsec_';

/** A new secret, as it is shown to who adds an endpoint. */
export const newSecret = (): string => prefix + randomBytes(32).toString('base64');

/** A secret for the database; it opens for its endpoint alone. */
export function sealSecret(secret: string, endpoint: string): { secret_sealed: string; key_id: string } {
	const { sealed, keyId } = theSealer().seal(secret, `${contexts.webhookSecret} ${endpoint}`);
	return { secret_sealed: sealed.toString('hex'), key_id: keyId };
}

/** The secrets that sign, the newest first; [] where the one in force cannot be opened. */
export function openSecrets(sealed: WebhookTarget): string[] {
	const context = `${contexts.webhookSecret} ${sealed.endpoint_id}`;
	const secret = theSealer().tryOpen(sealed.secret_sealed, sealed.key_id, context);
	if (secret === null) return [];
	const { old_secret_sealed: old, old_key_id: oldKey } = sealed;
	const before = old && oldKey !== null ? theSealer().tryOpen(old, oldKey, context) : null;
	return before === null ? [secret] : [secret, before];
}

/** The value of `webhook-signature`: one signature for each secret. `timestamp` is in seconds. */
export function signatureOf(id: string, timestamp: number, body: string, secrets: readonly string[]): string {
	return secrets
		.map((secret) => {
			const key = Buffer.from(secret.slice(prefix.length), 'base64');
			return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
		})
		.join(' ');
}
