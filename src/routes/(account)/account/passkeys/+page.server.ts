import { safeNext } from '#lib/accounts/next.ts';
import { makeRecoveryCodes, useRecoveryCode } from '#lib/accounts/server/recovery-codes.ts';
import { forgetViewers } from '#lib/accounts/server/viewers.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { id, requiredText } from '#lib/forms/fields.ts';
import { formAction, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import { error } from '@sveltejs/kit';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const results = ['added', 'renamed', 'removed', 'recovered'] as const;

export const load: PageServerLoad = async ({ locals, url }) => ({
	...((await rpc(locals.supabase, 'read_passkeys')) ?? error(401)),
	next: safeNext(url.searchParams.get('next'), ''),
	done: results.find((result) => result === url.searchParams.get('done')) ?? null
});

const page = (done: (typeof results)[number], anchor = '') => `/account/passkeys?done=${done}${anchor}`;
const gone = () => refuse('', m.accounts_passkey_gone());

export const actions: Actions = {
	rename: formAction('rename', v.object({ id: id(), name: requiredText(60) }), async ({ id, name }, { locals }) =>
		byStatus(await rpc(locals.supabase, 'rename_passkey', { passkey: id, name }), {
			ok: () => page('renamed'),
			invalid: () => refuse('name', m.ui_form_wrong(), 422),
			not_found: gone
		})
	),
	remove: formAction('remove', v.object({ id: id() }), async ({ id }, { locals }) => {
		const status = await rpc(locals.supabase, 'remove_passkey', { passkey: id });
		forgetViewers();
		return byStatus(status, {
			ok: () => page('removed'),
			last: () => refuse('', m.accounts_passkey_last()),
			not_found: gone
		});
	}),
	codes: formAction('codes', v.object({}), async (_, { locals }, form) => {
		const codes = await makeRecoveryCodes(locals.supabase);
		return codes ? { form, codes } : refuse('', m.accounts_passkeys_none());
	}),
	recover: formAction('recover', v.object({ code: requiredText(60) }), async ({ code }, { locals }) =>
		byStatus(await useRecoveryCode(locals.supabase, code), {
			ok: () => page('recovered', '#add'),
			wrong: () => {
				locals.refusal = { status: 422, reason: 'recovery_code_wrong' };
				return refuse('code', m.accounts_recovery_wrong(), 422);
			}
		})
	)
};
