import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readImport } from './read-file.ts';
import { amountOf, rowFault, importedRowsLimit, type FileRegistration } from './registrations.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (given: unknown) =>
	readImport(given instanceof Uint8Array ? given : bytes(typeof given === 'string' ? given : JSON.stringify(given)));
const fault = (given: unknown) => {
	const answer = read(given);
	return answer.ok ? 'read' : (answer.fault.kind ?? answer.fault.csv?.code ?? answer.fault.code);
};

function rowsOf(given: unknown): FileRegistration[] {
	const answer = read(given);
	if (!answer.ok) throw new Error(answer.fault.code);
	if (answer.file.contents !== 'registrations') throw new Error(answer.file.kind);
	return answer.file.rows;
}

/** Order data as pretix exports it: two guests with an add-on, and orders that are cancelled or only a test. */
export function pretixOrders() {
	const position = (id: number, rest: object = {}) => ({
		id,
		positionid: id,
		item: 1,
		variation: 7,
		subevent: null,
		price: '250.00',
		attendee_name: `Guest ${id}`,
		attendee_email: null,
		company: 'Quiet Harbour',
		country: 'UY',
		secret: 'abc',
		addon_to: null,
		answers: [{ question: 3, answer: 'vegetarian\r\nno nuts' }],
		...rest
	});
	const order = (code: string, status: string, positions: object[], rest: object = {}) => ({
		code,
		status,
		testmode: false,
		email: `${code.toLowerCase()}@example.org`,
		datetime: '2027-01-02T10:00:00Z',
		total: '250.00',
		positions,
		...rest
	});
	return {
		event: {
			name: 'Summit',
			slug: 'sum27',
			organizer: { name: 'Alliance', slug: 'all' },
			items: [
				{ id: 1, name: 'Conference ticket', admission: true, variations: [{ id: 7, name: 'Online' }] },
				{ id: 2, name: 'T-shirt', admission: false, variations: [] }
			],
			questions: [{ id: 3, identifier: 'DIET', question: 'What do you eat?', type: 'S' }],
			orders: [
				order('ALPHA', 'p', [
					position(1, { attendee_email: 'one@example.org' }),
					position(2),
					position(3, { item: 2, variation: null, addon_to: 1 })
				]),
				order('BRAVO', 'n', [position(1, { attendee_name: 'Wren Alder' })]),
				order('CARGO', 'c', [position(1)]),
				order('DELTA', 'p', [position(1)], { testmode: true })
			],
			quotas: [],
			subevents: []
		}
	};
}

describe('pretix', () => {
	test('order data: a row for each position, the address of an order for its only guest, add-ons and tests as faults', () => {
		const rows = rowsOf(pretixOrders());
		expect(rows.map((row) => [row.key, row.address, row.product, row.state, row.paid, row.fault])).toEqual([
			['ALPHA-1', 'one@example.org', 'Conference ticket – Online', 'paid', '250.00', null],
			['ALPHA-2', '', 'Conference ticket – Online', 'paid', '250.00', null],
			['ALPHA-3', '', 'T-shirt', 'paid', '250.00', 'addon'],
			['BRAVO-1', 'bravo@example.org', 'Conference ticket – Online', 'pending', '', null],
			['CARGO-1', 'cargo@example.org', 'Conference ticket – Online', 'cancelled', '', null],
			['DELTA-1', 'delta@example.org', 'Conference ticket – Online', 'paid', '250.00', 'test_order']
		]);
		expect(rows[0]?.answers).toEqual({ 'What do you eat?': 'vegetarian\nno nuts' });
	});

	test('order positions as a table have the same names as the order data', () => {
		const table = [
			'Event slug;Order code;Position ID;Status;Email;Product;Variation;Price;Attendee name;Attendee email;Company;Country;What do you eat?;Company',
			'sum27;ALPHA;1;Paid;alpha@example.org;Conference ticket;Online;250.00;Guest 1;one@example.org;;UY;fish;Quiet Harbour',
			'sum27;ALPHA;2;Paid;alpha@example.org;Conference ticket;Online;250.00;Guest 2;;;;;',
			'sum27;BRAVO;1;Weird;bravo@example.org;Conference ticket;Online;0.00;Wren;;;;;'
		].join('\r\n');
		const answer = read(table);
		expect(answer).toMatchObject({ ok: true, file: { kind: 'pretix_positions', source: 'pretix sum27' } });
		expect(rowsOf(table).map((row) => [row.key, row.address, row.organisation, row.state, row.writtenState])).toEqual([
			['ALPHA-1', 'one@example.org', 'Quiet Harbour', 'paid', ''],
			['ALPHA-2', '', '', 'paid', ''],
			['BRAVO-1', 'bravo@example.org', '', 'pending', 'Weird']
		]);
		expect(rowsOf(table)[0]?.answers).toEqual({ 'What do you eat?': 'fish' });
	});
});

