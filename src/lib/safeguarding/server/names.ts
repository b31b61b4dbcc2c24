import { contexts, theSealer } from '#lib/people/sealing.ts';
import { nameForms } from '#lib/safeguarding/names.ts';

/** The keyed hashes by which two spellings of a name match without decrypting them. */
export function hashName(name: string): { key: Buffer; skeleton: Buffer } {
	const { key, skeleton } = nameForms(name);
	return { key: theSealer().hashName(key), skeleton: theSealer().hashName(skeleton) };
}

/** A protected person's own name, sealed, with its hashes for the watch list. */
export function sealOwnName(name: string) {
	return { ...theSealer().seal(name, contexts.realName), hashes: hashName(name) };
}
