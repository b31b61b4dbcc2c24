import { locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { oneLanguage, previewQuery } from '#lib/logistics/preview.ts';
import { readLogisticsOverview } from '#lib/logistics/server/overview.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { error } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const overview = await readLogisticsOverview(supabase, summit.id);
	if (!overview) error(403, m.ui_forbidden());
	const query = previewQuery(url.searchParams, [
		...new Set([...summit.languages.filter((tag) => tag === locale()), ...summit.languages])
	]);
	const fields = overview.fields
		.filter(
			({ form, categories, modes, sectors }) =>
				form === query.form &&
				(categories.length === 0 || categories.includes(query.category)) &&
				(modes.length === 0 || modes.includes(query.mode)) &&
				(sectors.length === 0 || sectors.includes(query.sector))
		)
		.map((field) => oneLanguage(field, query.language, summit.ends_on));
	return { query, languages: summit.languages, fields, countries: sortedCountries() };
};
