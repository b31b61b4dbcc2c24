/* Encryption with age (https://age-encryption.org): with a recipient anybody encrypts, and only its identity decrypts. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';

type WebStream = globalThis.ReadableStream<Uint8Array>;

/** Makes an identity in a new file that only its owner can read, and answers its recipient. The format is that of `age-keygen`. */
export async function makeKey(file: string): Promise<string> {
	const identity = await generateX25519Identity();
	const recipient = await identityToRecipient(identity);
	const text = `# created: ${new Date().toISOString()}\n# public key: ${recipient}\n${identity}\n`;
	try {
		writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true });
	} catch (error) {
		if ((error as { code?: unknown }).code === 'EEXIST')
			throw new Error(`${file} is there already: it is not overwritten.`, { cause: error });
		throw error;
	}
	return recipient;
}

/** The identities in a file. */
export function readIdentities(file: string): string[] {
	const lines = readFileSync(file, 'utf8').split('\n');
	const found = lines.map((line) => line.trim()).filter((line) => /^AGE-SECRET-KEY-/i.test(line));
	if (found.length === 0)
		throw new Error(
			`${file} has no identity: it is the file that \`npm run backup -- --make-key\` or \`age-keygen\` made.`
		);
	return found;
}

/** The recipients in BACKUP_RECIPIENTS. Throws a sentence for people when there is none, or one that is not in its form. */
export function readRecipients(setting = ''): string[] {
	const recipients = [...new Set(setting.split(/[\s,]+/).filter(Boolean))].sort();
	if (recipients.length === 0)
		throw new Error(
			'BACKUP_RECIPIENTS is missing: the public keys that a backup is encrypted to, age1…, by comma. `npm run backup -- --make-key FILE` makes one.'
		);
	for (const recipient of recipients) {
		if (/^AGE-SECRET-KEY/i.test(recipient))
			throw new Error(
				'BACKUP_RECIPIENTS holds a secret key. This server must not have it: give its public key, age1…, and keep the secret one elsewhere.'
			);
		try {
			new Encrypter().addRecipient(recipient);
		} catch {
			throw new Error(`BACKUP_RECIPIENTS: "${recipient}" is not a public key of age (age1…).`);
		}
	}
	return recipients;
}

/** A short name for a set of recipients. */
export function nameOfRecipients(recipients: readonly string[]): string {
	return createHash('sha256').update(recipients.join('\n')).digest('hex').slice(0, 16);
}

/** The encrypted form of a stream, which is never held whole. */
export async function encrypt(plain: Readable, recipients: readonly string[]): Promise<Readable> {
	const encrypter = new Encrypter();
	for (const recipient of recipients) encrypter.addRecipient(recipient);
	const web = await encrypter.encrypt(Readable.toWeb(plain) as WebStream);
	return Readable.fromWeb(web as ReadableStream<Uint8Array>);
}

/** The plain form of an encrypted stream. What was cut off or changed ends it with an error. */
export async function decrypt(encrypted: Readable, identities: readonly string[]): Promise<Readable> {
	const decrypter = new Decrypter();
	for (const identity of identities) decrypter.addIdentity(identity);
	try {
		const web = await decrypter.decrypt(Readable.toWeb(encrypted) as WebStream);
		return Readable.fromWeb(web as ReadableStream<Uint8Array>);
	} catch (error) {
		encrypted.destroy();
		if (error instanceof Error && /no identity matched/.test(error.message))
			throw new Error('This identity does not open it: it was encrypted to other recipients.', { cause: error });
		throw error;
	}
}

/** A small text, encrypted. */
export async function encryptText(text: string, recipients: readonly string[]): Promise<Buffer> {
	const encrypter = new Encrypter();
	for (const recipient of recipients) encrypter.addRecipient(recipient);
	return Buffer.from(await encrypter.encrypt(text));
}

/** A small text, decrypted. */
export async function decryptText(encrypted: Readable, identities: readonly string[]): Promise<string> {
	const parts: Buffer[] = [];
	for await (const part of await decrypt(encrypted, identities)) parts.push(Buffer.from(part as Uint8Array));
	return Buffer.concat(parts).toString('utf8');
}
