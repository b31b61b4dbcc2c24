import { rpc } from '#lib/database/server/rpc.ts';
import type { OwnLogistics } from '#lib/logistics/logistics.ts';
import type { LetterContent, LetterHead } from '#lib/logistics/letter.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { SealedField } from '#lib/database/answers/logistics.ts';

/** The context of an answer: it decrypts for no other field. */
const placeOf = (field: string) => `${contexts.answer} ${field}`;

/** Decrypts an answer; '' when there is none, or its key is gone. */
export function openAnswer(
	field: string,
	{ answer_sealed, key_id }: Pick<SealedField, 'answer_sealed' | 'key_id'>
): string {
	if (answer_sealed === null || key_id === null) return '';
	return theSealer().tryOpen(answer_sealed, key_id, placeOf(field)) ?? '';
}

/** Encrypts an answer for the database; null for an empty one, which is deleted. */
function sealAnswer(field: string, answer: string): { sealed: string; key_id: string } | null {
	if (answer === '') return null;
	const { sealed, keyId } = theSealer().seal(answer, placeOf(field));
	return { sealed: sealed.toString('hex'), key_id: keyId };
}

/** The reader's own logistics form, decrypted; null when it has no questions for them. */
export async function readMyLogistics(client: DataClient, summit: string): Promise<OwnLogistics | null> {
	const found = await rpc(client, 'my_logistics_form', { summit });
	return (
		found && {
			registrationId: found.registration_id,
			isOpen: found.is_open,
			dueAt: found.due_at,
			missing: found.missing,
			fields: found.fields.map(({ answer_sealed, key_id, ...field }) => ({
				...field,
				answer: openAnswer(field.id, { answer_sealed, key_id })
			}))
		}
	);
}

/** The reader's progress, without decrypting; null when the form has no questions for them. */
export async function logisticsState(
	client: DataClient,
	summit: string
): Promise<{ missing: number; dueAt: string | null; hasLetter: boolean } | null> {
	const found = await rpc(client, 'my_logistics_form', { summit });
	return (
		found && {
			missing: found.missing.length,
			dueAt: found.due_at,
			hasLetter: found.fields.some(({ key }) => key === 'passport_number')
		}
	);
}

/** Saves the changed answers. */
export async function saveLogistics(
	client: DataClient,
	registration: string,
	changed: ReadonlyMap<string, string>
): Promise<AnswerOf<'save_logistics_answers'>['status']> {
	const answers = Object.fromEntries([...changed].map(([field, answer]) => [field, sealAnswer(field, answer)]));
	return (await rpc(client, 'save_logistics_answers', { registration, answers })).status;
}

/** The state of the reader's letter. */
interface OwnLetter {
	registrationId: string;
	lacks: string[];
	head: LetterHead;
	letter: { reference: string; code: string; issuedAt: string; content: LetterContent } | null;
}

/** The reader's own visa letter; null where they cannot have one. */
export async function myLetter(client: DataClient, summit: string): Promise<OwnLetter | null> {
	const found = await rpc(client, 'my_visa_letter', { summit });
	if (!found) return null;
	const { registration_id, lacks, head, letter } = found;
	return {
		registrationId: registration_id,
		lacks,
		head,
		letter: letter && {
			reference: letter.reference,
			code: letter.code,
			issuedAt: letter.issued_at,
			content: JSON.parse(theSealer().open(letter.content_sealed, letter.key_id, contexts.letter)) as LetterContent
		}
	};
}

/** Issues a letter with this `content`. */
export async function issueLetter(
	client: DataClient,
	registration: string,
	content: LetterContent
): Promise<AnswerOf<'issue_visa_letter'>['status']> {
	const { sealed, keyId } = theSealer().seal(JSON.stringify(content), contexts.letter);
	const answer = await rpc(client, 'issue_visa_letter', {
		registration,
		content: { sealed: sealed.toString('hex'), key_id: keyId }
	});
	return answer.status;
}

/** Whether a letter with that code is valid: valid, replaced, withdrawn, over or unknown. */
export function checkLetter(client: DataClient, summit: string, code: string) {
	return rpc(client, 'check_visa_letter', { summit, code });
}
