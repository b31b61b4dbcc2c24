import { fileFaultWords } from '#lib/files/words.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { fail, type RequestEvent } from '@sveltejs/kit';
import { uploads } from './simultaneous.ts';
import type { UploadedDocument } from './uploading.ts';

/**
 * Runs the form action of a document: null once it is stored, else what the form `name` answers. `most` is the maximum
 * size in bytes, `full` says that no more fit. What the reader may not add to answers as what does not exist.
 */
export async function refusedDocument(
	{ locals }: Pick<RequestEvent, 'locals'>,
	{ name, most, full }: { name: string; most: number; full: () => string },
	upload: () => Promise<UploadedDocument>
) {
	const refused = (status: number, path: string, message: string) =>
		fail(status, { form: { name, values: {}, issues: [{ path, message }] } });
	const answer = await uploads.run(locals.viewer?.accountId ?? '', upload);
	switch (answer?.status) {
		case undefined:
			return refused(429, 'file', m.files_at_once());
		case 'not_found':
			return notFound();
		case 'full':
			return refused(409, '', full());
		case 'invalid':
			return refused(422, 'file', m.ui_form_wrong());
		case 'fault':
			return refused(answer.fault === 'too_large' ? 413 : 422, 'file', fileFaultWords(answer.fault, 'handout', most));
		case 'ok':
			return null;
	}
}
