/* Invalid values in imported files are reported or refused, in the app and in the database. */
import { beforeEach, describe, expect, test } from 'vitest';
import { countsOf, makeExchange, importDays, importZone } from '../../fixtures/exchanging.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeWorld, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	await db.owner.query(`update public.summits set zone = $2, starts_on = $3, ends_on = $4 where id = $1`, [
		world.summit,
		importZone,
		importDays.startsOn,
		importDays.endsOn
	]);
	await db.owner.query(`update public.sessions set state = 'draft' where summit_id = $1`, [world.summit]);
});

describe('invalid values', () => {
	const json = (change: Record<string, unknown>, more: Record<string, unknown>[] = []) => {
		const event = {
			id: 1,
			guid: 'first',
			title: 'First',
			date: '2027-12-27T10:00:00+01:00',
			duration: '01:00',
			room: 'Hall',
			persons: [],
			...change
		};
		const second = {
			...event,
			id: 2,
			guid: 'second',
			title: 'Second',
			room: 'Other hall',
			persons: [],
			links: [],
			...more[0]
		};
		return JSON.stringify({
			schedule: {
				version: '1',
				conference: { acronym: 'fits', days: [{ date: '2027-12-27', rooms: { Hall: [event, second] } }] }
			}
		});
	};

	test.each([
		['a year below 1000', { date: '0999-12-27T10:00:00+01:00' }, 'bad_time'],
		['a year of five digits', { date: '12027-12-27T10:00:00+01:00' }, 'bad_time'],
		['the year 2200', { date: '2200-01-01T10:00:00+01:00' }, 'bad_time'],
		['a long name', { persons: [{ id: 1, public_name: 'N'.repeat(121) }] }, 'name_too_long'],
		['a long room', { room: 'R'.repeat(121) }, 'heading_too_long'],
		['a long track', { track: 'T'.repeat(121) }, 'heading_too_long'],
		['a long title', { title: 'T'.repeat(201) }, 'title_too_long'],
		['a text of 100,000 characters', { abstract: 'a'.repeat(100_000) }, 'text_too_long'],
		['a long biography', { persons: [{ id: 1, public_name: 'N', biography: 'b'.repeat(5000) }] }, 'text_too_long'],
		[
			'101 links',
			{ links: Array.from({ length: 101 }, (_, at) => ({ url: `https://a.example/${at}` })) },
			'origin_too_long'
		]
	])('%s is reported for its row, and the other row is imported', async (_, change, code) => {
		const { plan, apply } = makeExchange(db.owner, world);
		const planned = await plan(
			json(change, [{ date: '2027-12-27T10:00:00+01:00', title: 'Second', track: '', abstract: '' }])
		);
		expect(planned.rows.map(({ outcome, notes }) => [outcome, notes.map((note) => note.code)])).toEqual([
			['cannot', [code]],
			['new', []]
		]);
		expect(await apply(planned)).toBe('ok');
		expect(
			countsOf(
				await plan(json(change, [{ date: '2027-12-27T10:00:00+01:00', title: 'Second', track: '', abstract: '' }]))
			)
		).toEqual({ cannot: 1, same: 1 });
	});

	test('a title of several lines becomes one line, and an invalid web address is left out and reported', async () => {
		const { plan } = makeExchange(db.owner, world);
		const { rows } = await plan(
			json({
				title: 'First\r\nBEGIN:VEVENT\u202e',
				links: [{ url: 'javascript:alert(1)' }, { url: 'https://a.example/' }]
			})
		);
		expect(rows[0]).toMatchObject({
			title: 'First BEGIN:VEVENT',
			notes: [{ code: 'link_left_out', words: 'javascript:alert(1)' }]
		});
		expect(rows[0]?.plan.fields['links']).toEqual([{ url: 'https://a.example/', title: '', kind: 'link' }]);
	});

	test('the database refuses such a year too', async () => {
		for (const during of ['[0999-06-10 09:00Z,0999-06-10 10:00Z)', '[12027-06-10 09:00Z,12027-06-10 10:00Z)'])
			await expect(
				db.owner.query('insert into public.slots (session_id, summit_id, during) values ($1, $2, $3)', [
					world.sessions.draft.id,
					world.summit,
					during
				])
			).rejects.toThrow('"years"');
		for (const columns of [
			"starts_on = '0999-01-01', ends_on = '0999-01-02'",
			"registration_opens_at = '0999-01-01', registration_closes_at = '2027-01-01'"
		])
			await expect(
				db.owner.query(`update public.summits set ${columns} where id = $1`, [world.summit])
			).rejects.toThrow('years"');
	});
});
