import { byStatus } from '#lib/database/by-status.ts';
import { deletePageFile, pageFileLimit, uploadPageFile } from '#lib/files/server/page-files.ts';
import { uploads } from '#lib/files/server/simultaneous.ts';
import { fileFaultWords, pictureFaultWords } from '#lib/files/words.ts';
import * as fields from '#lib/forms/fields.ts';
import { formActionsAbout, notFound, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withFile } from '#lib/pages/blocks.ts';
import { readPageDraft, savePage } from '#lib/pages/server/writing.ts';
import { fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireDraft({ supabase, summit }: App.Locals, page: string) {
	return (await readPageDraft(supabase, summit.id, page)) ?? notFound();
}

/** The block, and the row of it, that gets an uploaded file. */
const targetOf = (url: URL) => ({
	block: url.searchParams.get('block') ?? '',
	row: Number(url.searchParams.get('row') || Number.NaN)
});

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const draft = await requireDraft(locals, params.page);
	return {
		files: draft.files,
		title: { title: draft.title, kind: draft.kind },
		most: pageFileLimit,
		...targetOf(url),
		done: url.searchParams.get('done')
	};
};

const about = formActionsAbout(({ locals, params }: RequestEvent) => requireDraft(locals, params.page));

const wrong = (status: number, message: string) =>
	fail(status, { form: { name: 'upload', values: {}, issues: [{ path: 'file', message }] } });

export const actions: Actions = {
	upload: async (event) => {
		const { locals, request, params, url } = event;
		const { supabase, summit, viewer } = locals;
		const page = await requireDraft(event.locals, event.params.page);
		const answer = await uploads.run(viewer?.accountId ?? '', () => uploadPageFile(supabase, summit.id, request));
		if (!answer) return wrong(429, m.files_at_once());
		switch (answer.status) {
			case 'not_allowed':
				return notFound();
			case 'full':
				return wrong(409, m.pages_files_full());
			case 'fault':
				return wrong(422, fileFaultWords(answer.fault, 'handout', pageFileLimit));
			case 'picture':
				return wrong(422, pictureFaultWords(answer.fault, pageFileLimit));
		}
		const editor = `/${summit.slug}/organise/pages/${params.page}`;
		const { block, row } = targetOf(url);
		const draft = withFile(page, block, row, answer.file);
		if (draft && (await savePage(supabase, page.id, page.revision, draft)).status === 'ok')
			redirect(303, href(`${editor}?done=uploaded#field-${block}`));
		redirect(303, href(`${editor}/files?done=uploaded`));
	},
	delete: about('delete', v.object({ file: fields.id() }), async ({ file }, event) => {
		const { supabase, summit } = event.locals;
		return byStatus(await deletePageFile(supabase, summit.id, file), {
			ok: () => `/${summit.slug}/organise/pages/${event.params.page}/files?done=deleted`,
			in_use: () => refuse('', m.pages_file_in_use()),
			not_found: () => notFound()
		});
	})
};
