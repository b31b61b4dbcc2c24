import { safeNext } from '#lib/accounts/next.ts';
import {
	acceptPasskeySignIn,
	addPasskey,
	additionOptions,
	confirmSession,
	requestOptions
} from '#lib/accounts/server/passkeys.ts';
import { saveFirstLanguage } from '#lib/accounts/server/preferences.ts';
import { forgetChallenge } from '#lib/accounts/server/codes.ts';
import { jsonBody } from '#lib/forms/server/request-body.ts';
import { href, locale } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { error, json, type RequestEvent } from '@sveltejs/kit';
import * as v from 'valibot';
import type { RequestHandler } from './$types';

const text = v.pipe(v.string(), v.maxLength(20_000));
// What the library reads of an answer; it checks the rest itself.
const response = v.looseObject({
	id: text,
	rawId: text,
	type: text,
	response: v.looseObject({ clientDataJSON: text })
});
const asked = v.variant('act', [
	v.object({ act: v.literal('options'), purpose: v.picklist(['sign_in', 'confirm', 'add']) }),
	v.object({ act: v.literal('sign_in'), response, next: v.optional(v.string(), '') }),
	v.object({ act: v.literal('confirm'), response }),
	v.object({ act: v.literal('add'), response, name: v.pipe(v.string(), v.maxLength(200)) })
]);

/** The ceremonies of passkeys, step by step: `options`, then the browser's answer. Answers {status} beside the data. */
export const POST: RequestHandler = async (event) => {
	const given = v.safeParse(asked, await jsonBody(event.request));
	if (!given.success) error(422, m.ui_form_wrong());
	const input = given.output;
	if (input.act === 'options') {
		const { purpose } = input;
		const name = event.locals.viewer?.displayName || m.ui_account();
		const options =
			purpose === 'add' ? await additionOptions(event, m.ui_name(), name) : await requestOptions(event, purpose);
		return json(options ? { status: 'ok', options } : { status: 'not_allowed' });
	}
	if (input.act === 'sign_in') {
		const status = await acceptPasskeySignIn(event, input.response as unknown as AuthenticationResponseJSON);
		if (status !== 'ok') return refused(event, status);
		await saveFirstLanguage(event.locals.supabase, locale());
		forgetChallenge(event);
		return json({ status, next: safeNext(input.next, href('/account/start')) });
	}
	const status =
		input.act === 'confirm'
			? await confirmSession(event, input.response as unknown as AuthenticationResponseJSON)
			: await addPasskey(event, input.response as unknown as RegistrationResponseJSON, input.name);
	return status === 'ok' ? json({ status }) : refused(event, status);
};

function refused({ locals }: RequestEvent, status: string): Response {
	locals.refusal = { status: 200, reason: `passkey_${status}` };
	return json({ status });
}
