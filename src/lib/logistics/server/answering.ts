import { byStatus } from '#lib/database/by-status.ts';
import type { DataClient } from '#lib/database/client.ts';
import { fileFaultWords } from '#lib/files/words.ts';
import { withIssue, type FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import type { AnswerFiles, StoredFile } from '#lib/logistics/answer-files.ts';
import { readFieldAnswers } from '#lib/logistics/field-answers.ts';
import { answerFileLimit, fieldInputName, type OwnField, type OwnLogistics } from '#lib/logistics/logistics.ts';
import { readMyLogistics, saveLogistics } from './logistics.ts';

/** Why answers were not all saved, and the version on which the next attempt is based. */
interface Refused {
	status: 409 | 422;
	form: FormResult;
	version: string | undefined;
}

/** Stores the files that came for questions that are asked; those with a fault become an issue of the form. */
async function storeFiles(
	fields: readonly OwnField[],
	files: AnswerFiles,
	changed: Map<string, string>,
	form: FormResult
): Promise<Map<string, StoredFile>> {
	const stored = new Map<string, StoredFile>();
	for (const field of fields) {
		const path = fieldInputName(field);
		if (field.kind !== 'file' || !changed.has(field.id) || !files.has(path)) continue;
		const answer = await files.store(field, path);
		if (typeof answer !== 'string') {
			stored.set(field.id, answer);
			continue;
		}
		changed.delete(field.id);
		form.issues.push({ path, message: fileFaultWords(answer, field.file_sort ?? 'document', answerFileLimit) });
	}
	return stored;
}

/** Saves what was typed into a form of questions; null where all of it is saved. `isWhole`: none may be missing. `files`: that came with it. */
export async function saveTypedAnswers(
	client: DataClient,
	details: OwnLogistics,
	data: FormData,
	isCountry: (code: string) => boolean,
	isWhole: boolean,
	files: AnswerFiles
): Promise<Refused | null> {
	const { changed, form } = readFieldAnswers(data, details.fields, isCountry, isWhole, files);
	const shown = String(data.get('answers_version') ?? details.version);
	const stored = await storeFiles(details.fields, files, changed, form);
	const wrong: Refused | null = form.issues.length > 0 ? { status: 422, form, version: shown } : null;
	if (changed.size === 0) return wrong;
	const saved = await saveLogistics(client, details, changed, shown, stored);
	if (saved.status !== 'ok') await files.abandon([...stored.values()]);
	const refuse = (message: string): Refused => ({ status: 409, form: withIssue(form, '', message), version: shown });
	return byStatus(saved, {
		ok: async () => wrong && { ...wrong, version: (await readMyLogistics(client, details.summitId))?.version },
		// The next attempt is based on what the other window saved.
		conflict: () => ({ ...refuse(m.logistics_form_conflict()), version: details.version }),
		closed: () => refuse(m.logistics_form_closed()),
		not_found: () => refuse(m.logistics_form_refused()),
		invalid: ({ faults }): Refused => {
			const path = details.fields.find(({ id }) => faults.includes(id));
			return path
				? { status: 422, form: withIssue(form, fieldInputName(path), m.ui_form_wrong()), version: shown }
				: refuse(m.logistics_form_refused());
		}
	});
}
