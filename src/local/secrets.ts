import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from './data-folder.ts';

const word = (length = 24) => randomBytes(length).toString('base64url');

const makers = {
	superuserPassword: () => word(),
	ownerPassword: () => word(),
	litePassword: () => word(),
	appPassword: () => word(),
	dataPassword: () => word(),
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

// Without these nobody opens the database, what is sealed in it, or a badge that was printed.
const openers = ['superuserPassword', 'ownerPassword', 'litePassword', 'sealingKey', 'badgeKey'] as const;

/** Every secret of one data folder; random, and in no other place. */
export type Secrets = Record<keyof typeof makers, string>;

/**
 * Reads the data folder's secrets, and makes those that are missing. Throws a sentence for people when one is missing that
 * opens what the folder holds: a new one would only lock it.
 */
export function readSecrets(dataFolder: string): Secrets {
	const file = join(dataFolder, 'secrets.json');
	const known = existsSync(file) ? (readJson(file) as Partial<Secrets>) : {};
	const isComplete = existsSync(join(dataFolder, 'complete.json'));
	const missing = isComplete ? openers.filter((name) => known[name] === undefined) : [];
	if (missing.length > 0)
		throw new Error(
			`${file} lacks ${missing.join(', ')}, which opens what this folder holds. This start touches nothing. Put the file back from your copy of the folder.`
		);
	const secrets = Object.fromEntries(
		Object.entries(makers).map(([name, make]) => [name, known[name as keyof Secrets] ?? make()])
	) as Secrets;
	// Renamed into place: a start that is killed here must not leave half a file.
	writeFileSync(`${file}.new`, `${JSON.stringify(secrets, null, '\t')}\n`, { mode: 0o600 });
	renameSync(`${file}.new`, file);
	return secrets;
}
