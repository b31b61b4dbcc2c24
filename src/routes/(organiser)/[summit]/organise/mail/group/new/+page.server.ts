import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines, optionalText, wholeNumber } from '#lib/forms/fields.ts';
import type { FormIssue } from '#lib/forms/parse.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { compareNames, joinLabel } from '#lib/i18n/list.ts';
import { isolated, languageNames, locales, type Locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import {
	chosenFilters,
	filledTexts,
	groupFaults,
	groupFilters,
	groupPages,
	type GroupFilters
} from '#lib/mail/group.ts';
import { countGroup, listMailQuestions, listMessages, saveMessage } from '#lib/mail/server/group.ts';
import { faultField, faultSentence } from '#lib/mail/wording-words.ts';
import type { Wording } from '#lib/mail/wording.ts';
import { error } from '@sveltejs/kit';
import type { DataClient } from '#lib/database/client.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

interface Listed {
	id: string;
	name: string;
	country: string | null;
	region: string;
}

async function membersOf(client: DataClient, summit: string): Promise<Listed[]> {
	const found = await client
		.from('summit_members')
		.select('country, region, members(id, name)')
		.eq('summit_id', summit);
	if (found.error) throw new Error(`Reading members was refused (${found.error.code}).`);
	const rows = found.data as unknown as {
		country: string | null;
		region: string;
		members: { id: string; name: string };
	}[];
	return rows
		.map(({ country, region, members }) => ({ ...members, country, region }))
		.sort((a, b) => compareNames(a.name, b.name));
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit } = locals;
	const id = url.searchParams.get('draft');
	const list = id ? await listMessages(locals.supabase, summit.id, id) : null;
	const draft = list?.messages.find(({ state }) => state === 'draft') ?? null;
	if (id && !draft) error(404, m.ui_not_found());
	const asked = groupFilters(url.searchParams);
	// After a new count the filters in the address apply, even if they select everybody.
	const counted = url.searchParams.has('counted');
	const filters: GroupFilters = !counted && draft ? { ...asked, ...draft.filters } : asked;
	const [count, members, questions] = await Promise.all([
		countGroup(locals.supabase, summit.id, chosenFilters(filters)),
		membersOf(locals.supabase, summit.id),
		listMailQuestions(locals.supabase, summit.id)
	]);
	if (!count) error(403, m.ui_forbidden());
	const different = (values: (string | null)[]) =>
		[...new Set(values)].filter((value): value is string => Boolean(value));
	return {
		draft,
		filters,
		count,
		questions,
		chosen: counted || draft !== null,
		members: members.map(({ id: value, name }) => ({ value, label: name })),
		countries: different(members.map(({ country }) => country)),
		regions: different(members.map(({ region }) => region)).sort()
	};
};

const text = Object.fromEntries(
	locales.flatMap((locale) => [
		[`subject_${locale}`, optionalText(300)],
		[`body_${locale}`, optionalLines(8000)]
	])
);
const fields = v.object({ ...text, page: optionalText(40), after: wholeNumber(0), draft: optionalText(40) });

/** The texts of the form, with their issues beside the fields. */
function textsOf(output: Record<string, unknown>, questions: readonly { key: string }[]) {
	const isKnown = (key: string) => questions.some((question) => question.key === key);
	const value = (name: string) => String(output[name] ?? '').replace(/\r\n?/g, '\n');
	const all = Object.fromEntries(
		locales.map((locale) => [locale, { subject: value(`subject_${locale}`), body: value(`body_${locale}`) }])
	) as Record<Locale, Wording>;
	const { texts, original } = filledTexts(all);
	const faults: FormIssue[] = (Object.entries(texts) as [Locale, Wording][]).flatMap(([locale, wording]) =>
		groupFaults(wording, isKnown).map((fault) => ({
			path: `${faultField(fault)}_${locale}`,
			message: joinLabel(isolated(languageNames[locale]), faultSentence(fault))
		}))
	);
	const none = original ? [] : [{ path: 'subject_en', message: m.mail_group_no_text() }];
	return { texts, original, issues: [...none, ...faults] };
}

export const actions: Actions = {
	default: formAction(fields, async (input, { locals, url }) => {
		const { summit } = locals;
		const { texts, original, issues } = textsOf(input, await listMailQuestions(locals.supabase, summit.id));
		if (!original || issues.length > 0) return new FormRefusal(issues, 422);
		const { page, after, draft } = input as { page: string; after: number; draft: string };
		const answer = await saveMessage(locals.supabase, summit.id, {
			id: draft || null,
			after,
			filters: chosenFilters(groupFilters(url.searchParams)),
			texts,
			original,
			page: page === 'none' ? null : page === 'front' ? '' : (groupPages.find((each) => each === page) ?? '/me')
		});
		return byStatus(answer, {
			ok: ({ id }) => `/${summit.slug}/organise/mail/group/${id}`,
			sent: () => refuse('', m.mail_group_sent_already()),
			stale: () => refuse('', m.mail_group_stale()),
			invalid: () => refuse('', m.mail_group_invalid(), 422),
			not_allowed: () => error(403, m.ui_forbidden())
		});
	})
};
