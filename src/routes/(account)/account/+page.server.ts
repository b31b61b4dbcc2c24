import { actingScopes } from '#lib/accounts/acting.ts';
import { actingLists, offerActing, openOffers } from '#lib/accounts/server/acting.ts';
import { answerInvitation, myInvitations } from '#lib/accounts/server/role-invitations.ts';
import { signOut } from '#lib/accounts/server/auth.ts';
import { savePreferences } from '#lib/accounts/server/preferences.ts';
import { getsNews, saveNewsChoice } from '#lib/campaigns/server/campaigns.ts';
import { forgetViewer, forgetViewers } from '#lib/accounts/server/viewers.ts';
import { byStatus } from '#lib/database/by-status.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id, mailAddress, timeZone } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { href, locale, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { endOfDay } from '#lib/summits/local-time.ts';
import { error, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = ['accepted', 'declined', 'gone'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const [acting, offers, sessions, invitations, news] = await Promise.all([
		actingLists(locals.supabase),
		openOffers(locals.viewer?.accountId ?? error(401)),
		rpc(locals.supabase, 'list_auth_sessions'),
		myInvitations(locals.supabase),
		getsNews(locals.supabase)
	]);
	return {
		acting,
		offers,
		sessions,
		invitations,
		news,
		answered: answers.find((answer) => answer === url.searchParams.get('answered')) ?? null,
		done: { acting: url.searchParams.get('acting'), session: url.searchParams.get('session') },
		zones: Intl.supportedValuesOf('timeZone'),
		saved: url.searchParams.has('saved')
	};
};

const offered = v.object({
	address: mailAddress(),
	scope: v.picklist(actingScopes),
	until: v.pipe(
		v.string(),
		v.regex(/^\d{4}-\d\d-\d\d$/, () => m.accounts_acting_day_wrong())
	)
});
const refusals: Record<RefusalOf<'invite_assistant'>, { path: string; message: () => string }> = {
	own: { path: 'address', message: m.accounts_acting_own },
	limited: { path: '', message: m.accounts_acting_limited },
	invalid: { path: 'until', message: m.accounts_acting_day_wrong }
};

const preferencesSchema = v.object({
	language: v.picklist(locales),
	zone: v.union([v.literal(''), timeZone()], () => m.ui_form_zone())
});

const newsSchema = v.object({ choice: v.picklist(['yes', 'no']) });
const answerSchema = v.object({ invitation: id(), answer: v.picklist(['accept', 'decline']) });
const actSchema = v.object({ offer: id(), answer: v.picklist(['accept', 'decline']) });

export const actions: Actions = {
	preferences: formAction('preferences', preferencesSchema, async ({ language, zone }, { locals }) => {
		return byStatus(await savePreferences(locals.supabase, language, zone || null), {
			ok: () => {
				forgetViewer(locals.token);
				redirect(303, href('/account?saved', language));
			},
			unknown_locale: () => refuse('language', m.ui_form_wrong(), 422),
			unknown_zone: () => refuse('zone', m.ui_form_zone(), 422),
			not_allowed: notFound
		});
	}),
	answer: formAction('invitation', answerSchema, async ({ answer, invitation }, { locals }) => {
		const accepts = answer === 'accept';
		const status = await answerInvitation(locals.supabase, invitation, accepts);
		forgetViewer(locals.token);
		const done = { ok: accepts ? 'accepted' : 'declined', not_found: 'gone', cancelled: 'gone', taken: 'gone' };
		return `/account?answered=${done[status]}#invitations`;
	}),
	news: formAction('news', newsSchema, async ({ choice }, { locals }) =>
		byStatus(await saveNewsChoice(locals.supabase, choice === 'yes'), {
			ok: () => '/account#news',
			not_found: notFound
		})
	),
	everywhere: async (event) => {
		const { ended } = await signOut(event, 'global');
		redirect(303, href(`/account/signed-out${ended ? '' : '?partly'}`));
	},
	end: formAction('acting', v.object({ acting: id() }), async ({ acting }, { locals }) => {
		const status = await rpc(locals.supabase, 'remove_assistant', { acting });
		return `/account?acting=${status === 'ok' ? 'ended' : 'gone'}#acting`;
	}),
	offer: formAction('offer', offered, async ({ address, scope, until: day }, { locals }) => {
		const { viewer } = locals;
		// The day ends in the person's time zone.
		const until = endOfDay(day, viewer?.timeZone ?? locals.shownSummit?.zone ?? 'UTC');
		const status =
			viewer && until ? await offerActing(viewer.accountId, address, { scope, until, locale: locale() }) : 'invalid';
		if (status !== 'ok') return refuse(refusals[status].path, refusals[status].message(), 422);
		return '/account?acting=asked#acting';
	}),
	act: formAction('act', actSchema, async ({ answer, offer }, { locals }) => {
		const accept = answer === 'accept';
		const status = await rpc(locals.supabase, 'answer_assistant_invitation', {
			offer,
			accept
		});
		const outcome = status !== 'ok' ? 'gone' : accept ? 'accepted' : 'declined';
		return `/account?acting=${outcome}#acting`;
	}),
	session: formAction('session', v.object({ session: id() }), async ({ session }, { locals }) => {
		const status = await rpc(locals.supabase, 'end_auth_session', { session });
		// Its token would be believed for some seconds more.
		forgetViewers();
		return `/account?session=${status}#sessions`;
	})
};
