import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { checkbox, list, mailAddress, optionalText, requiredText, timeZone, wholeNumber } from './fields.ts';
import { folded } from './folded.ts';
import { parseForm, withIssue } from './parse.ts';
import { fieldId, formState } from './state.ts';

function data(...pairs: [string, string | File][]): FormData {
	const form = new FormData();
	for (const [name, value] of pairs) form.append(name, value);
	return form;
}

const schema = v.object({
	name: requiredText(10),
	note: optionalText(5),
	mail: mailAddress(),
	agree: checkbox(),
	seats: wholeNumber(1, 5),
	zone: timeZone(),
	'languages[]': list(v.picklist(['en', 'fr']))
});
const good: [string, string][] = [
	['name', ' Ana '],
	['mail', 'ana@example.org'],
	['agree', 'yes'],
	['seats', '3'],
	['zone', 'UTC'],
	['languages[]', 'en'],
	['languages[]', 'fr']
];

describe('a form', () => {
	it('is parsed to values', () => {
		const parsed = parseForm(data(...good), schema);
		expect(parsed.ok && parsed.output).toEqual({
			name: 'Ana',
			note: '',
			mail: 'ana@example.org',
			agree: true,
			seats: 3,
			zone: 'UTC',
			'languages[]': ['en', 'fr']
		});
	});

	it('drops control characters', () => {
		const typed = data(...good.filter(([name]) => name !== 'name'), ['name', 'A\0na'], ['languages[]', 'f\0r']);
		const parsed = parseForm(typed, schema);
		expect(parsed.ok && [parsed.output.name, parsed.output['languages[]']]).toEqual(['Ana', ['en', 'fr', 'fr']]);
	});

	it('gets one message for each field and keeps the typed values', () => {
		const parsed = parseForm(
			data(['name', ''], ['mail', 'x@'], ['seats', '9'], ['zone', 'Mars/X'], ['note', '123456'], ['languages[]', 'xx']),
			schema,
			'who'
		);
		expect(parsed.form).toEqual({
			name: 'who',
			values: { name: '', mail: 'x@', seats: '9', zone: 'Mars/X', note: '123456', 'languages[]': ['xx'] },
			issues: [
				{ path: 'name', message: 'Fill this in.' },
				{ path: 'note', message: 'Use 5 characters at most.' },
				{ path: 'mail', message: 'Enter a mail address, such as name@example.org.' },
				{ path: 'seats', message: 'Enter a whole number from 1 to 5.' },
				{ path: 'zone', message: 'Choose a time zone from the list.' },
				{ path: 'languages[]', message: 'This cannot be used. Check it and try again.' }
			]
		});
	});

	it('has its own message for an absent field, never one of valibot', () => {
		const parsed = parseForm(data(), schema);
		expect(
			parsed.form.issues.map(({ message }) => message).filter((message) => /invalid|expected/i.test(message))
		).toEqual([]);
		expect(parsed.ok).toBe(false);
	});

	it('keeps no file and reads none as text', () => {
		const parsed = parseForm(data(['name', new File(['x'], 'x.png')]), v.object({ name: requiredText() }));
		expect(parsed.form.values).toEqual({});
		expect(parsed.ok).toBe(false);
	});

	it.each(['a@b.co', 'ana+summit@sub.example.org', 'josé@exämple.org'])('accepts %s as an address', (mail) => {
		expect(v.safeParse(mailAddress(), mail).success).toBe(true);
	});

	it.each(['a', 'a@b', '@b.co', 'a b@c.de', 'a@b.co, c@d.ef', '<a@b.co>', `${'a'.repeat(250)}@b.co`])(
		'does not take %s',
		(mail) => {
			expect(v.safeParse(mailAddress(), mail).success).toBe(false);
		}
	);
});

describe('the state of a form', () => {
	const form = withIssue({ name: 'who', values: { name: 'Ana', 'languages[]': ['fr'] }, issues: [] }, 'name', 'Taken.');

	it('shows the typed value, else the saved one', () => {
		expect(formState(form).value('name', 'Eva')).toBe('Ana');
		expect(formState(null).value('name', 'Eva')).toBe('Eva');
		expect(formState(form).values('languages[]', ['en'])).toEqual(['fr']);
		expect(formState(form).checked('agree', true)).toBe(false);
		expect(formState(null).checked('agree', true)).toBe(true);
		expect(formState(form).error('name')).toBe('Taken.');
	});

	it('belongs to one form of the page', () => {
		expect(formState(form, 'other').issues).toEqual([]);
		expect(formState(form, 'who').issues).toHaveLength(1);
	});
});

it('finds names without their accents', () => {
	expect(['Río', 'ÅNGSTRÖM', ' Łódź ', 'سميرة'].map(folded)).toEqual(['rio', 'angstrom', 'łodz', 'سميرة']);
});

it('derives an id from any name', () => {
	expect(fieldId('languages[]')).toBe('field-languages--');
});
