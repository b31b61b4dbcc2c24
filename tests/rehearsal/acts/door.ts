/* The doors open: ten devices scan all badges, and one of them has no network for a while. */
import { randomUUID } from 'node:crypto';
import { signBadge } from '../../../src/lib/door/badge.ts';
import { readBadgeKeys } from '../../../src/lib/door/server/badge-key.ts';
import { enrolDoor, sendFromDoor } from '../../bench/door.ts';
import { ms } from '../../bench/report.ts';
import { readValue } from '../../fixtures/registering.ts';
import { openSessions } from '../../fixtures/sessions.ts';
import { spread, type Rehearsal } from '../rehearsal.ts';

const devices = 10;
/** So many scans are sent together by a device that was offline. */
const batch = 100;

export async function openDoors(rehearsal: Rehearsal): Promise<undefined> {
	const { client, summit, target } = rehearsal;
	const { origin } = target;
	const { signer } = await readBadgeKeys(target.variables.BADGE_KEY);
	await client.query('select private.ensure_checkpoints($1)', [summit.id]);
	const sessions = await openSessions(
		target.variables,
		Array.from({ length: devices }, (_, n) => `${summit.slug}-door-${n + 1}@${summit.domain}`)
	);
	const doors = [];
	for (const [n, session] of sessions.entries())
		doors.push(await enrolDoor(origin, client, summit.id, summit.slug, session, `Tablet ${n + 1}`));
	const { rows } = await client.query<{ id: string }>(
		`select b.id
		from public.badges as b
		join public.registrations as r on r.id = b.registration_id
		where b.summit_id = $1 and b.revoked_at is null and r.state = 'confirmed'
		order by b.id`,
		[summit.id]
	);
	const badges = rows.map(({ id }) => id);
	const shareOf = (device: number) => badges.filter((_, n) => n % devices === device);
	const times: number[] = [];
	const refused: string[] = [];
	const offline = doors[devices - 1];
	const arrivals = shareOf(devices - 1).map((badge) => ({ badge, at: new Date().toISOString() }));
	const list =
		offline && (await sendFromDoor(origin, `/${summit.slug}/door/snapshot`, offline.session.cookie, offline.key));
	await Promise.all(
		doors.slice(0, -1).map(async ({ session, key }, device) => {
			for (const badge of shareOf(device)) {
				const code = await signBadge({ badge, summit: summit.id, mode: 'in_person', days: [0, 1, 2] }, signer);
				const began = performance.now();
				const scan = { id: randomUUID(), code, direction: 'in', at: new Date().toISOString(), offset: 0 };
				const { status, body } = await sendFromDoor(origin, `/${summit.slug}/door/scan`, session.cookie, key, scan);
				rehearsal.note('scan at the door', performance.now() - began, status === 200);
				times.push(performance.now() - began);
				if (!body.includes('"welcome"')) refused.push(`${status} ${body.slice(0, 80)}`);
			}
		})
	);
	if (offline && list) {
		const { checkpoint, cursor } = JSON.parse(list.body) as { checkpoint: { id: string }; cursor: number };
		let after = cursor;
		for (let first = 0; first < arrivals.length; first += batch) {
			const scans = arrivals.slice(first, first + batch).map(({ badge, at }) => ({
				...{ id: randomUUID(), badge, direction: 'in', at, offset: 0 },
				...{ answer: 'welcome', checkpoint: checkpoint.id }
			}));
			const sent = {
				now: new Date().toISOString(),
				queued: arrivals.length - first,
				battery_percent: null,
				version: 'rehearsal',
				after,
				scans
			};
			const { status, body } = await sendFromDoor(
				origin,
				`/${summit.slug}/door/sync`,
				offline.session.cookie,
				offline.key,
				sent
			);
			if (status !== 200) throw new Error(`the scans of the device without a network were answered ${status}`);
			after = (JSON.parse(body) as { cursor: number }).cursor;
		}
	}
	const inside = await readValue<number>(
		client,
		`select count(distinct person_id)::integer from private.door_periods where summit_id = $1 and left_at is null`,
		[summit.id]
	);
	rehearsal.measure(`${times.length} scans at ${devices - 1} doors at once`, spread(times, ms));
	rehearsal.measure('scans of the device without a network', arrivals.length);
	rehearsal.check(
		'each badge is welcome',
		refused.length === 0,
		refused[0] ?? 'none refused',
		'none refused',
		'Compare BADGE_KEY of all processes.'
	);
	rehearsal.check(
		'people in the building',
		inside === badges.length && inside > 0,
		inside,
		badges.length,
		'Report this: a scan must never be lost.'
	);
}
