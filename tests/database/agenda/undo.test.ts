/* Undo in the builder: everybody undoes only their own changes, and each step passes the same checks. */
import { beforeEach, describe, expect, test } from 'vitest';
import {
	changeDraft,
	draftTime as at,
	makeDraft,
	scheduleSession,
	undoChange,
	type DraftSummit
} from '../../fixtures/drafting.ts';
import type { Placement } from '../../../src/lib/agenda/builder/builder.ts';
import { connectMany, inParallel, readValue } from '../../fixtures/registering.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { move } from '../../fixtures/moving.ts';

const db = useDatabase();
let draft: DraftSummit;

beforeEach(async () => {
	draft = await makeDraft(db.owner);
});

const change_ = (changes: object[], who = draft.organisers[0]) => changeDraft(db.owner, who, draft.summit, changes);

describe('undo', () => {
	test('and redo pass the same checks, step by step', async () => {
		const [mine] = draft.organisers;
		const placed = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		const moved = (await change_([move(placed, at('11:00'), at('12:00'))])).placed?.[0] as Placement;
		await change_([{ slot: placed.slot, seen: moved, remove: true }]);
		const starts = () =>
			readValue<string | null>(db.owner, 'select private.iso(lower(during)) from public.slots where session_id = $1', [
				draft.sessions[0]
			]);
		const seen: (string | null | undefined)[] = [];
		for (const forward of [false, false, false, false, true, true, true, true]) {
			const { status } = await undoChange(db.owner, mine, draft.summit, forward);
			seen.push(status === 'ok' ? await starts() : status);
		}
		expect(seen).toEqual([
			'2027-06-09T14:00:00Z',
			'2027-06-09T12:00:00Z',
			undefined,
			'nothing',
			'2027-06-09T12:00:00Z',
			'2027-06-09T14:00:00Z',
			undefined,
			'nothing'
		]);
	});

	test('is refused once when somebody else has changed the session, and the step before can still be undone', async () => {
		const [mine, other] = draft.organisers;
		const first = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		const second = await scheduleSession(db.owner, draft, 1, 1, at('09:00'), at('10:00'));
		expect((await change_([move(second, at('14:00'), at('15:00'))], other)).status).toBe('ok');
		expect(await undoChange(db.owner, mine, draft.summit)).toMatchObject({
			status: 'changed_meanwhile',
			now: { start: '2027-06-09T17:00:00Z' }
		});
		expect((await undoChange(db.owner, mine, draft.summit)).status).toBe('ok');
		expect(await readValue(db.owner, 'select count(*)::integer from public.slots where id = $1', [first.slot])).toBe(0);
		expect((await undoChange(db.owner, mine, draft.summit)).status).toBe('nothing');
	});

	test('into an occupied room names what occupies it, and can be tried again', async () => {
		const [mine, other] = draft.organisers;
		const first = await scheduleSession(db.owner, draft, 0, 0, at('09:00'), at('10:00'));
		await change_([move(first, at('11:00'), at('12:00'))]);
		const blocker = await scheduleSession(db.owner, draft, 1, 0, at('09:00'), at('10:00'), other);
		expect(await undoChange(db.owner, mine, draft.summit)).toMatchObject({
			status: 'room_taken',
			by: [{ title: { en: 'Session 2' } }]
		});
		await change_([{ slot: blocker.slot, seen: blocker, remove: true }], other);
		expect((await undoChange(db.owner, mine, draft.summit)).status).toBe('ok');
	});

	test('pressed 20 times at once undoes each step once', async () => {
		const [mine] = draft.organisers;
		for (const n of [0, 1, 2]) await scheduleSession(db.owner, draft, n, n, at('09:00'), at('10:00'));
		const clients = await connectMany(db, 20);
		const answers = await inParallel(clients, clients, (each) => undoChange(each, mine, draft.summit));
		expect(answers.map(({ status }) => status).sort()).toEqual([
			...Array<string>(17).fill('nothing'),
			...Array<string>(3).fill('ok')
		]);
	});
});
