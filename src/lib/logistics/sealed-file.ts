/* The form in which a file that answers a question is stored: its bytes sealed with a key of its own, and its facts and that key
as other answers are. No I/O. */
import { createHash } from 'node:crypto';
import { contexts, sealFile, type Sealer } from '#lib/people/sealing.ts';
import type { GivenFile } from './logistics.ts';

/** The contexts under which the parts of an answer to a question open. */
export const answerContexts = (field: string) => ({
	facts: `${contexts.answer} ${field}`,
	bytes: `${contexts.file} ${field}`,
	key: `${contexts.fileKey} ${field}`
});

/** A file as it is stored: the bytes for the store with their hash, and what the database keeps of it. */
export interface SealedAnswerFile {
	bytes: Buffer;
	sha256: Buffer;
	facts: Buffer;
	key: Buffer;
	keyId: string;
}

/** Seals a file that answers a question. */
export function sealAnswerFile(sealer: Sealer, field: string, content: Uint8Array, given: GivenFile): SealedAnswerFile {
	const within = answerContexts(field);
	const { sealed: bytes, key } = sealFile(content, within.bytes);
	const facts = sealer.seal(JSON.stringify(given), within.facts);
	return {
		bytes,
		sha256: createHash('sha256').update(bytes).digest(),
		facts: facts.sealed,
		key: sealer.seal(key.toString('base64'), within.key).sealed,
		keyId: facts.keyId
	};
}
