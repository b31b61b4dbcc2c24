import { expect, test } from 'vitest';
import { smsBody, smsProvider } from './server/sms.ts';

const values = { to: '+59825550101', text: 'A "quote" & more' };

test('writes JSON or the fields of a form, with values escaped', () => {
	const json = smsBody('{"to":"{to}","text":"{text}"}', values);
	expect([json.type, JSON.parse(json.body)]).toEqual(['application/json', { to: values.to, text: values.text }]);
	const form = smsBody('To={to}&From=Summit&Body={text}', values);
	expect([form.type, Object.fromEntries(new URLSearchParams(form.body))]).toEqual([
		'application/x-www-form-urlencoded',
		{ To: values.to, From: 'Summit', Body: values.text }
	]);
});

test('is off without an address or a body', () => {
	expect([smsProvider({}), smsProvider({ SMS_URL: 'https://sms.example' })]).toEqual([null, null]);
	expect(smsProvider({ SMS_URL: 'https://sms.example', SMS_BODY: '{}' })).toMatchObject({ authorization: null });
});
