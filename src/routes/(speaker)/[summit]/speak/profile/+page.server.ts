import { byStatus } from '#lib/database/by-status.ts';
import { optionalLines, optionalText, requiredText } from '#lib/forms/fields.ts';
import { withIssue } from '#lib/forms/parse.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { countryCodes, sortedCountries } from '#lib/members/server/countries.ts';
import { readProfile, saveProfile } from '#lib/speakers/server/work.ts';
import { linksFrom, writtenEntries, type Profile } from '#lib/speakers/work.ts';
import { gatherText, tagsFor } from '#lib/summits/written.ts';
import { error, fail } from '@sveltejs/kit';
import * as v from 'valibot';
import { whose } from '../principal.ts';
import type { Actions, PageServerLoad, RequestEvent } from './$types';

async function requireProfile(locals: App.Locals, url: URL) {
	const { summit, principals, principal } = await whose(locals, url);
	const profile = await readProfile(locals.supabase, summit.id, principal.id);
	return { summit, principals, principal, profile: profile ?? error(404, m.ui_not_found()) };
}

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, principals, principal, profile } = await requireProfile(locals, url);
	const done = url.searchParams.get('done');
	return {
		profile,
		principal,
		principals,
		languages: summit.languages,
		countries: profile.is_protected ? [] : sortedCountries(),
		done: done === 'saved' ? m.speakers_saved() : done === 'review' ? m.speakers_profile_review() : null
	};
};

const faults: Record<string, [field: string, words: () => string]> = {
	frozen: ['display_name', m.speakers_profile_frozen],
	links: ['links', m.speakers_profile_links_wrong],
	display_name: ['display_name', m.ui_form_missing],
	country: ['country', m.ui_form_wrong]
};

// For people with an alias the page does not offer the checked fields.
function schemaFor(profile: Profile, tags: readonly string[]) {
	const named = {
		display_name: requiredText(120),
		office: optionalText(200),
		affiliation: optionalText(200),
		country: v.optional(v.union([v.literal(''), v.picklist(countryCodes)]), ''),
		links: optionalLines(2000)
	};
	const entries = { version: v.string(), ...writtenEntries('biography', tags) };
	return v.object((profile.is_protected ? entries : { ...named, ...entries }) as v.ObjectEntries);
}

async function profileForm({ locals, url }: RequestEvent) {
	const { summit, principal, profile } = await requireProfile(locals, url);
	const tags = tagsFor(summit.languages, profile.biography);
	return { summit, principal, tags, schema: schemaFor(profile, tags) };
}

export const actions: Actions = {
	default: formAction(profileForm, async (input, { locals, params }, form, { summit, principal, tags }) => {
		const { version, links, ...rest } = input as Record<string, string>;
		const pages = linksFrom(links ?? '');
		if (!pages) return refuse('links', m.speakers_profile_links_wrong(), 422);
		const fields = { ...rest, biography: gatherText(rest, 'biography', tags), links: pages } as Partial<Profile>;
		const saved = await saveProfile(locals.supabase, summit.id, principal.id, fields, version ?? '');
		return byStatus(saved, {
			ok: ({ review }) => {
				const whom = principal.is_own ? '' : `&for=${principal.id}`;
				return `/${params.summit}/speak/profile?done=${review ? 'review' : 'saved'}${whom}`;
			},
			conflict: ({ profile }) => fail(409, { form: withIssue(form, '', m.speakers_conflict()), theirs: profile }),
			invalid: ({ faults: [fault = ''] }) => {
				const [field, words] = faults[fault] ?? ['', m.speakers_not_saved];
				return refuse(field, words(), 422);
			},
			not_found: notFound
		});
	})
};
