import { digitsOf } from '#lib/accounts/challenge.ts';
import {
	cancelAddressChange,
	confirmAddressChange,
	openAddressChange,
	requestAddressChange
} from '#lib/accounts/server/address.ts';
import { byStatus } from '#lib/database/by-status.ts';
import { mailAddress } from '#lib/forms/fields.ts';
import { formAction, notFound, refuse } from '#lib/forms/server/action.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import type { Actions, PageServerLoad } from './$types';

const personOf = ({ viewer }: App.Locals) => viewer?.personId ?? notFound();

export const load: PageServerLoad = async ({ locals, url }) => ({
	change: await openAddressChange(personOf(locals)),
	isDone: url.searchParams.has('changed')
});

const code = () =>
	v.pipe(
		v.optional(v.string(), ''),
		v.transform((typed) => (typed.trim() === '' ? '' : digitsOf(typed))),
		v.string(() => m.accounts_code_shape())
	);

export const actions: Actions = {
	ask: formAction('ask', v.object({ address: mailAddress() }), async ({ address }, event) => {
		const status = await requestAddressChange(event, personOf(event.locals), address);
		return byStatus(status, {
			ok: () => '/account/address',
			same: () => refuse('address', m.accounts_change_same(), 422),
			limited: () => refuse('', m.accounts_change_limited(), 429)
		});
	}),
	confirm: formAction('confirm', v.object({ old: code(), new: code() }), async (codes, event) => {
		const person = personOf(event.locals);
		const change = await openAddressChange(person);
		if (!change) return refuse('', m.accounts_change_expired());
		return byStatus(await confirmAddressChange(event, person, change, codes), {
			ok: () => '/account/address?changed',
			wrong: () => {
				event.locals.refusal = { status: 422, reason: 'change_code_wrong' };
				return refuse('', m.accounts_change_wrong(), 422);
			},
			invalidated: () => refuse('', m.accounts_change_invalidated()),
			expired: () => refuse('', m.accounts_change_expired()),
			taken: () => refuse('', m.accounts_change_taken())
		});
	}),
	cancel: formAction('cancel', v.object({}), async (_input, { locals }) => {
		await cancelAddressChange(personOf(locals));
		return '/account/address';
	})
};
