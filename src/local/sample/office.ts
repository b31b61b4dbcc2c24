/* What an office has on its desk in the middle of a Summit: invoices, a bank statement, waivers asked for, invitations. */
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { maskAddress } from '../../lib/registration/invitation.ts';
import { contexts, type Sealer } from '../../lib/people/sealing.ts';

/** Invoices (one overdue), rows of a statement to confirm, waivers to decide, and a member with its own quota. */
export async function addMoney(client: pg.Client, summit: string): Promise<void> {
	const { rows } = await client.query<{ id: string; registration: string; person: string; name: string }>(
		`select o.id, l.registration_id as registration, p.id as person, m.name
		from public.orders as o join public.order_lines as l on l.order_id = o.id join public.registrations as r on r.id = l.registration_id
		join public.people as p on p.id = o.payer_person_id join public.members as m on m.id = r.member_id
		where o.summit_id = $1 and o.closed_at is null and not private.has_alias(p.id) order by o.created_at, o.id`,
		[summit]
	);
	// The first two are for the statement, then two are for waivers; the others pay by card, or not yet.
	const [overdue, due, asks, alsoAsks] = rows.slice(-4);
	if (!overdue || !due || !asks || !alsoAsks) return;
	const first = await invoice(client, overdue.id, overdue.name);
	await makeOverdue(client, first.id);
	const second = await invoice(client, due.id, due.name);
	await client.query(`delete from private.outbox where summit_id = $1 and template = 'invoice_issued'`, [summit]);
	await client.query(
		`insert into private.bank_rows (summit_id, statement, line, booked_on, amount, currency, words, fingerprint, order_id)
		select $1, 'statement.csv', n, current_date - n::integer, given.amount, 'USD', given.words, 'sample ' || n, private.find_order_in_text($1, given.words)
		from unnest($2::integer[], $3::text[]) with ordinality as given (amount, words, n)`,
		[
			summit,
			[45_000, 20_000, 12_500],
			[`TRANSFER ${second.reference} DELEGATE FEE`, `PART PAYMENT ${first.reference}`, 'DONATION FRIENDS OF THE SUMMIT']
		]
	);
	const grounds = [
		[asks, 'low_income_country', 'Our budget for travel went into the hotline this year. We can pay half.'],
		[alsoAsks, 'small_organisation', 'We are four people, and the fee is more than our office costs in a month.']
	] as const;
	for (const [order, ground, explanation] of grounds) {
		await client.query(
			`insert into public.waiver_requests (summit_id, order_id, registration_id, person_id, requested_by, grounds, explanation, created_at)
			values ($1, $2, $3, $4, $4, $5, $6, now() - interval '2 days')`,
			[summit, order.id, order.registration, order.person, ground, explanation]
		);
	}
	await client.query(
		`insert into public.allocation_exceptions (summit_id, member_id, mode, ceiling, reason)
		select $1, m.id, 'in_person', 8, 'The host country.' from public.members as m
		where m.sector = 'government' and m.country = 'UY' order by m.name limit 1`,
		[summit]
	);
}

async function invoice(client: pg.Client, order: string, buyer: string): Promise<{ id: string; reference: string }> {
	const { rows } = await client.query<{ id: string; reference: string }>(
		`select paper.id, paper.reference from public.orders as o,
			private.issue_invoice(o, 'invoice', private.order_charge(o.id), jsonb_build_object('name', $2::text, 'address', '12 Wharf Lane'), 'en') as paper
		where o.id = $1`,
		[order, buyer]
	);
	if (!rows[0]) throw new Error('no invoice');
	return rows[0];
}

// A paper never changes; this one is made as it stood forty days ago.
async function makeOverdue(client: pg.Client, paper: string): Promise<void> {
	for (const [table, trigger, sql] of [
		[
			'public.invoices',
			'invoices_never_change',
			`update public.invoices set issued_on = issued_on - 40, due_on = due_on - 40 where id = $1`
		],
		[
			'private.invoice_contents',
			'contents_never_change',
			`update private.invoice_contents as c set content = c.content || jsonb_build_object('issued_on', i.issued_on, 'due_on', i.due_on)
			from public.invoices as i where i.id = c.invoice_id and i.id = $1`
		]
	] as const) {
		await client.query(`alter table ${table} disable trigger ${trigger}`);
		await client.query(sql, [paper]);
		await client.query(`alter table ${table} enable trigger ${trigger}`);
	}
}

/** Two colleagues whom a focal point has invited; nobody is at these addresses, so no mail goes out. */
export async function addInvitations(
	client: pg.Client,
	sealer: Sealer,
	of: { summit: string; member: string; by: string }
): Promise<void> {
	for (const [address, opened] of [
		['adviser@ministry.example', true],
		['counsel@ministry.example', false]
	] as const) {
		const { sealed, keyId } = sealer.seal(address, contexts.address);
		const { rows } = await client.query<{ id: string }>(
			`insert into private.invitations (summit_id, member_id, mode, address_hash, address_sealed, key_id, address_mask, invited_by, created_at, expires_at, opened_at)
			values ($1, $2, 'virtual', $3, $4, $5, $6, $7, now() - interval '2 days', now() + interval '12 days', case when $8 then now() - interval '1 day' end)
			returning id`,
			[of.summit, of.member, sealer.hashAddress(address), sealed, keyId, maskAddress(address), of.by, opened]
		);
		await client.query(
			`insert into private.personal_links (kind, token_hash, summit_id, invitation_id, scope, created_at, expires_at)
			values ('invitation', $1, $2, $3, '{}', now() - interval '2 days', now() + interval '12 days')`,
			[randomBytes(32), of.summit, rows[0]?.id]
		);
	}
}
