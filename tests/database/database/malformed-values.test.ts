/* Real-world files, and people who act at the same moment: each ends in a clear answer, and nothing is lost. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { describe, expect, test } from 'vitest';
import { csvFaultWords } from '#lib/files/csv-words.ts';
import { readCsv, writeCsv, type CsvTable } from '#lib/files/csv.ts';
import { importLimit } from '#lib/members/import.ts';
import { importRows } from '#lib/members/server/import-rows.ts';
import { readStatement } from '#lib/payments/statement.ts';
import { dayFromNow } from '../../fixtures/clock.ts';
import { makeLetter, proveAddress } from '../../fixtures/inviting.ts';
import { booksOf, ledgerOf, makePayers } from '../../fixtures/paying.ts';
import {
	callAs,
	connectMany,
	faultsOf,
	inTurn,
	makePeople,
	makeSummit,
	register,
	readValue
} from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import type { TestPerson } from '../../fixtures/world.ts';

const db = useDatabase();

type Answer = { status: string; [key: string]: unknown };

function utf16(text: string, little: boolean): Uint8Array {
	const view = new DataView(new ArrayBuffer(text.length * 2 + 2));
	view.setUint16(0, 0xfeff, little);
	for (let at = 0; at < text.length; at++) view.setUint16(at * 2 + 2, text.charCodeAt(at), little);
	return new Uint8Array(view.buffer);
}

/** The same table as several kinds of spreadsheets save it. */
function savings(rows: string[][]): [string, Uint8Array][] {
	const text = (by: string, end = '\n') =>
		rows.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(by)).join(end) + end;
	const bytes = (words: string) => new TextEncoder().encode(words);
	return [
		['UTF-8 with commas', bytes(text(','))],
		['UTF-8 with its mark and semicolons', bytes(`\uFEFF${text(';', '\r\n')}`)],
		['UTF-8 with a line that names the separator', bytes(`sep=;\r\n${text(';', '\r\n')}`)],
		['UTF-16, little end first, with tabs', utf16(text('\t', '\r\n'), true)],
		['UTF-16, big end first, with semicolons', utf16(text(';'), false)],
		['windows-1252 with semicolons and old line breaks', Uint8Array.from(text(';', '\r'), (at) => at.charCodeAt(0))]
	];
}

function tableOf(bytes: Uint8Array): CsvTable {
	const read = readCsv(bytes, importLimit);
	if (!read.ok) throw new Error(csvFaultWords(read.fault));
	return read.table;
}

const seal = (address: string) => ({
	hash: Buffer.from(address).toString('hex').padEnd(64, '0').slice(0, 64),
	sealed: 'ab'.repeat(40),
	key_id: 'test',
	hint: '…@example.org'
});

describe('a file of members', () => {
	test('is read the same in every encoding and with every separator', async () => {
		const { summit, organiser } = await makeSummit(db.owner);
		const mark = randomUUID().slice(0, 8);
		const rows = [
			['Name', 'Sector', 'Country', 'Focal point mail'],
			[`Fondation Sénégalaise, ${mark}; "Été"`, 'civil society', 'Sénégal', 'a@example.org'],
			[`=HYPERLINK("http://x", "${mark}")`, 'government', 'KE', ''],
			[`Fondation Sénégalaise, ${mark}; "Été"`, 'civil society', 'SN', ''],
			[`@ Atlantis ${mark}`, 'government', 'Atlantis', ''],
			[`- Kein Land ${mark}`, 'private sector', '', '']
		];
		const plans = await inTurn(savings(rows), async ([, bytes]) => {
			const planned = importRows(tableOf(bytes), seal);
			const file = { name: 'members.csv', encoding: 'utf-8', delimiter: ',', ignored: [], rows: 5 };
			const made = await callAs<Answer>(db.owner, organiser, `public.prepare_member_import($1, $2, $3)`, [
				summit,
				file,
				JSON.stringify(planned?.rows)
			]);
			const read = await callAs<{ rows: { outcome: string; member_name: string; fault: { code: string } | null }[] }>(
				db.owner,
				organiser,
				`public.read_member_import($1, '{}', 200)`,
				[made['id']]
			);
			return { id: made['id'], rows: read.rows.map((r) => [r.outcome, r.member_name, r.fault?.code ?? null]) };
		});
		for (const [at, [name]] of savings(rows).entries()) {
			expect(plans[at]?.rows, name).toEqual([
				['added', rows[1]?.[0], null],
				['added', rows[2]?.[0], null],
				['duplicate', rows[3]?.[0], 'duplicate'],
				['error', rows[4]?.[0], 'unknown'],
				['error', rows[5]?.[0], 'missing']
			]);
		}
		// Only the newest preview can be applied.
		const applied = await inTurn(plans, ({ id }) =>
			callAs<Answer>(db.owner, organiser, `public.apply_member_import($1)`, [id])
		);
		expect(applied.map(({ status }) => status)).toEqual([...Array<string>(5).fill('not_found'), 'ok']);
		// A value that a spreadsheet would run as a formula is exported as text, and imported unchanged.
		const names = [[rows[2]?.[0] ?? '']];
		expect(writeCsv([['name'], ...names])).toContain(`"'=HYPERLINK(`);
		expect(tableOf(new TextEncoder().encode(writeCsv([['name'], ...names]))).rows[0]?.cells).toEqual(names[0]);
	});

	test('of 50,000 rows is refused with a message', () => {
		const rows = Array.from({ length: 50_000 }, (_, n) => `Association ${n} for Children,civil society,KE`);
		const bytes = new TextEncoder().encode(`name,sector,country\n${rows.join('\n')}\n`);
		const read = readCsv(bytes, importLimit);
		expect(read.ok ? '' : csvFaultWords(read.fault)).toBe(
			'The file has too many rows: at most 10,000. Nothing was read; divide it.'
		);
	});
});