test('Eventbrite: attendees with their states, several tickets in a row, amounts with their currency', () => {
	const table = [
		'Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Currency,Total Paid,Attendee Status,Company,Job Title,Dietary needs',
		'100,2027-01-02,Ama,Reed,ama@example.org,1,Press pass,900,EUR,250.00,Checked In,Far Lantern,Editor,"none,\nreally"',
		'101,2027-01-02,Wren,Alder,wren@example.org,3,Online,,EUR,0.00,Attending,,,',
		'101,2027-01-02,Ida,Alder,ida@example.org,1,Online,,EUR,0.00,Not Attending,,,'
	].join('\n');
	expect(
		rowsOf(table).map((row) => [row.key, row.name, row.state, row.isCheckedIn, row.paid, row.tickets, row.office])
	).toEqual([
		['100-900', 'Ama Reed', 'paid', true, '250.00 EUR', 1, 'Editor'],
		['101-#1', 'Wren Alder', 'paid', false, '', 3, ''],
		['101-#2', 'Ida Alder', 'cancelled', false, '', 1, '']
	]);
	expect(rowsOf(table)[0]?.answers).toEqual({ 'Dietary needs': 'none,\nreally' });
});

test('Indico: the list of registrations, and the registrants of its API', () => {
	const list = [
		'ID,Name,First Name,Last Name,Email Address,Affiliation,Position,Country,Registration state,Price,Checked in',
		'#1,Ama Reed,Ama,Reed,ama@example.org,Far Lantern,Editor,Ghana,Completed,100.00 CHF,True',
		'#2,Wren Alder,,,wren@example.org,,,,Awaiting payment,100.00 CHF,False',
		'#3,Ida Alder,Ida,Alder,ida@example.org,,,,Withdrawn,,'
	].join('\n');
	expect(rowsOf(list).map((row) => [row.key, row.name, row.state, row.paid, row.isCheckedIn])).toEqual([
		['1', 'Ama Reed', 'paid', '100.00 CHF', true],
		['2', 'Wren Alder', 'pending', '', false],
		['3', 'Ida Alder', 'cancelled', '', false]
	]);
	const personal_data = { firstName: 'Ama', surname: 'Reed', email: 'ama@example.org', country_code: 'GH' };
	const registrants = [{ registrant_id: '55', checked_in: false, full_name: 'Ms Ama Reed', personal_data, paid: true }];
	expect(rowsOf({ registrants })).toMatchObject([{ key: '55', name: 'Ama Reed', country: 'GH', state: 'paid' }]);
});

describe('a hostile file', () => {
	test('is told by what it is', () => {
		expect([
			fault(''),
			fault('\ufeff  '),
			fault(gzipSync('x')),
			fault('PK\u0003\u0004 a workbook'),
			fault('{"event":'),
			fault('['.repeat(100_000)),
			fault('one,two\n1,2\n'),
			fault('<html></html>'),
			fault('<?xml version="1.0"?><schedule></schedule>'),
			fault({ schedule: { conference: { days: [] } } }),
			fault('Order code,Order total\nA,1\n'),
			fault(new Uint8Array(importedRowsLimit.bytes + 1))
		]).toEqual([
			'empty',
			'empty',
			'compressed',
			'workbook',
			'malformed',
			'deep',
			'unknown',
			'unknown',
			'schedule',
			'schedule',
			'pretix_order_list',
			'too_large'
		]);
	});

	test('with 100,000 rows is refused before it is read whole', { timeout: 30_000 }, () => {
		const head = 'Order #,First Name,Last Name,Email,Ticket Type,Attendee #\n';
		expect(fault(head + '1,A,B,a@example.org,Any,1\n'.repeat(100_000))).toBe('too_many_rows');
		const event = { slug: 'x', items: [], orders: [{ code: 'A', positions: Array(100_000).fill({ positionid: 1 }) }] };
		expect(fault({ event })).toBe('too_many');
	});

	test('is read in the encodings of spreadsheets', () => {
		const table = '\ufeffID\tName\tEmail Address\n1\tRené Ångström\tr@example.org\n';
		const names = [Buffer.from(table, 'utf16le'), bytes(table), Buffer.from(table.slice(1), 'latin1')].map(
			(given) => rowsOf(new Uint8Array(given))[0]?.name
		);
		expect(names).toEqual(Array(3).fill('René Ångström'));
		const json = Buffer.from(`\ufeff${JSON.stringify(pretixOrders())}`, 'utf16le');
		expect(rowsOf(new Uint8Array(json))).toHaveLength(6);
	});

	test('keeps formulas as text, and takes marks of direction and line breaks out of names', () => {
		const table = [
			'Order #,First Name,Last Name,Email,Ticket Type,Attendee #',
			'1,"\'=HYPERLINK(""x"")","\u202eAl\nder",no address,Any,1',
			',,,,Any,2'
		].join('\n');
		const [first, second] = rowsOf(table);
		expect([first?.name, first && rowFault(first), second && rowFault(second)]).toEqual([
			'=HYPERLINK("x") Al der',
			'wrong_address',
			'no_name'
		]);
	});

	test('gets an answer and no error for any bytes', { timeout: 30_000 }, () => {
		fc.assert(
			fc.property(
				fc.oneof(
					fc.uint8Array({ maxLength: 300 }),
					fc.json().map(bytes),
					fc.jsonValue().map((orders) => bytes(JSON.stringify({ event: { items: [orders], orders: [orders] } }))),
					fc.jsonValue().map((one) => bytes(JSON.stringify({ registrants: [one, { personal_data: one }] })))
				),
				(given) => {
					expect(typeof read(given).ok).toBe('boolean');
				}
			),
			{ numRuns: 60 }
		);
	});
});

test('an amount of nothing is none, and a currency is written once', () => {
	expect(['0', '0.00', '0,00 EUR', '', 'free', '10', '€ 10.00'].map((amount) => amountOf(amount, 'EUR'))).toEqual([
		'',
		'',
		'',
		'',
		'',
		'10 EUR',
		'€ 10.00 EUR'
	]);
});
