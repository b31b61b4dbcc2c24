import type { ImportedFile, ImportOutcome, RegistrationMapping } from '#lib/database/answers/imports.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { notFound } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { headingsFrom } from '#lib/imports/headings.ts';
import { placesFrom } from '#lib/imports/products.ts';
import { applyImport, readImportPreview } from '#lib/imports/server/imports.ts';
import { pageNumber } from '#lib/ui/page-number.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

const size = 50;
const outcomes = ['cannot', 'new', 'changed', 'same'] as const satisfies readonly ImportOutcome[];

const refused = (message: string, values: Record<string, string> = {}, path = '') =>
	fail(409, { form: { values, issues: [{ path, message }] } });

const headingsOf = ({ formats, tracks, languages }: App.Locals['summit']) => ({
	formats,
	tracks,
	languages: languages.length > 0 ? languages : ['en']
});

/** What a form says about the tickets of a file, or why it does not fit. */
function registrationMapping(
	data: FormData,
	file: ImportedFile
): RegistrationMapping | { refused: string; path: string } {
	const products = placesFrom(data, file.products);
	if (products === null) return { refused: m.imports_map_invalid(), path: '' };
	const submit = data.get('state') === 'submit';
	const agreed = data.has('agreed');
	if (submit && !agreed) return { refused: m.imports_agreed_needed(), path: 'agreed' };
	return { products, submit, agreed, mails: submit && data.has('mails') };
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
	const { summit } = locals;
	const asked = url.searchParams.get('show');
	const outcome = outcomes.find((each) => each === asked) ?? null;
	const page = pageNumber(url.searchParams);
	const preview = await readImportPreview(locals.supabase, params.import, outcome, page, size);
	if (!preview || preview.summit_id !== summit.id) error(404, m.ui_not_found());
	const mapping = preview.mapping === null || (!preview.begun && url.searchParams.has('map'));
	return { preview, outcome, outcomes, page, size, mapping, headings: headingsOf(summit) };
};

export const actions: Actions = {
	map: async ({ locals, params, request }) => {
		const preview = await readImportPreview(locals.supabase, params.import, null, 1, 1);
		if (!preview || preview.summit_id !== locals.summit.id) error(404, m.ui_not_found());
		const data = await request.formData();
		const values = Object.fromEntries([...data].map(([name, value]) => [name, typeof value === 'string' ? value : '']));
		const mapping =
			preview.contents === 'proposals'
				? (headingsFrom(data, preview.file, headingsOf(locals.summit)) ?? {
						refused: m.agenda_exchange_language_missing(),
						path: 'language'
					})
				: registrationMapping(data, preview.file);
		if ('refused' in mapping) return refused(mapping.refused, values, mapping.path);
		const status = await rpc(locals.supabase, 'map_import', { import: params.import, mapping });
		const address = href(`/${params.summit}/organise/imports/${params.import}`);
		return byStatus(status, {
			ok: () => redirect(303, address),
			applied: () => redirect(303, address),
			invalid: () => refused(m.imports_map_invalid(), values),
			not_found: notFound
		});
	},
	apply: async ({ locals, params }) => {
		const done = await applyImport(locals.supabase, params.import);
		const show = () => redirect(303, href(`/${params.summit}/organise/imports/${params.import}`));
		return byStatus(done, {
			ok: show,
			already: show,
			not_mapped: show,
			closed: () => refused(m.imports_closed()),
			not_found: notFound
		});
	}
};
