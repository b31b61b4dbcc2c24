import type { RequestEvent } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { copyOfForm, unavailableResponse } from './unavailable.ts';

const address = 'https://summit.example.org/fr/montevideo/speak/1?/save';

function sending(body: BodyInit | null, headers: Record<string, string> = {}): RequestEvent {
	const url = new URL(address);
	const request = new Request(url, { method: body === null ? 'GET' : 'POST', body, headers });
	return { request, url, isDataRequest: false } as unknown as RequestEvent;
}

const fields = new URLSearchParams({ title: 'One', text: '\nFirst "line" & <b>\n\nLast line' });
const form = {
	'content-type': 'application/x-www-form-urlencoded',
	'content-length': String(fields.toString().length),
	accept: 'text/html'
};

test('a page says when to try again, in the reader’s language, and does so by itself', async () => {
	const response = await withLocale('fr', () => unavailableResponse(sending(null, { accept: 'text/html' }), null));
	expect([response.status, response.headers.get('retry-after'), response.headers.get('cache-control')]).toEqual([
		503,
		'5',
		'no-store'
	]);
	const html = await response.text();
	expect(html).toContain('<html lang="fr" dir="ltr">');
	expect(html).toContain('<meta http-equiv="refresh" content="5">');
	expect(html).toContain('Veuillez réessayer dans quelques secondes');
	const arabic = await withLocale('ar', () => unavailableResponse(sending(null, { accept: 'text/html' }), null));
	expect(await arabic.text()).toContain('<html lang="ar" dir="rtl">');
});

test('a form without script comes back with all that was written, and goes to where it went, once more', async () => {
	const event = sending(fields, form);
	const copy = copyOfForm(event.request);
	// The action has read it when it fails.
	await event.request.formData();
	const response = await withLocale('en', () => unavailableResponse(event, copy));
	const html = await response.text();
	expect(response.status).toBe(503);
	expect(html).toContain('<form method="post" action="/fr/montevideo/speak/1?/save">');
	expect(html).toContain('<textarea hidden name="title">\nOne</textarea>');
	expect(html).toContain(
		'<textarea hidden name="text">\n\nFirst &quot;line&quot; &amp; &lt;b&gt;\n\nLast line</textarea>'
	);
	expect(html).not.toContain('refresh');
});

test('a script gets an error, so that its page stays as it is', async () => {
	const event = sending(fields, { ...form, accept: 'application/json', 'x-sveltekit-action': 'true' });
	expect(copyOfForm(event.request)).toBe(null);
	const response = await withLocale('en', () => unavailableResponse(event, null));
	expect([response.status, await response.json()]).toEqual([
		503,
		{
			type: 'error',
			error: {
				message:
					'The database does not answer at the moment. What you wrote is still here. Send it again in a few seconds.'
			}
		}
	]);
});

test('what is too long to hold twice is not copied, and its page says where it is kept', async () => {
	const event = sending(fields, { ...form, 'content-length': '1000001' });
	expect(copyOfForm(event.request)).toBe(null);
	const response = await withLocale('en', () => unavailableResponse(event, null));
	expect(await response.text()).toContain('Go back with your browser: what you wrote is kept there.');
});
