/* The screen at the door of a room. */
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { useDatabase } from '../../fixtures/database.ts';
import { actAs, makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
});

const callAs = async <T>(who: PersonKind | null, call: string, values: unknown[], on = db.owner): Promise<T> =>
	(await actAs<{ answer: T }>(on, who && world.people[who], `select ${call} as answer`, values))[0]?.answer as T;
const rows = async <Row extends pg.QueryResultRow>(sql: string, values: unknown[]) =>
	(await db.owner.query<Row>(sql, values)).rows;

describe('the screen of a room', () => {
	interface Entry {
		is_closed: boolean;
		title?: { en: string };
	}
	const hash = (token: string) => createHash('sha256').update(token).digest('hex');
	const titles = (screen: { entries: Entry[] } | null) =>
		screen?.entries.map(({ is_closed, title }) => (is_closed ? 'closed' : title?.en));
	const room = async () =>
		(await rows<{ slug: string }>('select slug from public.rooms where id = $1', [world.room]))[0]?.slug ?? '';

	test('shows public sessions to any visitor, and by its link what the door may show, but never a closed title', async () => {
		const slug = await room();
		const { sessions } = world;
		for (const who of [null, 'delegate', 'speaker', 'programme'] as const)
			expect(titles(await callAs(who, 'public.read_public_room_screen($1, $2)', [world.summit, slug]))).toEqual([
				sessions.public.title
			]);
		expect(
			await callAs('programme', 'public.make_room_screen($1, $2, $3, $4)', [
				world.summit,
				slug,
				'Door A',
				hash('token')
			])
		).toBe('ok');
		const read = async (token: string, at = slug, summit = world.summit) => {
			const found = await db.app.query<{ screen: { entries: Entry[] } | null }>(
				`select private.read_room_screen($1, $2, decode($3, 'hex')) as screen`,
				[summit, at, hash(token)]
			);
			return found.rows[0]?.screen ?? null;
		};
		const screen = await read('token');
		expect(titles(screen)).toEqual([
			sessions.public.title,
			sessions.members.title,
			sessions.chatham_house.title,
			'closed'
		]);
		expect(JSON.stringify(screen)).not.toContain(sessions.closed.title);
		expect(Object.keys(screen?.entries[3] ?? {}).sort()).toEqual(['end', 'is_closed', 'start']);
		expect(await read('other')).toBeNull();
		const other = await makeWorld(db.owner);
		expect(await read('token', slug, other.summit)).toBeNull();
		// A session that was closed after the release is hidden at once.
		await db.owner.query(`update public.sessions set level = 'closed', audience = 'listed' where id = $1`, [
			sessions.members.id
		]);
		expect(titles(await read('token'))?.[1]).toBe('closed');
		const [made] = await callAs<{ id: string }[]>('stage', 'public.list_room_screens($1)', [world.summit]);
		expect(await callAs('delegate', 'public.revoke_room_screen($1)', [made?.id])).toBe('not_allowed');
		expect(await callAs('stage', 'public.revoke_room_screen($1)', [made?.id])).toBe('ok');
		expect(await read('token')).toBeNull();
	});

	test('is set up by programme and stage organisers only', async () => {
		const slug = await room();
		for (const kind of ['newcomer', 'delegate', 'registration', 'door', 'safeguarding'] as const) {
			expect(await callAs(kind, `public.make_room_screen($1, $2, 'x', $3)`, [world.summit, slug, hash(kind)])).toBe(
				'not_allowed'
			);
			expect(await callAs(kind, 'public.list_room_screens($1)', [world.summit])).toEqual([]);
		}
	});
});
