/* One line of the badge from an answer: which question it is, what is printed, and that a changed answer is printed again. */
import { beforeEach, expect, test } from 'vitest';
import { useDatabase } from '../../fixtures/database.ts';
import { logisticsDesk, logisticsField, text } from '../../fixtures/logistics.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { makeWorld, personKinds, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let pronouns: string;

const { saveField, answer } = logisticsDesk(
	() => db.owner,
	() => world
);
const choices = ['she_her', 'he_him'].map((key) => ({ key, label: text(key) }));
const question = (key: string, more: object = {}) =>
	logisticsField(key, { kind: 'choice', choices, is_sealed: false, ...more });
const choose = (field: string | null, by: TestPerson = world.people.owner, summit = world.summit) =>
	callAs<string>(db.owner, by, 'public.set_badge_question($1, $2)', [summit, field]);
const paper = () =>
	callAs<{ badge: string; display_name: string; line: { en: string }[] }[]>(
		db.owner,
		world.people.registration,
		'public.list_badges_to_print($1)',
		[world.summit]
	);
/** The lines that are printed, of badges that have one. */
const lines = async () => (await paper()).map(({ line }) => line.map(({ en }) => en)).filter((each) => each.length > 0);
const unprinted = async () =>
	(
		await callAs<{ unprinted: number; total: number }>(
			db.owner,
			world.people.registration,
			`public.list_badges($1, '{"printed":"no"}')`,
			[world.summit]
		)
	).total;
const printAll = async () =>
	callAs<number>(db.owner, world.people.registration, 'public.record_badge_prints($1, $2, $3)', [
		world.summit,
		(await paper()).map(({ badge }) => badge),
		'a6'
	]);

beforeEach(async () => {
	world = await makeWorld(db.owner);
	pronouns = (await saveField(question('pronouns'))).id;
});

test('an owner alone chooses the question, one with a list that is not sealed and not answered', async () => {
	for (const kind of personKinds)
		if (kind !== 'owner') expect([kind, await choose(pronouns, world.people[kind])]).toEqual([kind, 'not_allowed']);
	const other = await makeWorld(db.owner);
	expect(await choose(pronouns, other.people.owner)).toBe('not_allowed');
	expect(await choose(pronouns, other.people.owner, other.summit)).toBe('unsuitable');
	const { id: sealed } = await saveField(question('sealed', { is_sealed: true }));
	const { id: number } = await saveField(question('number', { kind: 'number', choices: [] }));
	for (const field of [sealed, number]) expect(await choose(field)).toBe('unsuitable');
	const { id: meal } = await saveField(question('meal'));
	await answer({ [meal]: { value: ['she_her'] } });
	expect(await choose(meal)).toBe('answered');
	expect([await choose(pronouns), await choose(pronouns)]).toEqual(['ok', 'ok']);
	// Saving the question keeps the choice, and cannot make it; its answers cannot become sealed.
	expect((await saveField(question('meal', { on_badge: true }))).status).toBe('ok');
	expect((await saveField(question('pronouns', { on_badge: false }))).status).toBe('ok');
	expect((await saveField(question('pronouns', { is_sealed: true }))).status).toBe('invalid');
	const chosen = () =>
		readValue<string>(db.owner, 'select key from public.logistics_fields where summit_id = $1 and on_badge', [
			world.summit
		]);
	expect(await chosen()).toBe('pronouns');
});

test('prints the answer, tells its person, and lists the badge again when the answer changes', async () => {
	await choose(pronouns);
	const mine = await callAs<{ fields: { key: string; on_badge: boolean }[] }>(
		db.owner,
		world.people.delegate,
		'public.my_logistics_form($1)',
		[world.summit]
	);
	expect(mine.fields.map(({ key, on_badge }) => [key, on_badge])).toEqual([['pronouns', true]]);
	expect(await lines()).toEqual([]);
	await answer({ [pronouns]: { value: ['she_her'] } });
	expect(await lines()).toEqual([['she_her']]);
	const all = await printAll();
	expect(all).toBeGreaterThan(1);
	expect(await unprinted()).toBe(0);
	await answer({ [pronouns]: { value: ['she_her'] } });
	expect(await unprinted()).toBe(0);
	await answer({ [pronouns]: { value: ['he_him'] } });
	expect([await lines(), await unprinted()]).toEqual([[['he_him']], 1]);
	// The help desk says the same of this badge as the list, and the person's own badge has the new line.
	const badge = await readValue<string>(
		db.owner,
		'select id from public.badges where registration_id = $1 and revoked_at is null',
		[world.registrations.delegate]
	);
	const atDesk = async () =>
		callAs<{ badge: { prints: number; printed_at: string | null } }>(
			db.owner,
			world.people.registration,
			'public.read_desk_registration($1)',
			[world.registrations.delegate]
		);
	const found = await callAs<{ badge: object | null }[]>(
		db.owner,
		world.people.registration,
		'public.find_desk_registrations($1, badge => $2)',
		[world.summit, badge]
	);
	expect(found.map((one) => one.badge)).toEqual([{ id: badge, prints: 1, printed_at: null }]);
	expect((await atDesk()).badge).toMatchObject({ prints: 1, printed_at: null });
	const own = await callAs<{ badge: { line: { en: string }[] } }>(
		db.owner,
		world.people.delegate,
		'public.my_registration($1)',
		[world.summit]
	);
	expect(own.badge.line.map(({ en }) => en)).toEqual(['he_him']);
	// The badge opens doors as before, until it is replaced.
	const { answer: entry } = await callAs<{ answer: string }>(
		db.owner,
		world.people.door,
		'public.check_badge($1, $2)',
		[world.summit, badge]
	);
	expect(entry).not.toBe('revoked');
	await printAll();
	expect(await unprinted()).toBe(0);
	expect((await atDesk()).badge.printed_at).not.toBeNull();
	await answer({ [pronouns]: null });
	expect([await lines(), await unprinted()]).toEqual([[], 1]);
});

test('another question, or none, lists the badges with the old line again; so does removing the question', async () => {
	await choose(pronouns);
	await answer({ [pronouns]: { value: ['she_her'] } });
	await printAll();
	expect(await choose(null)).toBe('ok');
	expect([await lines(), await unprinted()]).toEqual([[], 1]);
	// Now it is answered by people who were told; the rule asks for a new question all the same.
	expect(await choose(pronouns)).toBe('answered');
	const { id: next } = await saveField(question('forms_of_address'));
	expect(await choose(next)).toBe('ok');
	await answer({ [next]: { value: ['he_him'] } });
	await printAll();
	await callAs(db.owner, world.people.registration, 'public.retire_logistics_field($1, $2)', [world.summit, next]);
	expect([await lines(), await unprinted()]).toEqual([[], 1]);
});
