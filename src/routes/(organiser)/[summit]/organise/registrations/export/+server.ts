import { csvLine } from '#lib/files/csv.ts';
import { text } from '#lib/i18n/locale.ts';
import { answerWords } from '#lib/logistics/logistics.ts';
import { listReadableQuestions } from '#lib/logistics/server/listed-answers.ts';
import { countryName } from '#lib/members/countries.ts';
import { m } from '#lib/i18n/messages.ts';
import { registrationListQuery } from '#lib/registration/accreditation-list.ts';
import { exportRegistrations } from '#lib/registration/server/accreditation.ts';
import { registrationRows } from '#lib/registration/table.ts';
import { error } from '@sveltejs/kit';
import type { RequestHandler } from './$types';

/** Whether a file was given; nothing where none is asked. */
const givenWord = ([state]: string[]) =>
	state === undefined ? '' : state === 'given' ? m.logistics_form_yes() : m.logistics_form_no();

export const GET: RequestHandler = async ({ locals, url, params }) => {
	const { summit } = locals;
	const found = await exportRegistrations(locals.supabase, summit.id, registrationListQuery(url.searchParams));
	if (found === null) error(403, m.ui_forbidden());
	const questions = await listReadableQuestions(locals.supabase, summit.id);
	const columns = questions
		.filter(({ is_sealed, kind }) => !is_sealed || kind === 'file')
		.map((question) => ({
			id: question.id,
			label: text(question.label).text,
			word: (values: string[]) =>
				question.kind === 'file' ? givenWord(values) : answerWords(question, values.join(','), countryName)
		}));
	const rows = registrationRows(found, summit.zone, columns);
	const encoder = new TextEncoder();
	// Streamed while it is read, some hundred lines at a time.
	const body = new ReadableStream<Uint8Array>({
		start: (file) => file.enqueue(encoder.encode('\uFEFF')),
		pull(file) {
			let part = '';
			for (let n = 0; n < 500; n += 1) {
				const row = rows.next();
				if (row.done) {
					file.enqueue(encoder.encode(part));
					file.close();
					return;
				}
				part += csvLine(row.value);
			}
			file.enqueue(encoder.encode(part));
		}
	});
	return new Response(body, {
		headers: {
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': `attachment; filename="registrations-${params.summit}.csv"`,
			'cache-control': 'no-store'
		}
	});
};
