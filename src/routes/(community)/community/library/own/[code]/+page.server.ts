import { byStatus } from '#lib/database/by-status.ts';
import { uploadLibraryFile } from '#lib/files/server/library-files.ts';
import { uploads } from '#lib/files/server/simultaneous.ts';
import { fileFaultWords } from '#lib/files/words.ts';
import { acted, formAction, formActionsAbout, notFound, refuse } from '#lib/forms/server/action.ts';
import { href, isLocale, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { deleteDraftSchema, documentFields, documentSchema, removeFileSchema, stepSchema } from '#lib/library/forms.ts';
import {
	deleteDraft,
	discardVersion,
	readChoices,
	readWork,
	removeFile,
	saveItem,
	stepItem
} from '#lib/library/server/library.ts';
import { error, fail, redirect, type RequestEvent } from '@sveltejs/kit';
import type { Actions, PageServerLoad, RouteParams } from './$types';

export const load: PageServerLoad = async ({ locals: { supabase }, params, url }) => {
	const [work, choices] = await Promise.all([
		params.code === 'new' ? null : readWork(supabase, params.code),
		readChoices(supabase)
	]);
	if (!work && (params.code !== 'new' || !choices.submits)) error(404, m.ui_not_found());
	const asked = url.searchParams.get('group');
	const group = choices.groups.find(({ code }) => code === asked)?.code ?? null;
	// Languages of minutes whose files could not be made, until they are there.
	const missing = (url.searchParams.get('missing') ?? '')
		.split(',')
		.filter((tag) => isLocale(tag) && work?.files.every(({ language }) => language !== tag));
	return { work, choices, group, missing, saved: url.searchParams.get('saved') };
};

const gone = () => refuse('', m.commitments_gone());
const invalid = () => refuse('', m.library_invalid(), 422);

const requireWork = async ({ locals, params }: RequestEvent<RouteParams>) =>
	(await readWork(locals.supabase, params.code)) ?? notFound();

const saving = async (event: RequestEvent<RouteParams>) => {
	const before = event.params.code === 'new' ? null : await requireWork(event);
	return { schema: documentSchema(before, event.url.origin), name: 'save', before };
};

const wrongFile = (status: number, message: string, language: string = locale()) =>
	fail(status, {
		form: { name: 'upload', values: { language }, issues: [{ path: 'file', message }] }
	});

const about = formActionsAbout(requireWork);

/** What follows when a draft, or the version that was begun last, was to be deleted. */
function afterDeletion<Done>(status: Awaited<ReturnType<typeof deleteDraft>>, done: () => Done) {
	if (status === 'ok') return done();
	return status === 'not_found' ? notFound() : gone();
}

export const actions: Actions = {
	save: formAction(saving, async (input, { locals, url }, _, { before }) => {
		const fields = documentFields(input, before, url.origin);
		return byStatus(await saveItem(locals.supabase, before?.id ?? null, input.revision, fields), {
			ok: ({ code }) => `/community/library/own/${code}?saved=text`,
			unknown: ({ name }) => refuse('', m.library_unknown({ name }), 422),
			not_found: notFound,
			not_allowed: notFound,
			invalid,
			conflict: gone,
			wrong_state: gone,
			limited: () => refuse('', m.library_limited())
		});
	}),
	upload: async (event) => {
		const { locals, params, request } = event;
		const { id } = await requireWork(event);
		const answer = await uploads.run(locals.viewer?.accountId ?? '', () =>
			uploadLibraryFile(locals.supabase, id, request)
		);
		if (!answer) return wrongFile(429, m.files_at_once());
		switch (answer.status) {
			case 'not_found':
				return notFound();
			case 'wrong_state':
				return wrongFile(409, m.commitments_gone(), answer.language);
			case 'full':
				return wrongFile(409, m.library_files_full(), answer.language);
			case 'fault':
				return wrongFile(
					answer.fault === 'too_large' ? 413 : 422,
					fileFaultWords(answer.fault, 'handout', answer.bytes),
					answer.language
				);
			case 'ok':
				redirect(303, href(`/community/library/own/${params.code}?saved=file`));
		}
	},
	remove: formAction(
		(_: RequestEvent<RouteParams>, data) => ({ schema: removeFileSchema, name: `remove-${String(data.get('file'))}` }),
		async ({ file }, event) =>
			byStatus(await removeFile(event.locals.supabase, file), { ok: () => acted(event), not_found: gone })
	),
	delete: about('delete', deleteDraftSchema, async ({ revision }, { locals }, _, work) =>
		afterDeletion(await deleteDraft(locals.supabase, work.id, revision), () => '/community/library/own')
	),
	discard: about('discard', deleteDraftSchema, async ({ revision }, event, _, work) =>
		afterDeletion(await discardVersion(event.locals.supabase, work.id, revision), () => acted(event))
	),
	step: formAction(
		async (event: RequestEvent<RouteParams>, data) => ({
			schema: stepSchema,
			name: `step-${String(data.get('step'))}`,
			work: await requireWork(event)
		}),
		async ({ revision, step, reason }, event, _, { work }) =>
			byStatus(await stepItem(event.locals.supabase, work.id, { revision, step, reason }), {
				ok: () => acted(event),
				not_found: notFound,
				not_allowed: notFound,
				invalid,
				conflict: gone,
				wrong_state: gone,
				reason_needed: () => refuse('reason', m.ui_form_missing(), 422),
				own: () => refuse('', m.library_second_person()),
				no_file: () => refuse('', m.library_no_file())
			})
	)
};
