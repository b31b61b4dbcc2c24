import { actingScopes } from '#lib/accounts/acting.ts';
import { actingLists, offerActing, openOffers } from '#lib/accounts/server/acting.ts';
import { answerInvitation, myInvitations } from '#lib/accounts/server/role-invitations.ts';
import { signOut } from '#lib/accounts/server/auth.ts';
import { savePreferences } from '#lib/accounts/server/preferences.ts';
import { forgetViewer, forgetViewers } from '#lib/accounts/server/viewers.ts';
import type { SignedIn } from '#lib/accounts/sessions.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id, mailAddress, timeZone } from '#lib/forms/fields.ts';
import { parseForm, withIssue } from '#lib/forms/parse.ts';
import { href, locale, locales } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { endOfDay } from '#lib/summits/local-time.ts';
import { error, fail, redirect } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const answers = ['accepted', 'declined', 'gone'] as const;

export const load: PageServerLoad = async ({ locals, url }) => {
	const [acting, offers, sessions, invitations] = await Promise.all([
		actingLists(locals.supabase),
		openOffers(locals.viewer?.accountId ?? error(401)),
		rpc<SignedIn[]>(locals.supabase, 'list_auth_sessions'),
		myInvitations(locals.supabase)
	]);
	return {
		acting,
		offers,
		sessions,
		invitations,
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
		v.regex(/^\d{4}-\d\d-\d\d$/, () => m.account_acting_day_wrong())
	)
});
const refusals: Record<string, { path: string; message: () => string }> = {
	own: { path: 'address', message: m.account_acting_own },
	limited: { path: '', message: m.account_acting_limited },
	invalid: { path: 'until', message: m.account_acting_day_wrong }
};

export const actions: Actions = {
	preferences: async ({ request, locals }) => {
		const schema = v.object({
			language: v.picklist(locales),
			zone: v.union([v.literal(''), timeZone()], () => m.shell_form_zone())
		});
		const parsed = parseForm(await request.formData(), schema, 'preferences');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { language, zone } = parsed.output;
		if (!(await savePreferences(locals.supabase, language, zone || null))) {
			return fail(422, { form: withIssue(parsed.form, 'zone', m.shell_form_zone()) });
		}
		forgetViewer(locals.token);
		redirect(303, href('/account?saved', language));
	},
	answer: async ({ request, locals }) => {
		const schema = v.object({ invitation: id(), answer: v.picklist(['accept', 'decline']) });
		const parsed = parseForm(await request.formData(), schema, 'invitation');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const accepts = parsed.output.answer === 'accept';
		const status = await answerInvitation(locals.supabase, parsed.output.invitation, accepts);
		forgetViewer(locals.token);
		const done = status !== 'ok' ? 'gone' : accepts ? 'accepted' : 'declined';
		redirect(303, href(`/account?answered=${done}#invitations`));
	},
	everywhere: async (event) => {
		const { ended } = await signOut(event, 'global');
		redirect(303, href(`/account/signed-out${ended ? '' : '?partly'}`));
	},
	end: async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), v.object({ acting: id() }), 'acting');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await rpc<string>(locals.supabase, 'remove_assistant', { acting: parsed.output.acting });
		redirect(303, href(`/account?acting=${status === 'ok' ? 'ended' : 'gone'}#acting`));
	},
	offer: async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), offered, 'offer');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const { viewer } = locals;
		const { address, scope, until: day } = parsed.output;
		// The day ends where the person is.
		const until = endOfDay(day, viewer?.timeZone ?? locals.shownSummit?.zone ?? 'UTC');
		const status =
			viewer && until ? await offerActing(viewer.accountId, address, { scope, until, locale: locale() }) : 'invalid';
		const refusal = refusals[status];
		if (refusal) return fail(422, { form: withIssue(parsed.form, refusal.path, refusal.message()) });
		redirect(303, href('/account?acting=asked#acting'));
	},
	act: async ({ request, locals }) => {
		const schema = v.object({ offer: id(), answer: v.picklist(['accept', 'decline']) });
		const parsed = parseForm(await request.formData(), schema, 'act');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const accept = parsed.output.answer === 'accept';
		const status = await rpc<string>(locals.supabase, 'answer_assistant_invitation', {
			offer: parsed.output.offer,
			accept
		});
		const said = status !== 'ok' ? 'gone' : accept ? 'accepted' : 'declined';
		redirect(303, href(`/account?acting=${said}#acting`));
	},
	session: async ({ request, locals }) => {
		const parsed = parseForm(await request.formData(), v.object({ session: id() }), 'session');
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const status = await rpc<string>(locals.supabase, 'end_auth_session', { session: parsed.output.session });
		// Its token would be believed for some seconds more.
		forgetViewers();
		redirect(303, href(`/account?session=${status}#sessions`));
	}
};
