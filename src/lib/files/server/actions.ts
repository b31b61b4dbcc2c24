import { fileFaultWords, fullStoreWords } from '#lib/files/words.ts';
import type { FormResult } from '#lib/forms/parse.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import { actOnFile } from './session-files.ts';
import { uploads } from './simultaneous.ts';
import { uploadSessionFile, type Uploaded } from './uploading.ts';

/** The session of a page of files, and the page's own address; refuses with 404 everybody who has no part in it. */
type Find<Event> = (event: Event) => Promise<{ session: string; at: string }>;

function formOf(fields: FormData | null, path: string, message: string): { form: FormResult } {
	const texts = [...(fields ?? new FormData())].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
	return { form: { name: 'upload', values: Object.fromEntries(texts), issues: [{ path, message }] } };
}

function refuse(answer: Exclude<Uploaded, { status: 'ok' }>) {
	if (answer.status === 'fault') {
		const message = fileFaultWords(answer.fault, answer.kind, answer.bytes);
		return fail(answer.fault === 'too_large' ? 413 : 422, formOf(answer.fields, 'file', message));
	}
	if (answer.status === 'not_found') error(404, m.ui_not_found());
	const message = 'bytes' in answer ? fullStoreWords(answer.status, answer.bytes) : m.files_full();
	return fail(409, formOf(null, '', message));
}

/** The form actions of every page of files: uploading a file and changing existing ones. */
export function fileActions<Event extends RequestEvent>(find: Find<Event>) {
	return {
		upload: async (event: Event) => {
			const { session, at } = await find(event);
			const { viewer, supabase } = event.locals;
			const answer = await uploads.run(viewer?.accountId ?? '', () =>
				uploadSessionFile(supabase, session, event.request)
			);
			if (!answer) return fail(429, formOf(null, '', m.files_at_once()));
			if (answer.status !== 'ok') return refuse(answer);
			redirect(303, `${at}?done=${answer.late ? 'late' : 'uploaded'}`);
		},
		change: async (event: Event) => {
			const { at } = await find(event);
			const form = await event.request.formData();
			const act = String(form.get('act'));
			const publication = form.get('publication') === 'session' ? 'session' : 'stage';
			const status = await actOnFile(event.locals.supabase, act, String(form.get('id')), publication);
			if (status === 'not_found') error(404, m.ui_not_found());
			redirect(303, `${at}?done=${status === 'ok' ? act : status === 'held' ? 'held' : 'refused'}`);
		}
	};
}
