import {
	acceptVersionSchema,
	monthsSchema,
	refuseSchema,
	scheduleSchema,
	themeSchema,
	themeSwitchSchema
} from '#lib/commitments/forms.ts';
import {
	announceCommitment,
	checkCommitment,
	readCommitmentWork,
	readRegisterOrigins,
	saveRegisterOrigins,
	saveReminderMonths,
	saveTheme,
	unscheduleCommitment
} from '#lib/commitments/server/commitments.ts';
import { isReady } from '#lib/commitments/words.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { acted, formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { inPageLanguage } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { embedSchema, sitesOf, snippetFor } from '#lib/ui/embed/origins.ts';
import { error, type RequestEvent } from '@sveltejs/kit';
import { randomUUID } from 'node:crypto';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const work = await readCommitmentWork(locals.supabase);
	if (!work) error(404, m.ui_not_found());
	const slug = url.searchParams.get('summit');
	const ofSummit = work.commitments.filter(({ summit }) => slug === null || summit.slug === slug);
	const screens = new Map(ofSummit.filter(isReady).map(({ summit }) => [summit.slug, summit]));
	return {
		...work,
		commitments: ofSummit,
		isFiltered: slug !== null,
		screens: [...screens.values()],
		origins: await readRegisterOrigins(),
		snippet: snippetFor(url.origin + '/community/commitments/embed', m.commitments_title())
	};
};

const gone = () => refuse('', m.commitments_gone());
const invalid = () => refuse('', m.ui_form_wrong(), 422);

/** What follows from a step of a commitment. */
const afterStep = (event: RequestEvent) => ({
	ok: () => acted(event),
	not_found: notFound,
	invalid,
	conflict: gone,
	wrong_state: gone,
	reason_needed: invalid,
	limited: gone
});

const afterSaving = (event: RequestEvent) => ({ ok: () => acted(event), not_allowed: notFound, invalid });

const named = (name: string) => (_: RequestEvent, data: FormData) => `${name}-${String(data.get('commitment'))}`;

export const actions: Actions = {
	accept: formAction(
		(event, data) => ({ schema: acceptVersionSchema, name: named('accept')(event, data) }),
		async ({ commitment, version }, event) => {
			const checked = { accepted: true, reason: '' };
			return byStatus(await checkCommitment(event.locals.supabase, commitment, version, checked), afterStep(event));
		}
	),
	refuse: formAction(
		(event, data) => ({ schema: refuseSchema, name: named('refuse')(event, data) }),
		async ({ commitment, version, reason }, event) => {
			const checked = { accepted: false, reason };
			return byStatus(await checkCommitment(event.locals.supabase, commitment, version, checked), afterStep(event));
		}
	),
	announce: formAction(
		(event, data) => ({ schema: acceptVersionSchema, name: named('announce')(event, data) }),
		async ({ commitment, version }, event) =>
			byStatus(await announceCommitment(event.locals.supabase, commitment, version, null), afterStep(event))
	),
	schedule: formAction(
		(event, data) => ({ schema: scheduleSchema(String(data.get('zone'))), name: named('schedule')(event, data) }),
		async ({ commitment, version, at }, event) =>
			byStatus(await announceCommitment(event.locals.supabase, commitment, version, at), afterStep(event))
	),
	unschedule: formAction(
		(event, data) => ({ schema: acceptVersionSchema, name: named('unschedule')(event, data) }),
		async ({ commitment, version }, event) =>
			byStatus(await unscheduleCommitment(event.locals.supabase, commitment, version), afterStep(event))
	),
	theme: formAction('theme', themeSchema, async ({ name }, event) => {
		const work = await readCommitmentWork(event.locals.supabase);
		const theme = {
			slug: `theme-${randomUUID().slice(0, 8)}`,
			name: inPageLanguage(name),
			position: (work?.themes.length ?? 0) + 1,
			retired: false
		};
		return byStatus(await saveTheme(event.locals.supabase, theme), afterSaving(event));
	}),
	retire: formAction('retire', themeSwitchSchema, async ({ slug, retired }, event) => {
		const work = await readCommitmentWork(event.locals.supabase);
		const theme = work?.themes.find((one) => one.slug === slug);
		if (!theme) return notFound();
		const saved = { slug, name: theme.name, position: theme.position, retired: retired === 'yes' };
		return byStatus(await saveTheme(event.locals.supabase, saved), afterSaving(event));
	}),
	sites: formAction('sites', embedSchema, async (input, event) => {
		const { origins, refusal } = sitesOf(input.origins);
		if (refusal !== null) return refuse('origins', refusal, 422);
		return byStatus(await saveRegisterOrigins(event.locals.supabase, origins), afterSaving(event));
	}),
	months: formAction('months', monthsSchema, async ({ months }, event) =>
		byStatus(await saveReminderMonths(event.locals.supabase, months), afterSaving(event))
	)
};
