import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines, optionalText } from '#lib/forms/fields.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { isLocale, locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { filledTexts, groupFaults } from '#lib/mail/group.ts';
import { listMessages, saveMessage } from '#lib/mail/server/group.ts';
import { faultField, faultSentence } from '#lib/mail/wording-words.ts';
import type { Wording } from '#lib/mail/wording.ts';
import { setupPath } from '#lib/summits/setup.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

/** The first message as a draft, which the step edits again, and whether there are others. */
async function readDraftMessage({ supabase, summit }: App.Locals) {
	const { messages } = (await listMessages(supabase, summit.id)) ?? error(403, m.ui_forbidden());
	return { draft: messages.findLast(({ state }) => state === 'draft') ?? null, count: messages.length };
}

/** The languages of the Summit that mails are written in; English where there is none. */
function languagesOf({ languages }: { languages: readonly string[] }): Locale[] {
	const known = languages.filter(isLocale);
	return known.length > 0 ? known : ['en'];
}

// Placeholders that the mail fills in: {summit} and so on.
const filled = { summit: '{summit}', dates: '{dates}', venue: '{venue}', button: '{button}' };

const suggestion = (locale: Locale): Wording => ({
	subject: m.summits_setup_announcement_sample_subject(filled, { locale }),
	body: m.summits_setup_announcement_sample_body(filled, { locale })
});

export const load: PageServerLoad = async ({ locals }) => {
	const { draft, count } = await readDraftMessage(locals);
	const languages = languagesOf(locals.summit);
	// A first message is suggested in each language; one that was written is shown as it is.
	const wordings = draft?.texts ?? Object.fromEntries(languages.map((locale) => [locale, suggestion(locale)]));
	return { draft, count, languages, wordings, variables: Object.values(filled).join(' ') };
};

async function messageForm({ locals }: RequestEvent) {
	const { draft } = await readDraftMessage(locals);
	const texts = locales.flatMap((locale) => [
		[`subject_${locale}`, optionalText(300)],
		[`body_${locale}`, optionalLines(8000)]
	]);
	return { draft, schema: v.object(Object.fromEntries(texts) as Record<string, ReturnType<typeof optionalText>>) };
}

export const actions: Actions = {
	default: formAction(messageForm, async (input, { locals, params }, _, { draft }) => {
		const languages = languagesOf(locals.summit);
		const wordings = languages.map((locale): [Locale, Wording] => [
			locale,
			{ subject: input[`subject_${locale}`] ?? '', body: input[`body_${locale}`] ?? '' }
		]);
		const { texts, original } = filledTexts({ ...draft?.texts, ...Object.fromEntries(wordings) });
		if (!original) return refuse(`subject_${languages[0] ?? 'en'}`, m.summits_setup_announcement_missing(), 422);
		const issues = wordings.flatMap(([locale, wording]) =>
			texts[locale]
				? groupFaults(wording).map((fault) => ({
						path: `${faultField(fault)}_${locale}`,
						message: faultSentence(fault)
					}))
				: []
		);
		if (issues.length > 0) return new FormRefusal(issues, 422);
		const saved = await saveMessage(locals.supabase, locals.summit.id, {
			...{ id: draft?.id ?? null, after: draft?.version ?? 0, filters: draft?.filters ?? {} },
			...{ texts, original, page: draft ? draft.page : '/agenda' }
		});
		const refused = () => refuse('', m.summits_fault_not_allowed());
		return byStatus(saved, {
			ok: () => setupPath(params.summit, 'agenda'),
			sent: refused,
			stale: refused,
			invalid: () => refuse('', m.ui_form_wrong(), 422),
			not_allowed: refused
		});
	})
};
