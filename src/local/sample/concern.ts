import type pg from 'pg';
import { contexts, type Sealer } from '../../lib/people/sealing.ts';

const words =
	'On the third slide of this session a child in a school photograph can be recognised. Please have the picture removed before the slides are shared.';

/** A concern that was raised today about a session of the day, without a name, and that no lead has read yet. */
export async function insertConcern(client: pg.Client, sealer: Sealer, summit: string, now: Date): Promise<void> {
	const { sealed, keyId } = sealer.seal(words, contexts.concern);
	await client.query(
		`insert into private.concerns (summit_id, session_id, subject, text_sealed, key_id, locale, created_at)
		select $1, session_id, 'slides', $2, $3, 'en', $4::timestamptz - interval '25 minutes'
		from public.slots join public.sessions on sessions.id = slots.session_id and sessions.level = 'members' and not sessions.is_break
		where slots.summit_id = $1 order by abs(extract(epoch from lower(during) - $4::timestamptz)) limit 1`,
		[summit, sealed, keyId, now]
	);
}
