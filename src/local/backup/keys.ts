/* The keys that open what is sealed in a database. They are never in a backup: they are written to a file of their own, to be kept elsewhere. */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { createReadStream } from 'node:fs';
import * as v from 'valibot';
import { decryptText, encryptText } from './encryption.ts';

const schema = v.object({
	SEALING_KEY: v.string(),
	BADGE_KEY: v.string(),
	PUSH_KEY: v.optional(v.string())
});

/** The keys of an installation, by the names of their variables. */
export type Keys = v.InferOutput<typeof schema>;

/** Writes the keys, encrypted, to a new file. */
export async function writeKeys(file: string, keys: Keys, recipients: readonly string[]): Promise<void> {
	if (existsSync(file)) throw new Error(`${file} is there already: it is not overwritten.`);
	const text = JSON.stringify({ of: 'global-summit', madeAt: new Date().toISOString(), ...keys }, null, '\t');
	// Renamed into place: half a file of keys must not look like one.
	writeFileSync(`${file}.new`, await encryptText(`${text}\n`, recipients), { mode: 0o600, flush: true });
	renameSync(`${file}.new`, file);
}

/** Reads such a file. Throws a sentence for people. */
export async function readKeys(file: string, identities: readonly string[]): Promise<Keys> {
	if (!existsSync(file)) throw new Error(`There is no file ${file}.`);
	try {
		return v.parse(schema, JSON.parse(await decryptText(createReadStream(file), identities)));
	} catch (error) {
		const reason = error instanceof Error && /identity/.test(error.message) ? ` ${error.message}` : '';
		throw new Error(`${file} is not a file of keys that this identity opens.${reason}`, { cause: error });
	}
}