describe('a bank statement', () => {
	test('is recognised as the same statement in another encoding and under another name: nothing counts twice', async () => {
		const world = await makePayers(db.owner, 3);
		const references = await inTurn(world.orders, (order) =>
			readValue<string>(db.owner, `select reference from public.orders where id = $1`, [order])
		);
		// The database accepts days of certain years only: the statement is always of last month.
		const booked = (daysAgo: number) => dayFromNow(-daysAgo).split('-').reverse().join('.');
		const rows = [
			['Buchungstag', 'Verwendungszweck', 'Betrag'],
			[booked(30), `Überweisung ${references[0]}`, '50,00'],
			[booked(29), `Anteil ${references[1]}`, '20,00'],
			[booked(28), `Zu viel ${references[2]}`, '1.050,00'],
			[booked(27), 'Frau Müller, ohne Zeichen', '50,00'],
			[booked(26), 'Gebühren', '-3,50']
		];
		const answers = await inTurn(savings(rows), async ([name, bytes]) => {
			const read = readStatement(tableOf(bytes), {
				currency: 'EUR',
				order: 'day_first',
				today: dayFromNow()
			});
			if (!read.ok) throw new Error(name);
			expect([read.rows.length, read.left], name).toEqual([4, [expect.objectContaining({ why: 'outgoing' })]]);
			return callAs<Answer>(db.owner, world.finance, `public.import_statement($1, $2, $3)`, [
				world.summit,
				name,
				JSON.stringify(read.rows)
			]);
		});
		expect(answers).toEqual([
			{ status: 'ok', added: 4, known: 0, returned: 0 },
			...Array<object>(5).fill({ status: 'ok', added: 0, known: 4, returned: 0 })
		]);
		const { rows: open } = await callAs<{ rows: { id: string; outcome: string }[] }>(
			db.owner,
			world.finance,
			`public.list_bank_rows($1)`,
			[world.summit]
		);
		expect(open.map(({ outcome }) => outcome)).toEqual(['matched', 'partial', 'overpaid', 'unknown']);
		const taken = await inTurn(open, ({ id }) =>
			callAs<Answer>(db.owner, world.finance, `public.apply_bank_row($1)`, [id])
		);
		expect(taken.map(({ status }) => status)).toEqual(['paid', 'underpaid', 'paid', 'unknown_order']);
		expect(await inTurn(world.orders, (order) => ledgerOf(db.owner, order))).toEqual([
			['payment -5000'],
			['payment -2000'],
			['payment -105000']
		]);
		// The surplus is owed back; unmatched rows are still listed.
		expect(
			await readValue(db.owner, `select amount from public.refunds where order_id = $1 and state = 'due'`, [
				world.orders[2]
			])
		).toBe(100_000);
		expect(
			await readValue(
				db.owner,
				`select count(*)::integer from private.bank_rows where summit_id = $1 and state = 'open'`,
				[world.summit]
			)
		).toBe(1);
		expect([await booksOf(db.owner, world.summit), await faultsOf(db.owner, world.summit)]).toEqual([[], []]);
	});
});

