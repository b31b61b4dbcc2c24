import type pg from 'pg';
import type { SampleAgenda } from './agenda.ts';
import type { SampleMember } from './members.ts';
import type { SamplePerson } from './people.ts';
import type { Registrar } from './registrations.ts';
import { releaseDraft } from './release.ts';
import { insertRows } from './rows.ts';
import type { SampleSettings } from './settings.ts';
import type { OneClick } from './staff.ts';

/** Writes a Summit’s settings and its members. */
export async function insertSummit(
	client: pg.Client,
	settings: SampleSettings,
	members: SampleMember[]
): Promise<void> {
	for (const [table, rows] of settings.tables) await insertRows(client, table, rows);
	await insertRows(
		client,
		'public.summit_members',
		members.map(({ id, sector, country, region }) => ({
			summit_id: settings.ids.id,
			member_id: id,
			standing: 'active',
			sector,
			country,
			region
		}))
	);
}

/** Writes a draft and its release. */
export async function insertAgenda(
	client: pg.Client,
	agenda: SampleAgenda,
	summit: string,
	releasedAt: Date
): Promise<void> {
	await insertRows(client, 'public.sessions', agenda.sessions);
	await insertRows(client, 'public.session_people', agenda.people);
	await insertRows(client, 'public.session_audiences', agenda.audiences);
	await insertRows(client, 'public.slots', agenda.slots);
	await insertRows(client, 'public.slot_rooms', agenda.slotRooms);
	await releaseDraft(client, summit, releasedAt);
}

/** Writes registrations and what belongs to them. */
export async function insertRegistrations(client: pg.Client, { rows }: Registrar): Promise<void> {
	await insertRows(client, 'public.registrations', rows.registrations);
	await insertRows(client, 'public.registration_needs', rows.details);
	await insertRows(client, 'public.registration_steps', rows.steps);
	await insertRows(client, 'public.consents', rows.consents);
	await insertRows(client, 'public.seats', rows.seats);
	await insertRows(client, 'public.queue_entries', rows.queue);
	await insertRows(client, 'public.badges', rows.badges);
	await insertRows(client, 'public.orders', rows.orders);
	await insertRows(client, 'public.order_lines', rows.lines);
	await insertMoney(client, rows);
}

/** Writes the ledger as finance kept it: settings for invoices, transfers typed in, waivers asked for and granted. */
async function insertMoney(client: pg.Client, rows: Registrar['rows']): Promise<void> {
	const summit = rows.orders[0]?.['summit_id'];
	if (!summit) return;
	const found = await client.query<{ id: string }>(
		`select id from public.people where display_name = 'Katarzyna Wójcik'`
	);
	const actor_id = found.rows[0]?.id ?? null;
	await insertRows(
		client,
		'public.order_adjustments',
		rows.adjustments.map((row) => ({ ...row, actor_id }))
	);
	await client.query(
		`insert into public.money_settings (summit_id, transfer_allowed, issuer_name, issuer_address, iban, bic, bank_name, invoice_prefix)
		values ($1, true, 'Global Summit Secretariat', $2, 'DE89370400440532013000', 'COBADEFFXXX', 'Bank of the Quay', 'GS')`,
		[summit, '1 Quay Street\nLisbon']
	);
	await client.query(`insert into public.waiver_budgets (summit_id, currency, amount) values ($1, 'USD', 2000000)`, [
		summit
	]);
	await client.query(
		`insert into public.waiver_requests (summit_id, order_id, registration_id, person_id, requested_by, grounds, state, amount, decided_by, decided_at, created_at)
		select r.summit_id, a.order_id, r.id, r.person_id, r.person_id, 'small_organisation', 'approved', -a.amount, a.actor_id, a.at, a.at - interval '2 days'
		from public.order_adjustments as a join public.registrations as r on r.id = a.registration_id where a.kind = 'waiver' and r.summit_id = $1`,
		[summit]
	);
}

/** Gives sixty members a focal point. */
export async function insertFocalPoints(
	client: pg.Client,
	summit: string,
	people: SamplePerson[],
	named: SamplePerson
): Promise<void> {
	const found = new Map<string, SamplePerson>();
	for (const person of people.slice(120))
		if (person.member && person.realName === undefined && found.size < 60) found.set(person.member.id, person);
	if (named.member) found.set(named.member.id, named);
	await insertRows(
		client,
		'public.focal_points',
		[...found].map(([member_id, person]) => ({ summit_id: summit, member_id, person_id: person.id }))
	);
}

/** Offers people on the sign-in page of the sample, and grants their roles. */
export async function insertOneClick(client: pg.Client, summit: string, list: OneClick[]): Promise<void> {
	const owner = list[0]?.person.id;
	await insertRows(
		client,
		'private.sample_people',
		list.map(({ person, description }, position) => ({ person_id: person.id, description, position }))
	);
	await insertRows(
		client,
		'public.role_grants',
		list.flatMap(({ person, role }) =>
			role ? [{ person_id: person.id, role, summit_id: role === 'owner' ? null : summit, granted_by: owner }] : []
		)
	);
}
