/* Proposals of other systems: what a file may do, and never does. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, type PersonKind, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let format: string;

interface Row {
	outcome: string;
	target_id: string | null;
	changes: { field: string; to: string | null }[];
	notes: { code: string; words?: string }[];
}

const address = (mark: string) => ({
	hash: mark.repeat(64).slice(0, 64),
	sealed: mark.repeat(64),
	key_id: 'test',
	hint: 'a…'
});
const talk = (key: string, more: object = {}) => ({
	title: `Talk ${key}`,
	line: 1,
	key,
	heading: `Talk ${key}`,
	abstract: 'What we found.',
	notes: '',
	format: 'Talk',
	track: '',
	language: 'en',
	state: 'submitted',
	people: [{ name: 'Wren Alder', organisation: 'Far Lantern', biography: 'Hydrologist.', address: address('a1') }],
	...more
});

const file = {
	name: 'submissions.json',
	kind: 'pretalx_proposals',
	source: 'pretalx',
	encoding: 'utf-8',
	rows: 1,
	ignored: [],
	answers: [],
	products: []
};

async function prepare(rows: object[], who: PersonKind = 'programme', mapped = true) {
	const made = await callAs<{ status: string; id?: string }>(
		db.owner,
		world.people[who],
		`public.prepare_import($1, 'proposals', $2, $3)`,
		[world.summit, JSON.stringify(file), JSON.stringify(rows)]
	);
	if (!made.id || !mapped) return made.id ?? made.status;
	const mapping = { formats: { Talk: format, Poster: '' }, tracks: { '': '' }, language: 'en' };
	expect(
		await callAs(db.owner, world.people[who], 'public.map_import($1, $2)', [made.id, JSON.stringify(mapping)])
	).toBe('ok');
	return made.id;
}
const rowsOf = async (id: string) =>
	(await callAs<{ rows: Row[] }>(db.owner, world.people.programme, 'public.read_import($1)', [id])).rows;
const shown = async (id: string) =>
	(await rowsOf(id)).map(({ outcome, notes }) => [outcome, notes.map(({ code }) => code)]);
const apply = (id: string) =>
	callAs<{ status: string; counts?: Record<string, number> }>(
		db.owner,
		world.people.programme,
		'public.apply_import($1)',
		[id]
	);
const made = async () =>
	(
		await db.owner.query<{ title: string; state: string; people: string[]; owner: string }>(
			`select p.title ->> 'en' as title, p.state, owner.display_name as owner,
				(select array_agg(w.display_name order by e.position) from private.proposal_people as e
					join public.people as w on w.id = e.person_id where e.proposal_id = p.id) as people
			from private.imported_proposals as i
			join private.proposals as p on p.id = i.proposal_id
			join public.people as owner on owner.id = p.owner_id
			where i.summit_id = $1 order by i.reference`,
			[world.summit]
		)
	).rows;

beforeEach(async () => {
	world = await makeWorld(db.owner);
	format = await readValue(
		db.owner,
		`insert into public.formats (summit_id, slug, name, position) values ($1, 'imported', '{"original": "en", "en": "Talk"}', 9) returning id`,
		[world.summit]
	);
	await db.owner.query('delete from public.tracks where summit_id = $1', [world.summit]);
});

test('proposals come in as submitted, with their people once, without a mail and without a decision', async () => {
	const id = await prepare([
		talk('AAAAAA', { state: 'accepted', reviews: '2' }),
		talk('BBBBBB', { people: [{ name: 'Ama Reed' }, { name: 'Wren Alder', address: address('a1') }] }),
		talk('CCCCCC', { people: [{ name: 'Ama Reed' }] }),
		talk('DDDDDD', { state: 'withdrawn' }),
		talk('EEEEEE', { format: 'Poster' }),
		talk('FFFFFF', { fault: 'no_abstract' }),
		talk('AAAAAA')
	]);
	expect(await shown(id)).toEqual([
		['new', ['decided_there', 'reviews_left']],
		['new', []],
		['new', ['no_addresses']],
		['cannot', ['withdrawn_there']],
		['cannot', ['no_format']],
		['cannot', ['no_abstract']],
		['cannot', ['twice']]
	]);
	expect(await made()).toEqual([]);
	expect(await apply(id)).toMatchObject({ status: 'ok', counts: { submitted: 3, left: 4 } });
	expect(await made()).toEqual([
		{ title: 'Talk AAAAAA', state: 'submitted', owner: 'Wren Alder', people: ['Wren Alder'] },
		{ title: 'Talk BBBBBB', state: 'submitted', owner: 'Ama Reed', people: ['Ama Reed', 'Wren Alder'] },
		{ title: 'Talk CCCCCC', state: 'submitted', owner: 'Ama Reed', people: ['Ama Reed'] }
	]);
	expect(
		await readValue(
			db.owner,
			`select count(*)::integer from public.people where display_name in ('Wren Alder', 'Ama Reed')`
		)
	).toBe(2);
	const nothing = `select (select count(*) from private.outbox where summit_id = $1) + (select count(*) from private.proposal_decisions where summit_id = $1)`;
	expect(Number(await readValue(db.owner, nothing, [world.summit]))).toBe(0);
});

test('the same file again changes nothing, a later one what has changed, and never what the authors wrote here', async () => {
	await apply(await prepare([talk('AAAAAA'), talk('BBBBBB')]));
	expect(await shown(await prepare([talk('AAAAAA'), talk('BBBBBB')]))).toEqual([
		['same', []],
		['same', []]
	]);
	await db.owner.query(
		`update private.proposals as p set abstract = '{"original": "en", "en": "Ours"}', version = p.version + 1
		from private.imported_proposals as i where i.proposal_id = p.id and i.reference = 'BBBBBB' and i.summit_id = $1`,
		[world.summit]
	);
	const later = await prepare([
		talk('AAAAAA', { heading: 'Another title', state: 'rejected' }),
		talk('BBBBBB', { heading: 'Another title', state: 'accepted' })
	]);
	expect(
		(await rowsOf(later)).map(({ changes, notes }) => [
			changes.map(({ field }) => field),
			notes.map(({ code }) => code)
		])
	).toEqual([
		[['title', 'decided'], ['decided_there']],
		[['decided'], ['edited_here', 'decided_there']]
	]);
	expect((await apply(later)).counts).toEqual({ updated: 2 });
	expect((await made()).map(({ title }) => title)).toEqual(['Another title', 'Talk BBBBBB']);
	expect(await shown(await prepare([talk('BBBBBB', { heading: 'Third', state: 'accepted' })]))).toEqual([
		['same', ['edited_here', 'decided_there']]
	]);
});

test('is for programme organisers only, and a mapping names headings of this Summit', async () => {
	expect(await prepare([talk('AAAAAA')], 'registration', false)).toBe('not_allowed');
	const id = await prepare([talk('AAAAAA')], 'programme', false);
	const wrong = { formats: { Talk: world.room }, tracks: {}, language: 'en' };
	expect(await callAs(db.owner, world.people.programme, 'public.map_import($1, $2)', [id, JSON.stringify(wrong)])).toBe(
		'invalid'
	);
	expect(await callAs(db.owner, world.people.registration, 'public.read_import($1)', [id])).toBe(null);
});
