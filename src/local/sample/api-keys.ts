import { randomBytes } from 'node:crypto';
import type pg from 'pg';

const day = 86_400_000;

const keys = [
	{ name: 'Website of the Alliance', scopes: ['agenda', 'sessions', 'speakers'], madeDays: 40, days: 180, usedDays: 0 },
	{ name: 'Badge printing', scopes: ['members', 'registration_rows'], madeDays: 12, days: 30, usedDays: 1 },
	{ name: 'Trial of a door', scopes: ['check_in'], madeDays: 9, days: 30, usedDays: null, revokedDays: 2 }
];

/** Keys of three other systems, one of them revoked. Nobody has these keys: only random hashes are stored. */
export async function insertApiKeys(client: pg.Client, summit: string, now: Date): Promise<void> {
	const at = (days: number) => new Date(now.getTime() - days * day).toISOString();
	for (const { name, scopes, madeDays, days, usedDays, revokedDays } of keys) {
		const { rows } = await client.query<{ id: string }>(
			`insert into private.api_keys (summit_id, name, scopes, key_hash, hint, made_by, created_at, expires_at, revoked_at, revoked_by)
			select $1, $2, $3, $4, $5, p.id, $6, $7, $8::timestamptz, case when $8::timestamptz is not null then p.id end
			from public.people as p
			where p.display_name = 'Lucía Ferrer'
			returning id`,
			[
				summit,
				name,
				scopes,
				randomBytes(32),
				randomBytes(3).toString('base64url'),
				at(madeDays),
				at(madeDays - days),
				revokedDays === undefined ? null : at(revokedDays)
			]
		);
		if (usedDays !== null)
			await client.query(
				`insert into private.api_key_uses (api_key_id, scope, last_used_at) select $1, each, $3 from unnest($2::public.api_scope[]) as each`,
				[rows[0]?.id, scopes, at(usedDays)]
			);
	}
}