describe('at the same moment', () => {
	test('two organisers who decide differently: each registration has one decision, and each organiser learns which', async () => {
		const { summit, members, organiser } = await makeSummit(db.owner);
		const [other] = await makePeople(db.owner, 1);
		await db.owner.query(
			`insert into public.role_grants (person_id, role, summit_id) values ($1, 'registration', $2)`,
			[other?.person, summit]
		);
		const people = await makePeople(db.owner, 30);
		const ids = await inTurn(people, async (who) => (await register(db.owner, who, summit, members[0] ?? '')).id);
		const [a, b] = (await connectMany(db, 2)) as [pg.Client, pg.Client];
		const halves = [ids.slice(0, 15), ids.slice(15)];
		const statuses = { accredit: [] as string[], decline: [] as string[] };
		const decide = async (client: pg.Client, who: TestPerson, decision: 'accredit' | 'decline', part: string[]) => {
			const answers = await callAs<{ id: string; status: string }[]>(
				client,
				who,
				`public.decide_registrations($1, $2, 'No place')`,
				[part, decision]
			);
			expect(answers).toHaveLength(part.length);
			statuses[decision].push(...answers.filter(({ status }) => status !== 'wrong_state').map(({ id }) => id));
		};
		await Promise.all([
			inTurn(halves, (half) => decide(a, organiser, 'accredit', half)),
			inTurn(halves, (half) => decide(b, other as TestPerson, 'decline', half.toReversed()))
		]);
		await Promise.all([a.end(), b.end()]);
		const { rows } = await db.owner.query<{ id: string; state: string; decisions: string }>(
			`select r.id, r.state, (select string_agg(s.to_state::text, ' ' order by s.id) from public.registration_steps as s
				where s.registration_id = r.id and s.to_state in ('confirmed', 'declined')) as decisions
			from public.registrations as r where r.summit_id = $1`,
			[summit]
		);
		for (const { id, state, decisions } of rows) {
			// An accredited registration may be declined afterwards; never the other way round.
			const both = statuses.accredit.includes(id) && statuses.decline.includes(id);
			expect(decisions).toBe(both ? 'confirmed declined' : state);
			expect(statuses[state === 'confirmed' ? 'accredit' : 'decline']).toContain(id);
		}
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});

	test('two members who nominate one address: one seat, and the other learns that it is taken elsewhere', async () => {
		const { summit, members, organiser } = await makeSummit(db.owner);
		const [who] = (await makePeople(db.owner, 1)) as [TestPerson];
		const address = `${randomUUID()}@example.org`;
		await proveAddress(db.owner, who, address);
		const tokens = await inTurn(members.slice(0, 2), async (member) => {
			const { token, letter } = makeLetter(address);
			const made = await callAs<Answer>(db.owner, organiser, `public.invite_delegate($1, $2, 'in_person', $3)`, [
				summit,
				member,
				letter
			]);
			expect(made.status).toBe('ok');
			return token;
		});
		const clients = await connectMany(db, 2);
		const come = async (client: pg.Client, token: string) => {
			const accepted = await callAs<Answer>(client, who, `public.accept_invitation($1)`, [token]);
			if (accepted.status !== 'ok') return accepted.status;
			await client.query(`update public.registrations set code_of_conduct_at = now() where id = $1`, [
				accepted['registration']
			]);
			return (await callAs<Answer>(client, who, `private.submit_registration($1)`, [accepted['registration']])).status;
		};
		const answers = await Promise.all(tokens.map((token, n) => come(clients[n] as pg.Client, token)));
		await Promise.all(clients.map((client) => client.end()));
		expect(answers.filter((each) => each === 'held')).toHaveLength(1);
		expect(['elsewhere', 'already', 'conflict']).toContain(answers.find((each) => each !== 'held'));
		expect(
			await readValue(
				db.owner,
				`select jsonb_build_object('live', count(*), 'state', min(r.state::text), 'seats', (select count(*) from public.seats as s where s.summit_id = $1 and s.state <> 'released'))
				from public.registrations as r where r.summit_id = $1 and r.person_id = $2`,
				[summit, who.person]
			)
		).toMatchObject({ live: 1, seats: 1 });
		expect(await faultsOf(db.owner, summit)).toEqual([]);
	});
});
