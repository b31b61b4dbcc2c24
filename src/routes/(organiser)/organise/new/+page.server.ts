import { holdsRole } from '#lib/accounts/viewer.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, FormRefusal, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { sortedCountries } from '#lib/members/server/countries.ts';
import { languagesFrom, newSummitSchema, withFaults } from '#lib/summits/general-form.ts';
import { createSummit, listSummits, readSummitSettings } from '#lib/summits/server/settings.ts';
import { suggestedSlug } from '#lib/summits/suggested-slug.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

/** The reader's Summits; `from`: the one of them that the address names as a template. */
export const load: PageServerLoad = async ({ locals, url }) => {
	const summits = await listSummits(locals.supabase);
	const asked = url.searchParams.get('from');
	const found = summits.find(({ slug }) => slug === asked);
	if (asked !== null && !(found && holdsRole(locals.viewer, found.id, 'owner'))) error(404, m.ui_not_found());
	return {
		summits,
		from: found ? await readSummitSettings(locals.supabase, found.slug) : null,
		countries: sortedCountries(),
		zones: Intl.supportedValuesOf('timeZone')
	};
};

export const actions: Actions = {
	default: formAction(newSummitSchema, async (input, { locals }, form) => {
		const { name, zone, starts_on, ends_on, venue_name, city, country, template } = input;
		const taken = input.slug === '' ? (await listSummits(locals.supabase)).map(({ slug }) => slug) : [];
		const slug = input.slug || suggestedSlug(name, starts_on, taken);
		const languages = languagesFrom(input);
		const original = languages[0] ?? 'en';
		const written = (words: string) => (words === '' ? {} : { original, [original]: words });
		const settings = {
			...{ name: written(name), venue_name: written(venue_name), city: written(city) },
			...{ slug, zone, starts_on, ends_on, country: country || null, languages }
		};
		const from = template === '' ? null : { template, parts: input['parts[]'] };
		const made = await createSummit(locals.supabase, settings, from);
		const faulty = () => (made.status === 'ok' ? '' : new FormRefusal(withFaults(form, made).issues, 422));
		return byStatus(made, {
			ok: () => `/${slug}/organise/${from ? 'copied' : 'setup'}?done=created`,
			not_allowed: () => refuse('', m.summits_new_from_gone()),
			slug_taken: faulty,
			invalid: faulty
		});
	})
};
