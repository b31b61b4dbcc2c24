/* The thanks that the page of the closing prepares: one message for each audience, however often it is pressed. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { DataClient } from '../../../src/lib/database/client.ts';
import { prepareMessage } from '../../../src/lib/mail/server/preparing.ts';
import { thanksMessage } from '../../../src/lib/organising/thanks.ts';
import { signToken, startDataPath, type TestDataPath } from '../../fixtures/data-path.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { makeMessaging } from '../../fixtures/messaging.ts';

const jwtSecret = 'a secret of this test, at least 32 letters';
const db = useDatabase();
let path: TestDataPath;
let messaging: Awaited<ReturnType<typeof makeMessaging>>;
let organiser: DataClient;

beforeAll(async () => {
	messaging = await makeMessaging(db);
	path = startDataPath(db, { jwtSecret });
	const { account: sub } = messaging.made.organiser;
	organiser = path.client(await signToken(jwtSecret, { sub })) as DataClient;
});
afterAll(() => path.close());
beforeEach(() => messaging.clear());

const prepare = async (to: 'attendees' | 'speakers' = 'attendees') => {
	const answer = await prepareMessage(organiser, messaging.made.summit, `thanks ${to}`, thanksMessage(to));
	return 'id' in answer ? answer.id : answer.status;
};

test('prepares one draft when it is pressed twice at once, and opens it again', async () => {
	const ids = await Promise.all([prepare(), prepare(), prepare()]);
	expect(new Set(ids).size).toBe(1);
	expect(await prepare()).toBe(ids[0]);
	expect(await prepare('speakers')).not.toBe(ids[0]);
});

test('does not take another message to the same people for the thanks', async () => {
	const { id: other } = await messaging.save(messaging.made.organiser, { states: ['confirmed'], part: 'attended' });
	expect(await prepare()).not.toBe(other);
});

test('prepares another message once the thanks were cancelled', async () => {
	const first = await prepare();
	await db.owner.query(`update public.group_messages set state = 'cancelled', sent_at = now() where id = $1`, [first]);
	const second = await prepare();
	expect([second === first, await prepare()]).toEqual([false, second]);
});
