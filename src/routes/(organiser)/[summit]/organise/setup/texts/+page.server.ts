import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { onlyText, slugOfKind } from '#lib/pages/page.ts';
import { readPages } from '#lib/pages/server/pages.ts';
import { savePageText } from '#lib/pages/server/writing.ts';
import { lists } from '#lib/summits/lists.ts';
import { photographsOf, summitRulesFrom, summitRulesOf, summitRulesSchema } from '#lib/summits/rules-form.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { readListRows, saveRow } from '#lib/summits/server/lists.ts';
import { readSummit } from '#lib/summits/server/settings.ts';
import { setupPath } from '#lib/summits/setup.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function readRules({ locals, params }: Pick<RequestEvent, 'locals' | 'params'>) {
	const summit = await readSummit(locals.supabase, params.summit);
	const [consents, pages] = await Promise.all([
		readListRows(locals.supabase, lists.consents, summit.id),
		readPages(locals.supabase, summit.id, [slugOfKind('code_of_conduct'), slugOfKind('privacy')])
	]);
	const texts = Object.fromEntries(pages.map((page) => [page.kind, onlyText(page)]));
	return { summit, consent: photographsOf(consents), rules: summitRulesOf(texts, summit.languages, consents) };
}

export const load: PageServerLoad = async ({ locals, params }) => {
	const { summit, rules } = await readRules({ locals, params });
	return { rules, languages: summit.languages };
};

async function rulesForm(event: RequestEvent) {
	const known = await readRules(event);
	return { ...known, schema: summitRulesSchema(known.rules, known.summit.languages) };
}

export const actions: Actions = {
	default: formAction(rulesForm, async (input, { locals }, _, { summit, consent, rules }) => {
		const { photographs, ...texts } = summitRulesFrom(input, rules, summit.languages);
		for (const [kind, body] of Object.entries(texts))
			if ((await savePageText(locals.supabase, summit.id, kind, body)) !== 'ok')
				return refuse('', m.summits_fault_not_allowed());
		if (photographs && Object.keys(photographs).length > 0) {
			const fields = { detail: {}, is_required: false, ...consent, key: 'photographs', label: photographs };
			const status = await saveRow(locals.supabase, lists.consents, summit.id, consent?.id ?? null, fields);
			if (status !== 'ok') return refuse('', m.summits_fault_not_allowed());
		}
		forgetSummits();
		return setupPath(summit.slug, 'announcement');
	})
};
