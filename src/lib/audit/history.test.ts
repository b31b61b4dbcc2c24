import { expect, test } from 'vitest';
import { auditAddress, auditFilters, auditQuery, type AuditEntry } from './history.ts';
import { auditRows } from './table.ts';
import { actorWord, actWords, fieldWord, saidFields, tableWord, valueWords } from './words.ts';

const id = '0190c1de-0000-4000-8000-000000000001';
const read = (search: string) => auditQuery(new URLSearchParams(search));
const entry: AuditEntry = {
	id: '7',
	at: '2027-06-01T12:00:00.000Z',
	table: 'public.registrations',
	area: 'registration',
	action: 'update',
	by: { kind: 'person', name: '=Emeka Nwosu' },
	for: null,
	reason: 'Seat found',
	subject: { kind: 'registration', id, label: 'ABCD2345', name: 'Ana' },
	person: null,
	currency: null,
	fields: [{ name: 'state', old: 'submitted', new: 'confirmed' }],
	sealed: ['languages'],
	can_open: true
};

test('reads filters from an address, ignores invalid ones, and writes them again', () => {
	const query = read(
		`registration=${id}&kind=public.seats&action=insert&from=2027-02-01&to=2027-02-31&before=99&actor= Ana `
	);
	expect(auditFilters(query)).toEqual({
		registration: id,
		kind: 'public.seats',
		action: 'insert',
		from: '2027-02-01',
		actor: 'Ana'
	});
	expect(query.before).toBe('99');
	expect(auditAddress(query)).toBe(`?registration=${id}&actor=Ana&kind=public.seats&action=insert&from=2027-02-01`);
	const wrong = `registration=x'--&member=1&kind=DROP&action=erase&from=tomorrow&before=-1&query=${'a'.repeat(101)}`;
	expect([auditFilters(read(wrong)), auditAddress(read(wrong), { before: '' })]).toEqual([{}, '']);
});

test('names acts, fields and values, also of tables without names here', () => {
	expect([
		actorWord({ kind: 'system' }),
		actorWord({ kind: 'self' }),
		actorWord({ kind: 'person', name: null })
	]).toEqual(['The system', 'The person', 'Somebody whose record is gone']);
	expect(actWords({ action: 'insert', table: 'public.invoices' })).toBe('added an invoice or credit note');
	expect(actWords({ action: 'delete', table: 'public.new_things' })).toBe('removed new things');
	expect(actWords({ action: 'event', table: 'audit.exported' })).toBe('exported the history');
	expect([tableWord('public.seats'), fieldWord('held_until'), fieldWord('due_at')]).toEqual([
		'Seat',
		'Held until',
		'Due'
	]);
	const words = (name: string, value: unknown, currency: string | null = null) =>
		valueWords({ currency }, name, value, 'America/Montevideo');
	expect(words('during', ['2027-06-10T13:00:00Z', '2027-06-10T14:30:00Z'])).toBe('Thu 10 June, 10:00 to 11:30');
	expect(words('interpreted', ['fr', 'es'])).toBe('French, Spanish');
	expect([
		words('state', 'awaiting_payment'),
		words('mode', 'in_person'),
		words('amount', -5000, 'EUR'),
		words('is_head', true),
		words('until', '2027-06-01T12:00:00Z'),
		words('issued_on', '2027-06-01'),
		words('country', 'UY'),
		words('languages', ['fr', 'ar']),
		words('name', { original: 'en', en: 'Hall' }),
		words('state', null)
	]).toEqual([
		'awaiting payment',
		'In the hall',
		'-€50.00',
		'Yes',
		'1 June 2027, 09:00',
		'1 June 2027',
		'Uruguay',
		'French, Arabic',
		'Hall',
		''
	]);
});

test('exports a row for each field, and says of personal values only that they changed', () => {
	expect(auditRows([entry], 'UTC').slice(1)).toEqual([
		[
			'7',
			entry.at,
			'=Emeka Nwosu',
			'',
			'changed the registration',
			'ABCD2345',
			'State',
			'submitted',
			'confirmed',
			'Seat found'
		],
		[
			'7',
			entry.at,
			'=Emeka Nwosu',
			'',
			'changed the registration',
			'ABCD2345',
			'Languages',
			'changed',
			'changed',
			'Seat found'
		]
	]);
});

test('names roles in words, those of a stage too', () => {
	const role = (code: string) => valueWords({ currency: null }, 'role', code, 'UTC');
	expect(['manager', 'host', 'viewer', 'captioner', 'moderator', 'finance', 'new_role'].map(role)).toEqual([
		'Stage organiser',
		'Chair',
		'Viewer',
		'Captioner',
		'Moderator',
		'Finance organiser',
		'new_role'
	]);
});

test('lists of an added or removed row only what is set, and of a changed one all that changed', () => {
	const fields = [
		{ name: 'is_head', old: null, new: false },
		{ name: 'interpreted', old: null, new: [] },
		{ name: 'title', old: null, new: {} },
		{ name: 'block_reason', old: null, new: '' },
		{ name: 'position', old: null, new: 0 },
		{ name: 'is_recorded', old: null, new: true }
	];
	const names = (action: 'insert' | 'update' | 'delete') => saidFields({ action, fields }).map(({ name }) => name);
	expect(names('insert')).toEqual(['position', 'is_recorded']);
	expect(saidFields({ action: 'delete', fields: [{ name: 'is_head', old: false, new: null }] })).toEqual([]);
	expect(names('update')).toHaveLength(6);
	expect(auditRows([{ ...entry, action: 'insert', fields, sealed: [] }], 'UTC')).toHaveLength(3);
});
