import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const word = (length = 24) => randomBytes(length).toString('base64url');

const makers = {
	superuserPassword: () => word(),
	ownerPassword: () => word(),
	litePassword: () => word(),
	appPassword: () => word(),
	jwtSecret: () => word(48),
	publishableKey: () => `sb_publishable_${word()}`,
	secretKey: () => `sb_secret_${word(32)}`,
	livekitKey: () => `API${word(9).replaceAll(/[^A-Za-z0-9]/g, 'x')}`,
	livekitSecret: () => word(32),
	stripeKey: () => `sk_test_${word(24).replaceAll(/[^A-Za-z0-9]/g, 'x')}`,
	stripeWebhookSecret: () => `whsec_${word(24).replaceAll(/[^A-Za-z0-9]/g, 'x')}`,
	sealingKey: () => `local:${randomBytes(32).toString('base64')}`,
	pushKey: () => {
		const pair = createECDH('prime256v1');
		pair.generateKeys();
		// Its leading zeros belong to it.
		return Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()])
			.subarray(-32)
			.toString('base64url');
	},
	badgeKey: () =>
		`local:${generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')}`
};

/** Every secret of one data folder; random, and in no other place. */
export type Secrets = Record<keyof typeof makers, string>;

/** Reads the data folder's secrets, and makes those that are missing. */
export function readSecrets(dataFolder: string): Secrets {
	const file = join(dataFolder, 'secrets.json');
	const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>) : {};
	const secrets = Object.fromEntries(
		Object.entries(makers).map(([name, make]) => [name, known[name as keyof Secrets] ?? make()])
	) as Secrets;
	writeFileSync(file, `${JSON.stringify(secrets, null, '\t')}\n`, { mode: 0o600 });
	return secrets;
}
