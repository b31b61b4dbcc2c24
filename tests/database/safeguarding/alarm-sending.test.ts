/* What the worker sends of an alarm: a push and a text message that say nothing, to local doubles of both services. */
import { createECDH, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import { contexts, theSealer } from '../../../src/lib/people/sealing.ts';
import { alarmJobs } from '../../../src/lib/safeguarding/server/alarms.ts';
import { pushBrowser } from '../../fixtures/push.ts';
import { concernActs } from '../../fixtures/raising-concerns.ts';
import { useStageWorld } from '../../fixtures/staging.ts';

const stage = useStageWorld();
const { raise } = concernActs(stage);

interface Arrived {
	path: string;
	authorization: string | undefined;
	body: Buffer;
}
let service: Server;
let host: string;
let answer = 201;
const arrived: Arrived[] = [];

beforeAll(async () => {
	service = createServer((request, response) => {
		const parts: Buffer[] = [];
		request.on('data', (part: Buffer) => parts.push(part));
		request.on('end', () => {
			arrived.push({
				path: request.url ?? '',
				authorization: request.headers.authorization,
				body: Buffer.concat(parts)
			});
			response.writeHead(answer).end();
		});
	});
	await new Promise<void>((done) => service.listen(0, '127.0.0.1', done));
	host = `127.0.0.1:${(service.address() as AddressInfo).port}`;
	const ours = createECDH('prime256v1');
	ours.generateKeys();
	Object.assign(process.env, {
		DATABASE_URL: stage.db.url,
		APP_DATABASE_URL: stage.db.appUrl,
		PUSH_SERVICES: host,
		PUSH_KEY: Buffer.concat([Buffer.alloc(32), ours.getPrivateKey()])
			.subarray(-32)
			.toString('base64url'),
		SEALING_KEY: `test:${randomBytes(32).toString('base64')}`,
		SMS_URL: `http://${host}/sms`,
		SMS_AUTHORIZATION: 'Bearer secret',
		SMS_BODY: '{"to":"{to}","text":"{text}"}'
	});
});
afterAll(async () => {
	service.close();
	await closePool();
	for (const name of ['SMS_URL', 'SMS_AUTHORIZATION', 'SMS_BODY']) delete process.env[name];
});
beforeEach(async () => {
	await stage.owner.query(`delete from private.concern_alarms`);
	arrived.length = 0;
	answer = 201;
	const { sealed, keyId } = theSealer().seal('+59825550101', contexts.onCallPhone);
	await stage.callAs(stage.world.people.safeguarding, `select public.save_on_call_phone($1, $2, $3)`, [
		stage.world.summit,
		sealed.toString('hex'),
		keyId
	]);
});

async function work(): Promise<Date[]> {
	const later: Date[] = [];
	const [send] = alarmJobs();
	await send?.run(randomUUID(), (jobs) => {
		later.push(...jobs.flatMap(({ runAt }) => runAt ?? []));
		return Promise.resolve();
	});
	return later;
}

test('a text message and a push say that something waits, and nothing of the concern', async () => {
	const { safeguarding } = stage.world.people;
	const browser = pushBrowser();
	const session = randomUUID();
	await stage.owner.query(`insert into auth.sessions (id, user_id) values ($1, $2)`, [session, safeguarding.account]);
	await stage.owner.query(
		`insert into private.push_subscriptions (person_id, session_id, endpoint, p256dh, auth) values ($1, $2, $3, $4, $5)`,
		[safeguarding.person, session, `http://${host}/push/${randomUUID()}`, browser.p256dh, browser.auth]
	);
	await raise();
	await work();
	const sms = arrived.find(({ path }) => path === '/sms');
	expect(sms?.authorization).toBe('Bearer secret');
	expect(JSON.parse(sms?.body.toString() ?? '')).toEqual({
		to: '+59825550101',
		text: 'World Summit: Something waits for you. Open your page.'
	});
	const push = arrived.find(({ path }) => path.startsWith('/push/'));
	expect(browser.read(push?.body ?? Buffer.alloc(0))).toMatchObject({
		title: 'World Summit',
		body: 'Something waits for you. Open your page.',
		url: `/${stage.world.slug}/organise/safeguarding/concerns`,
		urgent: true
	});
	await work();
	expect(arrived).toHaveLength(2);
});

test('a message that fails is tried again, and one to a refused number is not', async () => {
	await raise();
	answer = 503;
	expect(await work()).toHaveLength(1);
	await stage.owner.query(`update private.alarm_calls set send_after = now()`);
	answer = 422;
	expect(await work()).toEqual([]);
	expect(await stage.one(stage.owner, `select array_agg(state) from private.alarm_calls`)).toEqual(['gone']);
});
