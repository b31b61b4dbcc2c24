import type { RequestEvent } from '@sveltejs/kit';
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { requiredText, wholeNumber } from '../fields.ts';
import { acted, formAction, formActionsAbout, FormRefusal, notFound, refuse } from './action.ts';

const schema = v.object({ name: requiredText(10), seats: wholeNumber(1, 5) });

function post(fields: Record<string, string>): RequestEvent {
	const request = new Request('http://localhost/', { method: 'POST', body: new URLSearchParams(fields) });
	return { request, params: { summit: 'geneva' } } as unknown as RequestEvent;
}
const filled = { name: ' Ada ', seats: '3' };

describe('formAction', () => {
	it('passes the parsed values, the event and the form as filled in to the function', async () => {
		const action = formAction('seats', schema, (input, { params }: RequestEvent, form) => ({ input, params, form }));
		expect(await action(post(filled))).toEqual({
			input: { name: 'Ada', seats: 3 },
			params: { summit: 'geneva' },
			form: { name: 'seats', values: filled, issues: [] }
		});
	});

	it('answers 422 with the issues and the typed values, without calling the function', async () => {
		const action = formAction(schema, () => expect.fail('It acted.'));
		expect(await action(post({ name: '', seats: '3' }))).toMatchObject({
			status: 422,
			data: { form: { values: { name: '', seats: '3' }, issues: [{ path: 'name', message: expect.any(String) }] } }
		});
	});

	it('redirects to the returned address', async () => {
		const action = formAction(schema, ({ name }) => `/people?done=${name}`);
		await expect(action(post(filled))).rejects.toMatchObject({ status: 303, location: '/people?done=Ada' });
	});

	it('shows a refusal at its field and keeps the typed values', async () => {
		const taken = formAction('seats', schema, () => refuse('name', 'Taken.'));
		const form = { name: 'seats', values: filled };
		expect(await taken(post(filled))).toMatchObject({
			status: 409,
			data: { form: { ...form, issues: [{ path: 'name', message: 'Taken.' }] } }
		});
		const issues = ['name', 'seats'].map((path) => ({ path, message: 'Wrong.' }));
		const wrong = formAction('seats', schema, () => new FormRefusal(issues, 422));
		expect(await wrong(post(filled))).toMatchObject({ status: 422, data: { form: { ...form, issues } } });
	});

	it('takes schema and name from what is known before the form is read', async () => {
		const before = (_: RequestEvent, data: FormData) => ({ schema, name: `seats-${String(data.get('name')).trim()}` });
		const action = formAction(before, ({ seats }, _event, { name }, known) => ({ seats, names: [name, known.name] }));
		expect(await action(post(filled))).toEqual({ seats: 3, names: ['seats-Ada', 'seats-Ada'] });
	});
});

describe('acted', () => {
	const url = new URL('http://localhost/fr/geneva/live/hall?/say&panel=chat');
	const sent = (headers: Record<string, string>) => ({ request: new Request(url, { headers }), url });

	it('answers a script, and leads a form without script back to its page', () => {
		expect(acted(sent({ 'x-sveltekit-action': 'true' }))).toEqual({ done: true });
		expect(() => acted(sent({ accept: 'text/html' }))).toThrow(
			expect.objectContaining({ status: 303, location: '/fr/geneva/live/hall?panel=chat' })
		);
	});
});

describe('formActionsAbout', () => {
	const act = formActionsAbout(async ({ params }: RequestEvent) =>
		params['summit'] === 'geneva' ? { city: 'Geneva' } : notFound()
	);

	it('finds the thing and passes it to the function', async () => {
		const action = act('seats', schema, ({ name }, _event, _form, { city }) => `/${city}/${name}`);
		await expect(action(post(filled))).rejects.toMatchObject({ status: 303, location: '/Geneva/Ada' });
	});

	it('answers 404 about a thing that is gone, whatever the form contains', async () => {
		const action = act('seats', schema, () => expect.fail('It acted.'));
		const gone = { ...post({ name: '' }), params: { summit: 'gone' } } as unknown as RequestEvent;
		await expect(action(gone)).rejects.toMatchObject({ status: 404 });
	});
});
