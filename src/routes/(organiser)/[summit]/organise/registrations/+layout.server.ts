import { registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { listRegistrations } from '#lib/registration/server/accreditation.ts';
import { seatsLeft } from '#lib/registration/server/registrations.ts';
import { text } from '#lib/i18n/locale.ts';
import { conditionValues, fileStates } from '#lib/logistics/logistics.ts';
import { listReadableQuestions, readListedAnswers } from '#lib/logistics/server/listed-answers.ts';
import { countryName } from '#lib/members/countries.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const query = registrationListQuery(url.searchParams);
	const [list, seats, questions] = await Promise.all([
		listRegistrations(supabase, summit.id, query),
		seatsLeft(supabase, summit.id),
		listReadableQuestions(supabase, summit.id)
	]);
	if (!list) error(403, m.ui_forbidden());
	const columns = questions.filter(({ id }) => query.columns.includes(id));
	const answers = await readListedAnswers(
		supabase,
		summit.id,
		list.rows.map(({ id }) => id),
		columns,
		countryName
	);
	const filters = questions.map((question) => ({
		id: question.id,
		label: text(question.label).text,
		values:
			question.kind === 'file'
				? Object.entries(fileStates).map(([value, word]) => ({ value, label: word() }))
				: conditionValues(question)
	}));
	return { query, list, seats, questions: filters, answers };
};
