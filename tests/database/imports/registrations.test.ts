/* Registrations of other systems: what a file may do, and never does. */
import { beforeEach, expect, test } from 'vitest';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, inTurn, makeSummit, readValue, type RegisteringSummit } from '../../fixtures/registering.ts';
import { makePerson, type TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();
let summit: RegisteringSummit;
let memberName: string;

interface Row {
	title: string;
	outcome: string;
	target_id: string | null;
	changes: { field: string; from: string | null; to: string | null }[];
	notes: { code: string; words?: string }[];
	applied: string | null;
}
type Made = { status: string; id?: string };
interface Done {
	status: string;
	counts?: Record<string, number>;
	refused?: { title: string; why: string }[];
}

const address = (mark: string) => ({
	hash: mark.repeat(64).slice(0, 64),
	sealed: mark.repeat(64),
	key_id: 'test',
	hint: 'a…@example.org'
});

/** A row of a file as the app sends it. */
const guest = (key: string, more: object = {}) => ({
	title: `Guest ${key}`,
	line: 1,
	key,
	name: `Guest ${key}`,
	office: '',
	organisation: memberName,
	country: 'PT',
	product: 'Ticket',
	state: 'paid',
	paid: '250.00 EUR',
	checked_in: false,
	answers: {},
	...more
});
const ticket = (more: object = {}) => ({
	products: { Ticket: { category: 'delegate', mode: 'in_person' }, Shirt: { category: '', mode: 'in_person' } },
	agreed: true,
	submit: true,
	mails: false,
	...more
});

async function prepare(rows: object[], mapping: object | null = ticket(), who: TestPerson = summit.organiser) {
	const made = await callAs<Made>(db.owner, who, 'public.prepare_import($1, $2, $3, $4)', [
		summit.summit,
		'registrations',
		JSON.stringify({
			name: 'orders.json',
			kind: 'pretix_orders',
			source: 'pretix sum27',
			encoding: 'utf-8',
			rows: rows.length,
			ignored: [],
			answers: [],
			products: []
		}),
		JSON.stringify(rows)
	]);
	if (!made.id) return made.status;
	if (mapping)
		expect(await callAs(db.owner, who, 'public.map_import($1, $2)', [made.id, JSON.stringify(mapping)])).toBe('ok');
	return made.id;
}
const rowsOf = async (id: string) =>
	(await callAs<{ rows: Row[] }>(db.owner, summit.organiser, 'public.read_import($1)', [id])).rows;
const apply = (id: string, who = summit.organiser) => callAs<Done>(db.owner, who, 'public.apply_import($1)', [id]);
const shown = async (id: string) =>
	(await rowsOf(id)).map(({ outcome, notes }) => [outcome, notes.map(({ code }) => code)]);
const count = (what: string) =>
	readValue<number>(db.owner, `select count(*)::integer from ${what} where summit_id = $1`, [summit.summit]);

/** A person with an account, whose verified address is that of a row. */
async function known(name: string, mark: string): Promise<TestPerson> {
	const who = await makePerson(db.owner, name);
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
		values ($1, $2, '\\x00', 'test', now())`,
		[who.person, Buffer.from(address(mark).hash, 'hex')]
	);
	return who;
}
/** Whom the registrations of the Summit are shown as. */
const people = () =>
	readValue<string>(
		db.owner,
		`select string_agg(p.display_name || ' ' || r.state, ', ' order by p.display_name)
		from public.registrations as r join public.people as p on p.id = r.person_id where r.summit_id = $1`,
		[summit.summit]
	);

beforeEach(async () => {
	summit = await makeSummit(db.owner, { hall: 2 });
	memberName = await readValue(db.owner, 'select name from public.members where id = $1', [summit.members[0]]);
});

test('a file does nothing before it is applied, and what it shows is what it does', async () => {
	const rows = [
		guest('A-1', { address: address('a1') }),
		guest('A-2', { address: address('a1') }),
		guest('A-3', { product: 'Shirt' }),
		guest('A-4', { state: 'cancelled', paid: '' }),
		guest('A-5', { fault: 'addon' }),
		guest('A-6', { state: 'pending', paid: '', organisation: 'Nobody knows it', address: address('a6') }),
		guest('A-1', { address: address('a7') }),
		guest('A-8', { checked_in: true, organisation: memberName.toUpperCase() })
	];
	const id = await prepare(rows);
	expect(await shown(id)).toEqual([
		['new', []],
		['cannot', ['same_address']],
		['cannot', ['product_left_out']],
		['cannot', ['cancelled']],
		['cannot', ['addon']],
		['new', ['member_asked']],
		['cannot', ['twice']],
		['new', ['no_address', 'checked_in']]
	]);
	expect(await count('public.registrations')).toBe(0);
	expect(await apply(id)).toMatchObject({ status: 'ok', counts: { submitted: 2, draft: 1, left: 5 }, refused: [] });
	expect((await apply(id)).status).toBe('already');
	// The seats are the ledger's: two are held, and nobody is confirmed, charged, present or mailed.
	expect(
		await inTurn(['public.seats', 'public.badges', 'public.orders', 'public.presence', 'private.outbox'], count)
	).toEqual([2, 0, 0, 0, 0]);
	const { rows: made } = await db.owner.query(
		`select r.state, p.display_name, i.reference, i.state as elsewhere, i.paid
		from private.imported_registrations as i
		join public.registrations as r on r.id = i.registration_id
		join public.people as p on p.id = r.person_id
		where i.summit_id = $1 order by i.reference`,
		[summit.summit]
	);
	expect(made).toEqual([
		{ state: 'submitted', display_name: 'Guest A-1', reference: 'A-1', elsewhere: 'paid', paid: '250.00 EUR' },
		{ state: 'draft', display_name: 'Guest A-6', reference: 'A-6', elsewhere: 'pending', paid: '' },
		{ state: 'submitted', display_name: 'Guest A-8', reference: 'A-8', elsewhere: 'paid', paid: '250.00 EUR' }
	]);
	// Addresses are deleted with the preview's work.
	expect(await readValue(db.owner, `select count(*)::integer from private.import_rows where record ? 'address'`)).toBe(
		0
	);
});

test('the same file again changes nothing, and a later one what has changed in it', async () => {
	const before = [
		guest('B-1', { address: address('b1') }),
		guest('B-2', { address: address('b2'), state: 'pending', paid: '' }),
		guest('B-3', { address: address('b3'), state: 'pending', paid: '' })
	];
	await apply(await prepare(before));
	expect(await shown(await prepare(before))).toEqual([
		['same', []],
		['same', []],
		['same', []]
	]);
	const later = await prepare([
		guest('B-1', { address: address('b1'), state: 'cancelled', paid: '' }),
		guest('B-2', { address: address('b2') }),
		guest('B-3', { address: address('b3'), state: 'cancelled', paid: '' })
	]);
	expect(
		(await rowsOf(later)).map(({ changes, notes }) => [changes.map(({ field, to }) => `${field} ${to}`), notes])
	).toEqual([
		[['elsewhere cancelled'], [{ code: 'cancelled_there' }]],
		[['state submitted', 'elsewhere paid', 'paid 250.00 EUR'], []],
		[['state withdrawn', 'elsewhere cancelled'], []]
	]);
	expect((await apply(later)).counts).toEqual({ updated: 1, submitted: 1, withdrawn: 1 });
	// What is submitted here is not withdrawn by a file.
	const states = await db.owner.query(
		`select r.state from private.imported_registrations as i join public.registrations as r on r.id = i.registration_id
		where i.summit_id = $1 order by i.reference`,
		[summit.summit]
	);
	expect(states.rows.map(({ state }) => state as string)).toEqual(['submitted', 'submitted', 'withdrawn']);
	expect(await count('public.registrations')).toBe(3);
});

test('a paid ticket counts before an abandoned one of the same address, in each file', async () => {
	const begun = guest('D-1', { state: 'pending', paid: '', address: address('d1') });
	const expired = { ...begun, state: 'cancelled' };
	const paid = guest('D-2', { address: address('d1') });
	const both = await prepare([begun, paid]);
	expect(await shown(both)).toEqual([
		['cannot', ['same_address']],
		['new', []]
	]);
	// Only the abandoned one is in the first file; the next one ends it, before or after the paid one.
	const first = await prepare([begun]);
	expect((await apply(first)).counts).toEqual({ draft: 1 });
	const next = await prepare([paid, expired]);
	expect((await shown(next)).map(([outcome]) => outcome)).toEqual(['new', 'changed']);
	expect((await apply(next)).counts).toEqual({ submitted: 1, withdrawn: 1 });
	expect(await shown(await prepare([paid, expired]))).toEqual([
		['same', []],
		['cannot', ['ended_here']]
	]);
});

test('more people than seats enter the queue, and mails go out only when they were chosen', async () => {
	const rows = ['1', '2', '3'].map((n) => guest(`C-${n}`, { address: address(`c${n}`) }));
	const done = await apply(await prepare(rows, ticket({ mails: true })));
	expect(done.counts).toEqual({ submitted: 2, queued: 1 });
	expect(await count('public.seats')).toBe(2);
	expect(
		await readValue(
			db.owner,
			`select string_agg(template, ' ' order by template) from private.outbox where summit_id = $1`,
			[summit.summit]
		)
	).toBe('registration_queued registration_received registration_received');
});

test('without the word of the organiser everybody is a draft that has agreed to nothing', async () => {
	const rows = [guest('D-1', { address: address('d1') })];
	const unsure = { ...ticket({ agreed: false, submit: true }) };
	const id = await prepare(rows, null);
	expect(await callAs(db.owner, summit.organiser, 'public.map_import($1, $2)', [id, JSON.stringify(unsure)])).toBe(
		'invalid'
	);
	expect((await apply(id)).status).toBe('not_mapped');
	expect((await apply(await prepare(rows, ticket({ agreed: false, submit: false })))).counts).toEqual({ draft: 1 });
	expect(
		await readValue(
			db.owner,
			`select state || ' ' || (code_of_conduct_at is null) from public.registrations where summit_id = $1`,
			[summit.summit]
		)
	).toBe('draft true');
	expect(await count('public.seats')).toBe(0);
});

test('somebody who is registered here already stays as they are, and an organiser imports nobody like themselves', async () => {
	const known = await makePerson(db.owner, 'Known already');
	const hash = Buffer.from('e1'.repeat(32), 'hex');
	const own = Buffer.from('e2'.repeat(32), 'hex');
	await db.owner.query(
		`insert into private.person_addresses (person_id, address_hash, address_sealed, key_id, verified_at)
		values ($1, $2, '\\x00', 'test', now()), ($3, $4, '\\x00', 'test', now())`,
		[known.person, hash, summit.organiser.person, own]
	);
	await db.owner.query(
		`insert into public.registrations (summit_id, person_id, member_id, mode, code_of_conduct_at) values ($1, $2, $3, 'virtual', now())`,
		[summit.summit, known.person, summit.members[1]]
	);
	const id = await prepare([guest('E-1', { address: address('e1') }), guest('E-2', { address: address('e2') })]);
	expect(await shown(id)).toEqual([
		['same', ['registered_already']],
		['cannot', ['own']]
	]);
	await apply(id);
	expect(await count('public.registrations')).toBe(1);
	// Safeguarding can learn which addresses were looked up.
	expect(await count('private.desk_lookups')).toBe(2);
});

test('what the preview does not show is not written: the member of speakers, guests and press stays', async () => {
	const press = (mode: string) => ticket({ products: { Ticket: { category: 'press', mode } } });
	const rows = [guest('K-1', { address: address('81'), state: 'pending', paid: '' })];
	await apply(await prepare(rows, press('in_person')));
	const member = () =>
		readValue<string>(db.owner, 'select member_id::text from public.registrations where summit_id = $1', [
			summit.summit
		]);
	await db.owner.query('update public.registrations set member_id = $2 where summit_id = $1', [
		summit.summit,
		summit.members[1]
	]);
	const id = await prepare(rows, press('virtual'));
	expect((await rowsOf(id)).map(({ changes }) => changes)).toEqual([
		[{ field: 'mode', from: 'in_person', to: 'virtual' }]
	]);
	expect((await apply(id)).counts).toEqual({ updated: 1 });
	expect(await member()).toBe(summit.members[1]);
});

test('what somebody chose in their own draft stays, and a file notes only what happened there', async () => {
	const ana = await known('Ana Lind', '82');
	const rows = [
		guest('L-1', { address: address('82'), state: 'pending', paid: '' }),
		guest('L-2', { state: 'pending', paid: '' })
	];
	await apply(await prepare(rows));
	const { rows: drafts } = await db.owner.query<{ id: string }>(
		'select id from public.registrations where summit_id = $1 and person_id = $2',
		[summit.summit, ana.person]
	);
	const draft = drafts[0]?.id;
	const saved = await callAs<{ status: string }>(db.owner, ana, 'private.save_registration($1, 3, $2)', [
		draft,
		JSON.stringify({ mode: 'virtual' })
	]);
	expect(saved.status).toBe('ok');
	const paid = await prepare(rows.map((row) => ({ ...row, state: 'paid', paid: '250.00 EUR' })));
	expect(
		(await rowsOf(paid)).map(({ changes, notes }) => [changes.map(({ field }) => field), notes.map(({ code }) => code)])
	).toEqual([
		[['elsewhere', 'paid'], ['edited_here']],
		[['state', 'elsewhere', 'paid'], []]
	]);
	expect((await apply(paid)).counts).toEqual({ updated: 1, submitted: 1 });
	const cancelled = await prepare([{ ...rows[0], state: 'cancelled', paid: '' }]);
	expect(await shown(cancelled)).toEqual([['changed', ['cancelled_there', 'edited_here']]]);
	expect((await apply(cancelled)).counts).toEqual({ updated: 1 });
	expect(
		await readValue(
			db.owner,
			`select r.mode || ' ' || r.state || ' ' || i.state
			from public.registrations as r join private.imported_registrations as i on i.registration_id = r.id where r.id = $1`,
			[draft]
		)
	).toBe('virtual draft cancelled');
});

test('somebody who takes an alias is found by no later file, and looks like a row that changes nothing', async () => {
	const zoraida = await known('Zoraida Canary', '71');
	const rows = [
		guest('H-1', { name: 'Zoraida Canary', title: 'Zoraida Canary', address: address('71') }),
		guest('H-2')
	];
	await apply(await prepare(rows));
	const again = await prepare(rows);
	const ordinary = await rowsOf(again);
	// A preview that was made before tells no more afterwards.
	await chooseAlias(db.owner, zoraida, 'Marta Ilves');
	expect(JSON.stringify(await rowsOf(again))).not.toMatch(/Marta|Zoraida/);
	expect(await rowsOf(await prepare(rows))).toEqual(ordinary);
	const later = rows.map((row) => ({ ...row, state: 'cancelled', paid: '' }));
	const preview = await prepare(later);
	expect(
		(await rowsOf(preview)).map(({ outcome, target_id, changes }) => [outcome, target_id === null, changes.length])
	).toEqual([
		['same', true, 0],
		['changed', false, 1]
	]);
	await apply(preview);
	await apply(again);
	expect(await people()).toBe('Guest H-2 submitted, Marta Ilves submitted');
});

test('the address of somebody under an alias makes a draft without a seat, and safeguarding is told', async () => {
	const zoraida = await known('Zoraida Canary', '72');
	await apply(await prepare([guest('J-1', { address: address('72') })]));
	await chooseAlias(db.owner, zoraida, 'Marta Ilves');
	const seats = await count('public.seats');
	const other = await prepare([guest('J-9', { name: 'Zoraida Canary', address: address('72') })]);
	expect(await shown(other)).toEqual([['new', []]]);
	expect((await apply(other)).counts).toEqual({ draft: 1 });
	expect(await people()).toBe('Marta Ilves submitted, Zoraida Canary draft');
	expect(await count('public.seats')).toBe(seats);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from private.desk_lookups as l
			join private.person_addresses as a on a.address_hash = l.address_hash and private.has_alias(a.person_id)
			where l.summit_id = $1`,
			[summit.summit]
		)
	).toBeGreaterThan(0);
});

test('what somebody changed after the preview is left, and said', async () => {
	await apply(await prepare([guest('F-1', { address: address('f1'), state: 'pending', paid: '' })]));
	const id = await prepare([guest('F-1', { address: address('f1') })]);
	await db.owner.query('update public.registrations set version = version + 1 where summit_id = $1', [summit.summit]);
	expect(await apply(id)).toMatchObject({
		status: 'ok',
		counts: { changed_meanwhile: 1 },
		refused: [{ title: 'Guest F-1', why: 'changed_meanwhile' }]
	});
});

test('is for registration organisers only, and belongs to its maker', async () => {
	const id = await prepare([guest('G-1')]);
	expect(await prepare([guest('G-1')], null, summit.finance)).toBe('not_allowed');
	expect([
		(await apply(id, summit.finance)).status,
		await callAs(db.owner, summit.finance, 'public.read_import($1)', [id]),
		await callAs(db.owner, summit.finance, 'public.map_import($1, $2)', [id, JSON.stringify(ticket())])
	]).toEqual(['not_found', null, 'not_found']);
	expect(await prepare([{ title: 'x' }], null)).toBe('invalid');
	expect(await prepare([guest('G-1', { address: { hash: 'plain@example.org' } })], null)).toBe('invalid');
});
