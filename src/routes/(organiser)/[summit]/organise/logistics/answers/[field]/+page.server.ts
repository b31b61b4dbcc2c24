import { compareNames } from '#lib/i18n/list.ts';
import { answerWords } from '#lib/logistics/logistics.ts';
import { readLogisticsAnswers } from '#lib/logistics/server/overview.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryName } from '#lib/members/countries.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, params, setHeaders }) => {
	const { summit, supabase } = locals;
	if (!v.is(v.pipe(v.string(), v.uuid()), params.field)) error(404, m.ui_not_found());
	const found = await readLogisticsAnswers(supabase, summit.id, params.field);
	if (!found) error(404, m.ui_not_found());
	setHeaders({ 'cache-control': 'no-store' });
	const { field, withheld } = found;
	const rows = found.rows.map(({ answer, ...row }) => ({ ...row, answer: answerWords(field, answer, countryName) }));
	const counts = new Map<string, number>();
	for (const { answer } of rows) counts.set(answer, (counts.get(answer) ?? 0) + 1);
	const isListed = field.kind === 'choice' || field.kind === 'yes_no' || field.kind === 'date';
	return {
		label: field.label,
		files: field.kind === 'file' ? `/${params.summit}/organise/logistics/answers/${field.id}` : null,
		withheld,
		rows,
		counts: isListed ? [...counts].sort(([a], [b]) => compareNames(a, b)) : []
	};
};
