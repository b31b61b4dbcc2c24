import { writeCsv } from '#lib/files/csv.ts';
import { renderPdf } from '#lib/files/server/pdf.ts';
import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayKey } from '#lib/i18n/time.ts';
import { figuresTemplate, releasePaper, releaseRows } from '#lib/registration/figure-words.ts';
import { readRelease } from '#lib/registration/server/figures.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

const types: Record<string, string> = { csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' };

/** A release as a file, in the language of the address. Exact figures cannot be exported. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
	const { summit } = locals;
	const type = Object.hasOwn(types, params.kind) ? types[params.kind] : undefined;
	const asked = url.searchParams.get('number');
	const number = asked !== null && /^\d{1,6}$/.test(asked) ? Number(asked) : null;
	const release = type ? await readRelease(locals.supabase, summit.id, number) : null;
	if (!type || !release) error(404, m.ui_not_found());
	const on = dayKey(release.released_at, summit.zone);
	const body =
		params.kind === 'pdf'
			? new Uint8Array(await renderPdf(figuresTemplate, releasePaper(release.content, on, summit.name, locale())))
			: writeCsv(releaseRows(release.content, on, summit.name));
	return new Response(body, {
		headers: {
			'content-type': type,
			'content-disposition': `attachment; filename="figures-${params.summit}-${release.number}.${params.kind}"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
