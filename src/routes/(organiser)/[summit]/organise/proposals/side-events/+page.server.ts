import { whenFrom } from '#lib/agenda/builder/placing-form.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { formAction, FormRefusal, notFound, refuse } from '#lib/forms/server/action.ts';
import { locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { acceptSideEvent, answerSideEvent, listSideEvents } from '#lib/proposals/server/side-events.ts';
import { acceptSchema, answerSchema, isUndecided } from '#lib/proposals/side-events.ts';
import { forgetSummits } from '#lib/summits/server/cache.ts';
import { error } from '@sveltejs/kit';
import type { Actions, PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals, url }) => {
	const { summit, supabase } = locals;
	const events = (await listSideEvents(supabase, summit.id)) ?? error(403, m.ui_forbidden());
	const open = events.find((event) => event.id === url.searchParams.get('event') && isUndecided(event))?.id ?? null;
	return { events, open, rooms: summit.rooms, starts: summit.starts_on, done: url.searchParams.get('done') };
};

/** What follows from a decision. */
const said = (summit: string | undefined, status: Awaited<ReturnType<typeof answerSideEvent>>) =>
	byStatus(status, {
		ok: () => `/${summit ?? ''}/organise/proposals/side-events?done=decided`,
		not_found: notFound,
		not_allowed: notFound,
		conflict: () => refuse('', m.proposals_side_conflict()),
		no_words: () => refuse('words', m.proposals_side_words_missing(), 422),
		room_taken: () => refuse('rooms[]', m.agenda_builder_room_taken()),
		invalid: () => refuse('', m.ui_form_wrong(), 422)
	});

/** The name of the format of side events, in every language of the pages. */
const formatName = () => ({
	original: 'en',
	...Object.fromEntries(locales.map((locale) => [locale, withLocale(locale, () => m.proposals_side_format())]))
});

export const actions: Actions = {
	accept: formAction('accept', acceptSchema, async (input, { locals, params }, form) => {
		const wished = whenFrom(input, form, locals.summit.zone);
		if (!wished.when) return new FormRefusal(wished.form.issues, 422);
		const decided = { place: wished.when, format: formatName() };
		const status = await acceptSideEvent(locals.supabase, input.event, input.version, decided);
		if (status === 'ok') forgetSummits();
		return said(params.summit, status);
	}),
	answer: formAction('answer', answerSchema, async ({ event, version, decision, words }, { locals, params }) =>
		said(params.summit, await answerSideEvent(locals.supabase, event, version, { decision, words }))
	)
};
