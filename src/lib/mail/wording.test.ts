import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { locales, type Locale } from '#lib/i18n/locale.ts';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { conditions } from './conditions.ts';
import type { MailContext } from './context.ts';
import { editable, faultsOf } from './editable.ts';
import { sampleParams } from './samples.ts';
import { groupFaults } from './group.ts';
import { mailRules, defaultWording, templates, writeMail } from './templates.ts';
import type { Wording } from './wording.ts';

const summit = {
	slug: 'luxembourg-2027',
	name: { original: 'en', en: 'Global Summit 2027', ar: 'القمة العالمية 2027' },
	zone: 'Europe/Luxembourg',
	starts_on: '2027-06-10',
	ends_on: '2027-06-11',
	venue_name: { original: 'en', en: 'Congress Centre' },
	city: { original: 'en', en: 'Luxembourg' },
	reply_to: null
};
const contextOf = (params: Record<string, unknown>): MailContext => ({
	params,
	summit,
	zone: null,
	origin: 'https://summit.example.org'
});
const write = (template: string, params: Record<string, unknown>, wording: Wording | null, locale: Locale = 'en') =>
	withLocale(locale, () => writeMail(template, contextOf(params), locale, wording));
const ours = (template: string, locale: Locale = 'en') => withLocale(locale, () => defaultWording(template)) as Wording;
const rules = (template: string) => {
	const found = mailRules(template);
	if (!found) throw new Error('no rules');
	return found;
};

function waysOf(template: string): Record<string, boolean>[] {
	return (editable[template] ?? []).reduce<Record<string, boolean>[]>(
		(all, name) => all.flatMap((way) => [true, false].map((is) => ({ ...way, [name]: is }))),
		[{}]
	);
}

const bare = (text: string | undefined) => (text ?? '').replace(/[\u2066-\u2069]/g, '');

// Notices about role holders are not editable: they inform about the organisers who could rewrite them.
test('lets organisers edit every mail of a Summit', () => {
	const kept = Object.keys(templates).filter((name) => !(name in editable));
	expect(kept.sort()).toEqual([
		'account_inactive',
		'address_change_code',
		'address_changed',
		'agenda_changes',
		'assistant_asked',
		'backups_old',
		'calendar_event',
		'campaign',
		'concern_unread',
		'data_copy_requested',
		'debrief_offered',
		'deputy_granted',
		'desk_signed_in',
		'erasure_requested',
		'group_invited',
		'group_join_accepted',
		'group_join_declined',
		'group_join_requested',
		'group_message',
		'group_notice',
		'lead_without_lead',
		'meeting_event',
		'meeting_work',
		'minutes_opened',
		'name_revealed',
		'passkeys_changed',
		'passkeys_reset',
		'place_given',
		'reveal_asked',
		'role_changed',
		'role_ended',
		'role_proposed',
		'sign_in_code',
		'speaker_reminder',
		'survey_invited',
		'survey_reminder',
		'times_offered',
		'webhook_paused'
	]);
});

describe.each(locales)('in %s', (locale) => {
	test.each(Object.keys(editable))('%s: the default text equals an organiser’s text', (template) => {
		const wording = ours(template, locale);
		expect(faultsOf(wording, rules(template))).toEqual([]);
		for (const way of waysOf(template)) {
			const params = sampleParams(template, way);
			const [plain, own] = [write(template, params, null, locale), write(template, params, wording, locale)];
			expect({ way, subject: bare(own?.subject) }).toEqual({ way, subject: bare(plain?.subject) });
			expect({ way, text: bare(own?.text) }).toEqual({ way, text: bare(plain?.text) });
		}
	});
});

test('parses and evaluates conditions the same way', () => {
	for (const [template, names] of Object.entries(editable))
		for (const name of names)
			for (const is of [true, false]) {
				const held = conditions[name]?.holds(contextOf(sampleParams(template, { [name]: is })));
				expect({ template, name, held }).toEqual({ template, name, held: is });
			}
});

