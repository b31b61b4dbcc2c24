import { renderPdf } from '#lib/files/server/pdf.ts';
import { id, requiredLines } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { referralData, referralTemplate } from '#lib/safeguarding/referral.ts';
import { readCase } from '#lib/safeguarding/server/cases.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const schema = v.object({ duty: id(), words: requiredLines(6000) });

/** The referral letter as PDF, with what the lead wrote. It is kept nowhere. */
export const POST: RequestHandler = async ({ locals, params, request }) => {
	const { supabase, summit, viewer } = locals;
	const found = await readCase(supabase, summit.id, params.id);
	if (!found) error(404, m.ui_not_found());
	const parsed = parseForm(await request.formData(), schema);
	if (!parsed.ok) error(422, m.ui_form_missing());
	const duty = found.duties.find((one) => one.id === parsed.output.duty);
	if (!duty) error(404, m.ui_not_found());
	const pdf = await renderPdf(
		referralTemplate,
		referralData({
			case: found,
			duty,
			summit: text(summit.name).text,
			words: parsed.output.words,
			signatory: viewer?.displayName ?? '',
			at: new Date().toISOString(),
			zone: summit.zone
		})
	);
	return new Response(new Uint8Array(pdf), {
		headers: {
			'content-type': 'application/pdf',
			'content-disposition': `attachment; filename="${found.reference}.pdf"`,
			'cache-control': 'no-store',
			'x-content-type-options': 'nosniff'
		}
	});
};
