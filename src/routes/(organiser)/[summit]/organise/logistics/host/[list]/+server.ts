import { answerWords } from '#lib/logistics/logistics.ts';
import { downloadHostList } from '#lib/logistics/server/overview.ts';
import { writeCsv } from '#lib/files/csv.ts';
import { href, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryName } from '#lib/members/countries.ts';
import { categoryWord } from '#lib/registration/words.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

/** The host state's list, served once; the database logs the download before this route gets a row. */
export const POST: RequestHandler = async ({ locals, params }) => {
	const { summit, supabase } = locals;
	if (!v.is(v.pipe(v.string(), v.uuid()), params.list)) error(404, m.ui_not_found());
	const taken = await downloadHostList(supabase, summit.id, params.list);
	if (taken === 'not_found') error(404, m.ui_not_found());
	if (taken === 'wrong_state') redirect(303, href(`/${params.summit}/organise/logistics/host?done=gone`));
	const body = writeCsv([
		[
			m.logistics_csv_reference(),
			m.registration_delegation_name(),
			m.logistics_csv_office(),
			m.logistics_organisation(),
			m.members_field_country(),
			m.badges_category(),
			...taken.fields.map(({ label }) => text(label).text)
		],
		...taken.rows.map((row) => [
			row.reference,
			row.display_name,
			row.office,
			row.member ?? row.affiliation,
			countryName(row.country),
			categoryWord(row.category),
			...taken.fields.map((field) => answerWords(field, row.answers[field.id] ?? '', countryName))
		])
	]);
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="host-list-${params.summit}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