describe('required parts', () => {
	test.each([
		['payment_due', 'amount', 'Please pay {amount} by {until}.', 'Please pay by {until}.'],
		['payment_due', 'until', 'Please pay {amount} by {until}.', 'Please pay {amount}.'],
		['invoice_issued', 'invoice', '{invoice}', 'of yours'],
		['waiver_approved', 'owed', '{owed} of this order', 'Something of this order'],
		['role_invited', 'role', 'this role: {role}', 'a role']
	])('%s cannot leave out %s', (template, name, from, to) => {
		const wording = ours(template);
		expect(wording.body).toContain(from);
		const faults = faultsOf({ ...wording, body: wording.body.replaceAll(from, to) }, rules(template));
		expect(faults.map(({ code, name: missing }) => [code, missing])).toEqual([['missing', name]]);
	});

	test.each(Object.keys(editable).filter((template) => ours(template).body.includes('{button')))(
		'%s cannot leave out its link',
		(template) => {
			const wording = ours(template);
			const body = wording.body.replaceAll(/\{button[^}]*\}/g, 'No link.');
			expect(faultsOf({ ...wording, body }, rules(template)).map(({ code, name }) => [code, name])).toEqual([
				['missing', 'button']
			]);
		}
	);

	test('reports a missing fact that only some readers would get, and for whom', () => {
		const wording = ours('offer_made');
		const body = wording.body.replace('{button:', '{if hall}{button:');
		expect(faultsOf({ ...wording, body }, rules('offer_made'))).toEqual([
			{ code: 'missing', paragraph: 0, name: 'button', when: 'unless the seat is in the hall' }
		]);
	});

	test('does not send stored texts that fail the check', () => {
		const params = sampleParams('payment_due');
		const misleading = { subject: 'Pay', body: 'Send money to somebody else.' };
		expect(write('payment_due', params, misleading)).toEqual(write('payment_due', params, null));
		expect(write('sign_in_code', { code: '048213' }, misleading)?.text).toContain('048213');
	});

	test('always says why the reader gets the mail', () => {
		const wording = { subject: 'Hello from {summit}', body: 'It is yours.\n\n{button: Look}' };
		const mail = write('registration_confirmed', sampleParams('registration_confirmed'), wording);
		expect(mail?.subject).toBe('Hello from Global Summit 2027');
		expect(mail?.text).toContain(
			'It is yours.\n\nLook:\nhttps://summit.example.org/luxembourg-2027/me/badge\n\n-- \nYou get this mail because'
		);
	});
});

describe('errors with their place', () => {
	const check = (subject: string, body: string) =>
		faultsOf({ subject, body }, rules('registration_declined')).map(({ code, paragraph, name }) => [
			code,
			paragraph,
			name
		]);
	const good = '{if reason}\nThey wrote:\n\n{if reason}\n{reason}';

	test.each([
		['Hello {naem}', good, ['unknown', 0, 'naem']],
		['Hello', `First.\n\nDear {first name},\n\n${good}`, ['unknown', 2, 'first name']],
		['Hello', `Pay {amount}.\n\n${good}`, ['unknown', 1, 'amount']],
		['Hello', `{if sunny}\nFine.\n\n${good}`, ['unknown_condition', 1, 'sunny']],
		['Hello', `A { brace.\n\n${good}`, ['brace', 1, '']],
		['Hello', `They wrote {reason} to you.\n\n${good}`, ['alone', 1, 'reason']],
		['Hello {reason}', good, ['subject', 0, 'reason']],
		['', good, ['empty', 0, '']],
		['{if reason} Hello', good, ['no_subject', 0, '']],
		['Hello', `{constructor}\n\n${good}`, ['unknown', 1, 'constructor']]
	])('%s / %s', (subject, body, fault) => {
		expect(check(subject, body)).toContainEqual(fault);
	});
});

test('reports the same error once, so that a list has no duplicates', () => {
	const subject = '{if hall} {naem}\n{if not hall} {naem}';
	const faults = faultsOf({ subject, body: ours('offer_made').body }, rules('offer_made'));
	expect(faults).toEqual([{ code: 'unknown', paragraph: 0, name: 'naem' }]);
});

