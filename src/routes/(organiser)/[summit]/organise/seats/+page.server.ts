import type { RefusalOf } from '#lib/database/calls.ts';
import { requiredLines } from '#lib/forms/fields.ts';
import { parseForm } from '#lib/forms/parse.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { allowanceSchema, proposalFrom, type AllowanceChange } from '#lib/members/allowances.ts';
import { applyAllowances, previewAllowances, readAllowances } from '#lib/members/server/allowances.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
	const { summit } = locals;
	const allowances = await readAllowances(locals.supabase, summit.id);
	if (!allowances) error(403);
	return { allowances };
};

const applying = v.object({
	// The previewed values come back unchanged, and the database validates them again.
	proposal: v.pipe(v.string(), v.maxLength(20_000), v.parseJson(), v.record(v.string(), v.unknown())),
	version: v.string(),
	reason: requiredLines(500, m.members_seats_reason_missing)
});

const refusals: Record<RefusalOf<'preview_seat_quotas' | 'apply_seat_quotas'>, () => string> = {
	conflict: m.members_seats_conflict,
	stranded: m.members_seats_stranded,
	not_allowed: m.members_no_right,
	invalid: m.members_seats_invalid
};

export const actions: Actions = {
	preview: formAction('preview', allowanceSchema, async (input, { locals }, form) => {
		const { summit } = locals;
		const proposal = proposalFrom(input);
		if ('path' in proposal) return refuse(proposal.path, proposal.message, 422);
		const preview = await previewAllowances(locals.supabase, summit.id, proposal);
		if (!('before' in preview)) return refuse('', refusals[preview.status]());
		return { form, preview, proposal };
	}),
	apply: async ({ locals, params, request }) => {
		const { summit } = locals;
		const parsed = parseForm(await request.formData(), applying, 'apply');
		const given = parsed.ok ? parsed.output : null;
		const proposal = (given?.proposal ?? safely(parsed.form.values['proposal'])) as AllowanceChange | null;
		if (given && proposal) {
			const saved = await applyAllowances(locals.supabase, summit.id, proposal, given.version, given.reason);
			if (saved.status === 'ok') {
				redirect(303, href(`/${params.summit}/organise/seats?served=${saved.served}`));
			}
			parsed.form.issues.push({ path: '', message: refusals[saved.status]() });
		}
		// The preview stays visible, with the current state.
		const preview = proposal ? await previewAllowances(locals.supabase, summit.id, proposal) : null;
		return fail(given ? 409 : 422, {
			form: parsed.form,
			...(preview && 'before' in preview && proposal && { preview, proposal })
		});
	}
};

function safely(text: unknown): Record<string, unknown> | null {
	try {
		const value: unknown = JSON.parse(String(text));
		return typeof value === 'object' && value !== null && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: null;
	} catch {
		return null;
	}
}
