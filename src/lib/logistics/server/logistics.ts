import { rpc } from '#lib/database/server/rpc.ts';
import { chosenKeys, type OwnLogistics } from '#lib/logistics/logistics.ts';
import type { LetterContent, LetterHead } from '#lib/logistics/letter.ts';
import { contexts, theSealer } from '#lib/people/sealing.ts';
import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import type { SealedField } from '#lib/database/answers/logistics.ts';
import type { StoredFile } from '#lib/logistics/answer-files.ts';

/** The context of an answer: it decrypts for no other field. */
const placeOf = (field: string) => `${contexts.answer} ${field}`;

/** Decrypts an answer; '' when there is none, or its key is gone. */
export function openAnswer(
	field: string,
	{ answer_sealed, key_id, value = null }: Pick<SealedField, 'answer_sealed' | 'key_id'> & { value?: string[] | null }
): string {
	if (value !== null) return value.join(',');
	if (answer_sealed === null || key_id === null) return '';
	return theSealer().tryOpen(answer_sealed, key_id, placeOf(field)) ?? '';
}

/** An answer for the database, encrypted where its field says so; null for an empty one, which is deleted. */
export function storedAnswer(
	field: string,
	answer: string,
	{ kind, is_sealed, need_values }: Pick<SealedField, 'kind' | 'is_sealed' | 'need_values'>
): { sealed: string; key_id: string; is_need: boolean } | { value: string[] } | null {
	if (answer === '') return null;
	if (!is_sealed) return { value: kind === 'choices' ? chosenKeys(answer) : [answer] };
	const { sealed, keyId } = theSealer().seal(answer, placeOf(field));
	const isNeed = need_values.length === 0 || chosenKeys(answer).some((key) => need_values.includes(key));
	return { sealed: sealed.toString('hex'), key_id: keyId, is_need: isNeed };
}

/** The reader's own questions, decrypted; null when there are none for them. */
export async function readMyLogistics(client: DataClient, summit: string): Promise<OwnLogistics | null> {
	const found = await rpc(client, 'my_logistics_form', { summit });
	return (
		found && {
			summitId: summit,
			registrationId: found.registration_id,
			isOpen: found.is_open,
			dueAt: found.due_at,
			version: found.version,
			missing: found.missing,
			fields: found.fields.map(({ answer_sealed, key_id, value, ...field }) => ({
				...field,
				answer: openAnswer(field.id, { answer_sealed, key_id, value })
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

/** Saves the changed answers to a form of that version; `files` by the ids of their questions. */
export async function saveLogistics(
	client: DataClient,
	form: OwnLogistics,
	changed: ReadonlyMap<string, string>,
	shown: string,
	files: ReadonlyMap<string, StoredFile> = new Map()
): Promise<AnswerOf<'save_logistics_answers'>> {
	const answers = Object.fromEntries(
		form.fields
			.filter(({ id }) => changed.has(id))
			.map((field) => [field.id, files.get(field.id) ?? storedAnswer(field.id, changed.get(field.id) ?? '', field)])
	);
	return rpc(client, 'save_logistics_answers', { registration: form.registrationId, answers, shown });
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