test('never reads personal texts as a variable, a condition or HTML', () => {
	const wording = { subject: 'Your registration', body: 'We cannot.\n\n{if reason}\n{reason}' };
	fc.assert(
		fc.property(
			fc.array(
				fc.constantFrom(
					'{button}',
					'{summit}',
					'{if not reason}',
					'<b onclick=x>',
					'&lt;',
					'{',
					'}',
					'\n\n',
					'a ',
					'$&'
				),
				{
					minLength: 1,
					maxLength: 12
				}
			),
			(pieces) => {
				const reason = `x${pieces.join('')}x`;
				const mail = write('registration_declined', { ...sampleParams('registration_declined'), reason }, wording);
				const quoted = reason
					.split(/\r?\n/)
					.map((line) => `> ${line}`)
					.join('\n');
				expect(mail?.text).toContain(`We cannot.\n\n${quoted}\n\n-- \n`);
				expect(mail?.html).not.toMatch(/<b /);
			}
		)
	);
});

test('checks any text, and renders it without failing when it passes', () => {
	const piece = fc.constantFrom(
		'{',
		'}',
		'{if hall}',
		'{if not until}',
		'{until}',
		'{button: Go}',
		'{summit}',
		'\n',
		'\n\n',
		'<script>',
		'word ',
		'{reference}',
		'\r'
	);
	const texts = fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join(''));
	fc.assert(
		fc.property(texts, texts, (subject, body) => {
			const faults = faultsOf({ subject, body }, rules('offer_made'));
			for (const way of waysOf('offer_made')) {
				const params = sampleParams('offer_made', way);
				const mail = write('offer_made', params, { subject, body });
				expect(mail?.subject).not.toMatch(/[\r\n]/);
				expect(mail?.html).not.toContain('<script');
				// Every text that passes contains the deadline and the way to answer.
				if (faults.length === 0) {
					expect(mail?.text).toContain('/luxembourg-2027/me\n');
					if (way['until']) expect(mail?.text).toMatch(/12:00|13:00|14:00/);
				}
			}
		}),
		{ numRuns: 400 }
	);
});

test('inserts the reader’s own answers into a message to a group, and omits a line without one', () => {
	const label = (en: string, fr: string) => ({ original: 'en', en, fr });
	const choices = [
		{ key: 'harbour', label: label('Harbour Hotel', 'Hôtel du Port') },
		{ key: 'garden', label: label('Garden Hotel', 'Hôtel du Jardin') }
	];
	const wording = { subject: 'Hotel', body: 'Your hotel: {answer:hotel}\nYour train: {answer:train}\nSee you.' };
	const answers = { hotel: { kind: 'choice', choices, value: ['harbour'] } };
	expect(write('group_message', { answers }, wording)?.text).toContain('Your hotel: Harbour Hotel\nSee you.');
	expect(write('group_message', { answers }, wording, 'fr')?.text).toContain('Your hotel: Hôtel du Port\nSee you.');
	expect(write('group_message', {}, wording)?.text).not.toMatch(/Your (hotel|train)|answer/);
	const faults = (body: string, subject = 'Hotel') =>
		groupFaults({ subject, body }, (key) => key === 'hotel').map(({ code, name }) => [code, name]);
	expect(faults('{answer:hotel}')).toEqual([]);
	expect(faults('{answer:train}')).toEqual([['unknown', 'answer:train']]);
	expect(faults('{answer:Hotel}')).toEqual([['unknown', 'answer:Hotel']]);
	expect(faults('Hello', '{answer:hotel}')).toEqual([['subject', 'answer:hotel']]);
	// Mails of other kinds insert no answers.
	const { subject, body } = ours('registration_confirmed');
	const other = faultsOf({ subject, body: `${body}\n\n{answer:hotel}` }, rules('registration_confirmed'));
	expect(other.map(({ code, name }) => [code, name])).toEqual([['unknown', 'answer:hotel']]);
});
