/* A tablet at the main entrance: set up, without a network for a while, and back with what it saw, one badge of which was in already. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';

/** A device as its holder has it. */
export interface Tablet {
	holder: string;
	id: string;
	hash: Buffer;
}

/** Sets the tablet up as the person signed in on this connection, an hour and a half before `now`. */
export async function enrolTablet(client: pg.Client, summit: string, now: Date): Promise<Tablet> {
	const hash = createHash('sha256').update(randomBytes(32)).digest();
	await client.query('select public.list_checkpoints($1)', [summit]);
	const { rows } = await client.query<{ answer: { status: string; id: string }; holder: string }>(
		`select public.enrol_door_device($1, c.id, 'Tablet at the main entrance', $2) as answer, private.me() as holder
		from public.checkpoints as c where c.summit_id = $1 and c.kind = 'entrance' order by c.position, c.id limit 1`,
		[summit, hash.toString('hex')]
	);
	const [made] = rows;
	if (made?.answer.status !== 'ok') throw new Error(`The sample's tablet was not set up: ${made?.answer.status}`);
	await client.query(`update private.door_devices set enrolled_at = $2 where id = $1`, [
		made.answer.id,
		before(now, 90)
	]);
	return { holder: made.holder, id: made.answer.id, hash };
}

/** Brings what it saw without a network: four who were not in yet, and one who had come by the same entrance. */
export async function syncTablet(client: pg.Client, summit: string, device: Tablet, now: Date): Promise<void> {
	const { rows } = await client.query<{ badge: string }>(
		`(${badges(false)} limit 4) union all (${badges(true)} limit 1)`,
		[summit]
	);
	const scans = rows.map(({ badge }, at) => ({
		id: randomUUID(),
		badge,
		direction: 'in',
		at: before(now, 24 - 4 * at),
		offset: 0,
		answer: 'welcome'
	}));
	const sync = { now: new Date(), queued: scans.length, battery_percent: 64, version: 'sample', after: 0, scans };
	await client.query('select private.sync_door($1, $2, $3, $4)', [device.holder, summit, device.hash, sync]);
}

/** Keeps the tablet of a Summit online, as a device that asks the server twice a minute. */
export async function keepTabletOnline(client: pg.Client, slug: string): Promise<void> {
	await client.query(
		`update private.door_device_states as t set last_seen_at = now()
		from private.door_devices as d join public.summits as s on s.id = d.summit_id
		where d.id = t.device_id and s.slug = $1 and t.version = 'sample' and t.last_seen_at < now() - interval '30 seconds'`,
		[slug]
	);
}

// Of confirmed delegates for the hall whom nobody is asked to be in the sample, the last first: those whose holders are in, or not.
const badges = (
	isIn: boolean
) => `select b.id as badge from public.badges as b join public.registrations as r on r.id = b.registration_id
	where b.summit_id = $1 and b.revoked_at is null and r.state = 'confirmed' and r.mode = 'in_person' and r.category = 'delegate'
		and not private.is_re_review_blocking(r.id)
		and not exists (select from private.entry_bars as x where x.person_id = r.person_id)
		and not exists (select from private.protections as x where x.person_id = r.person_id)
		and not exists (select from private.sample_people as x where x.person_id = r.person_id)
		and ${isIn ? '' : 'not '}exists (select from private.door_periods as d where d.person_id = r.person_id and d.summit_id = $1 and d.left_at is null)
	order by b.badge_code desc`;

const before = (now: Date, minutes: number) => new Date(now.getTime() - minutes * 60_000).toISOString();
