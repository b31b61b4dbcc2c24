/* The register of a group: who reads its decisions and actions, and who writes them. */
import { beforeAll, expect, test } from 'vitest';
import { callAs } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { createGroup, groupFields, makeCommunityOrganiser, putInGroup } from '../../fixtures/grouping.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
let world: World;
let chief: TestPerson;

interface Register {
	decisions: { id: string; is_withdrawn: boolean }[];
	actions: { id: string; is_done: boolean; is_late: boolean; may_do: boolean; owner: { is_me: boolean } | null }[];
}

beforeAll(async () => {
	world = await makeWorld(db.owner);
	chief = await makeCommunityOrganiser(db.owner);
});

const create = (level: string) => createGroup(db.owner, chief, level);
const words = JSON.stringify({ original: 'en', en: 'Written words' });
const record = (who: TestPerson, code: string) =>
	callAs<string>(db.owner, who, 'public.record_group_decision($1, $2, current_date)', [code, words]);
const add = (who: TestPerson, code: string, owner: string | null = null, due = 5) =>
	callAs<string>(db.owner, who, 'public.add_group_action($1, $2, $3, current_date + $4::integer)', [
		code,
		words,
		owner,
		due
	]);
const read = (who: TestPerson, code: string) =>
	callAs<Register | null>(db.owner, who, 'public.read_group_register($1)', [code]);
const mark = (who: TestPerson, action: string, done: boolean) =>
	callAs<string>(db.owner, who, 'public.set_group_action_done($1, $2)', [action, done]);
const put = (who: TestPerson, code: string) => putInGroup(db.owner, who, code, 'member');

test('those who lead the group write it; its people and representatives of members read it, others do not', async () => {
	const { delegate, newcomer, focal } = world.people;
	const code = await create('public');
	expect(await record(delegate, code)).toBe('not_found');
	expect(await record(chief, code)).toBe('ok');
	expect(await add(delegate, code)).toBe('not_found');
	expect((await read(delegate, code))?.decisions).toHaveLength(1);
	expect((await read(focal, code))?.decisions).toHaveLength(1);
	expect(await read(newcomer, code)).toBeNull();
	expect(await read(newcomer, 'UNKNOWN9')).toBeNull();
});

test('the same decision or open action is written once', async () => {
	const code = await create('members');
	expect([await record(chief, code), await record(chief, code)]).toEqual(['ok', 'ok']);
	for (const due of [5, 5, 6]) expect(await add(chief, code, null, due)).toBe('ok');
	const first = await read(chief, code);
	expect([first?.decisions.length, first?.actions.length]).toEqual([1, 2]);
	expect(await mark(chief, first?.actions[0]?.id ?? '', true)).toBe('ok');
	// One that was done may come up again.
	expect([await add(chief, code), await add(chief, code, null, 6)]).toEqual(['ok', 'ok']);
	expect((await read(chief, code))?.actions).toHaveLength(3);
});

test('what a closed group wrote stays closed when the group is opened', async () => {
	const { delegate } = world.people;
	const code = await create('closed');
	await record(chief, code);
	await add(chief, code);
	expect(await read(delegate, code)).toBeNull();
	expect(await callAs(db.owner, chief, 'public.change_group($1, 1, $2)', [code, groupFields('members')])).toBe('ok');
	await record(chief, code);
	expect(await read(delegate, code)).toMatchObject({ decisions: [{ is_withdrawn: false }], actions: [] });
	expect((await read(chief, code))?.decisions).toHaveLength(2);
});

test('an action is done by its owner or those who lead the group, and is listed among the owner’s until then', async () => {
	const { delegate, focal } = world.people;
	const code = await create('members');
	const entry = await put(delegate, code);
	const other = await create('members');
	expect(await add(chief, other, entry)).toBe('invalid');
	expect(await add(chief, code, entry, -2)).toBe('ok');
	const mine = () => callAs<{ id: string; code: string }[]>(db.owner, delegate, 'public.my_group_actions()');
	const id = (await mine())[0]?.id ?? '';
	expect(await read(delegate, code)).toMatchObject({
		actions: [{ id, is_late: true, may_do: true, owner: { is_me: true } }]
	});
	expect(await read(focal, code)).toMatchObject({ actions: [{ id, may_do: false, owner: { is_me: false } }] });
	expect(await mark(focal, id, true)).toBe('not_found');
	expect(await mark(delegate, id, true)).toBe('ok');
	expect(await mark(delegate, id, true)).toBe('already');
	expect(await mine()).toEqual([]);
	expect(await mark(chief, id, false)).toBe('ok');
	expect(await mine()).toHaveLength(1);
	await db.owner.query('update private.group_people set ended_at = now() where id = $1', [entry]);
	expect(await mine()).toEqual([]);
	expect(await mark(delegate, id, true)).toBe('not_found');
});

test('those who lead the group give an action to others and delete it, others do not', async () => {
	const { delegate, focal } = world.people;
	const code = await create('members');
	const first = await put(delegate, code);
	const second = await put(focal, code);
	const elsewhere = await put(delegate, await create('members'));
	await add(chief, code, first);
	const id = (await read(chief, code))?.actions[0]?.id ?? '';
	const change = (who: TestPerson, owner: string | null) =>
		callAs<string>(db.owner, who, 'public.change_group_action($1, $2, current_date - 1)', [id, owner]);
	const remove = (who: TestPerson) => callAs<string>(db.owner, who, 'public.delete_group_action($1)', [id]);
	// Its owner marks it as done, and no more.
	expect([await change(delegate, second), await remove(delegate)]).toEqual(['not_found', 'not_found']);
	expect(await change(chief, elsewhere)).toBe('invalid');
	// Somebody whose part ended has nothing to do any more, until the action has another owner.
	await db.owner.query('update private.group_people set ended_at = now() where id = $1', [first]);
	expect(await change(chief, first)).toBe('invalid');
	expect(await read(chief, code)).toMatchObject({ actions: [{ owner: null }] });
	expect(await change(chief, second)).toBe('ok');
	expect(await read(focal, code)).toMatchObject({
		actions: [{ id, is_late: true, may_do: true, owner: { id: second, is_me: true } }]
	});
	expect([await remove(chief), await remove(chief), await change(chief, null)]).toEqual([
		'ok',
		'not_found',
		'not_found'
	]);
	expect(await read(chief, code)).toMatchObject({ actions: [] });
});

test('a withdrawn decision stays in the register', async () => {
	const code = await create('members');
	await record(chief, code);
	const id = (await read(chief, code))?.decisions[0]?.id ?? '';
	const withdraw = (who: TestPerson) => callAs<string>(db.owner, who, 'public.withdraw_group_decision($1)', [id]);
	expect([await withdraw(world.people.focal), await withdraw(chief), await withdraw(chief)]).toEqual([
		'not_found',
		'ok',
		'already'
	]);
	expect((await read(world.people.focal, code))?.decisions).toEqual([expect.objectContaining({ is_withdrawn: true })]);
});
