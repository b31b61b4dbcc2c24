/* Wallet passes on the way from the page of a badge to a device, and what they follow: a new badge, an alias, an erasure. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { updateWalletPasses } from '../../../src/lib/badges/server/wallet-jobs.ts';
import { closePool } from '../../../src/lib/database/server/pool.ts';
import type { MyRegistration } from '../../../src/lib/registration/registration.ts';
import { verifyBadge } from '../../../src/lib/door/badge.ts';
import { doorCode, theBadgeKeys } from '../../../src/lib/door/server/badge-key.ts';
import { GET as latestPass } from '../../../src/routes/api/wallet/v1/passes/[passtype]/[badge]/+server.ts';
import { GET as changedPasses } from '../../../src/routes/api/wallet/v1/devices/[device]/registrations/[passtype]/+server.ts';
import {
	DELETE as removeDevice,
	POST as addDevice
} from '../../../src/routes/api/wallet/v1/devices/[device]/registrations/[passtype]/[badge]/+server.ts';
import { POST as logMessages } from '../../../src/routes/api/wallet/v1/log/+server.ts';
import { GET as applePass } from '../../../src/routes/(delegate)/[summit]/me/badge/apple-wallet/+server.ts';
import { GET as googlePass } from '../../../src/routes/(delegate)/[summit]/me/badge/google-wallet/+server.ts';
import { chooseAlias } from '../../fixtures/choosing-alias.ts';
import { useDatabase } from '../../fixtures/database.ts';
import { callAs, readValue } from '../../fixtures/registering.ts';
import { jsonIn, unpackPass } from '../../fixtures/wallet-files.ts';
import { issuer, makeWalletKeys, passType, serviceAccount } from '../../fixtures/wallet-keys.ts';
import { startApplePush, startGoogle } from '../../fixtures/wallet-services.ts';
import { makeWorld, type TestPerson, type World } from '../../fixtures/world.ts';

const db = useDatabase();
const keys = makeWalletKeys();
let world: World;
let apple: Awaited<ReturnType<typeof startApplePush>>;
let google: Awaited<ReturnType<typeof startGoogle>>;

beforeAll(async () => {
	apple = await startApplePush(keys.authority);
	google = await startGoogle();
	const { privateKey } = generateKeyPairSync('ed25519');
	vi.stubEnv('APP_DATABASE_URL', db.appUrl);
	vi.stubEnv('SEALING_KEY', `test:${randomBytes(32).toString('base64')}`);
	vi.stubEnv('BADGE_KEY', `test:${privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64')}`);
	vi.stubEnv('ORIGIN', 'https://summit.example.org');
	for (const [name, value] of Object.entries({ ...keys.apple, ...keys.google })) vi.stubEnv(name, value);
});
afterAll(async () => {
	apple.close();
	google.close();
	await closePool();
	vi.unstubAllEnvs();
});
beforeEach(async () => {
	await db.owner.query('delete from private.wallet_passes');
	world = await makeWorld(db.owner);
	for (const list of [apple.pushes, google.changes, google.assertions]) list.length = 0;
	apple.answers.clear();
	Object.assign(google.state, { status: 200, givesTokens: true });
});

const update = (badge: string | null = null) =>
	updateWalletPasses(badge, doorCode, { apple: apple.service, google: google.services });

/** What a route of the badge's page answers to a person. */
async function ask(route: typeof applePass | typeof googlePass, who: TestPerson = world.people.delegate) {
	const { rows } = await db.owner.query(
		`select id, slug, name, city, zone, starts_on::text, ends_on::text from public.summits where id = $1`,
		[world.summit]
	);
	const rpc = async (name: string, { summit }: { summit: string }) => ({
		data: await callAs(db.owner, who, `public.${name}($1)`, [summit]),
		error: null
	});
	return route({ locals: { summit: rows[0], supabase: { rpc } } } as never);
}

const refusal = async (asked: Promise<Response> | Response) => {
	try {
		return (await asked).status;
	} catch (thrown) {
		return (thrown as { status?: number }).status;
	}
};

const filesOf = async (answer: Response) => unpackPass(new Uint8Array(await answer.arrayBuffer()));
const passOf = async (answer: Response) => jsonIn(await filesOf(answer), 'pass.json') as unknown as Pass;

interface Pass {
	serialNumber: string;
	authenticationToken: string;
	webServiceURL: string;
	voided?: boolean;
	barcodes?: { message: string }[];
	eventTicket: { primaryFields: { key: string; value: string }[] };
}

const service = 'https://summit.example.org/api/wallet/v1';

/** What the web service answers to a device. */
function device(pass: Pass, name = 'phone1') {
	const authorization = `ApplePass ${pass.authenticationToken}`;
	const params = { device: name, passtype: passType, badge: pass.serialNumber };
	const request = (init: RequestInit = {}) => ({
		params,
		request: new Request(service, { ...init, headers: { authorization, ...init.headers } })
	});
	return {
		add: (token = `${name}token0123456789`) =>
			addDevice(request({ method: 'POST', body: JSON.stringify({ pushToken: token }) }) as never),
		remove: () => removeDevice(request({ method: 'DELETE' }) as never),
		latest: (since?: string) => latestPass(request(since ? { headers: { 'if-modified-since': since } } : {}) as never),
		changed: async (since?: string) => {
			const url = new URL(service + (since === undefined ? '' : `?passesUpdatedSince=${since}`));
			const answer = await changedPasses({ params, url } as never);
			return answer.status === 204 ? null : ((await answer.json()) as { serialNumbers: string[]; lastUpdated: string });
		}
	};
}

test('a pass is given to its person alone, with the code that the door reads', async () => {
	const answer = await ask(applePass);
	expect(Object.fromEntries(answer.headers)).toMatchObject({
		'content-type': 'application/vnd.apple.pkpass',
		'cache-control': 'private, no-store'
	});
	const pass = await passOf(answer);
	const shown = await callAs<MyRegistration>(db.owner, world.people.delegate, 'public.my_registration($1)', [
		world.summit
	]);
	expect(pass).toMatchObject({ serialNumber: shown.badge?.id, webServiceURL: 'https://summit.example.org/api/wallet' });
	expect(pass.eventTicket.primaryFields).toEqual([{ key: 'name', value: shown.display_name }]);
	const read = await verifyBadge(pass.barcodes?.[0]?.message ?? '', (await theBadgeKeys()).verifiers, {
		summit: world.summit
	});
	expect(read).toMatchObject({ ok: true, rights: { badge: shown.badge?.id, mode: 'in_person' } });
	for (const who of [world.people.virtual, world.people.newcomer])
		expect([await refusal(ask(applePass, who)), await refusal(ask(googlePass, who))]).toEqual([404, 404]);
});

test('without keys there is neither wallet, nor a web service', async () => {
	const pass = await passOf(await ask(applePass));
	vi.stubEnv('WALLET_APPLE_KEY', '');
	vi.stubEnv('WALLET_GOOGLE_KEY', '');
	try {
		expect([await refusal(ask(applePass)), await refusal(ask(googlePass))]).toEqual([404, 404]);
		const phone = device(pass);
		expect([(await phone.add()).status, (await phone.latest()).status, (await phone.remove()).status]).toEqual([
			404, 404, 404
		]);
	} finally {
		vi.stubEnv('WALLET_APPLE_KEY', keys.apple.WALLET_APPLE_KEY);
		vi.stubEnv('WALLET_GOOGLE_KEY', keys.google.WALLET_GOOGLE_KEY);
	}
});

test('a certificate that has ended leads back to the page, and the log has nothing of the person', async () => {
	const ended = makeWalletKeys({ days: 1 }).apple;
	const pass = await passOf(await ask(applePass));
	for (const [name, value] of Object.entries(ended)) vi.stubEnv(name, value);
	vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 2 * 86_400_000 });
	try {
		await expect(ask(applePass)).rejects.toMatchObject({
			status: 303,
			location: `/${world.slug}/me/badge?wallet=failed`
		});
		expect((await device(pass).latest()).status).toBe(503);
	} finally {
		vi.useRealTimers();
		for (const [name, value] of Object.entries(keys.apple)) vi.stubEnv(name, value);
	}
});

test('a link of Google carries the same, and is noted', async () => {
	const answer = await ask(googlePass);
	expect([answer.status, answer.headers.get('cache-control')]).toEqual([303, 'private, no-store']);
	const token = answer.headers.get('location')?.split('/').at(-1) ?? '';
	const { payload } = await jwtVerify(token, keys.publicKey, { audience: 'google', issuer: serviceAccount });
	const { eventTicketObjects } = payload['payload'] as { eventTicketObjects: Record<string, unknown>[] };
	const badge = await readValue<string>(db.owner, 'select badge_id from private.wallet_passes where is_at_google');
	expect(eventTicketObjects[0]).toMatchObject({ id: `${issuer}.${badge}`, state: 'ACTIVE' });
});

test('a device registers, asks what changed, gets the latest pass and leaves', async () => {
	const phone = device(await passOf(await ask(applePass)));
	expect([(await phone.add()).status, (await phone.add()).status]).toEqual([201, 200]);
	const known = await phone.changed();
	expect(known).toMatchObject({ serialNumbers: [expect.any(String)] });
	expect(await phone.changed(known?.lastUpdated)).toBeNull();
	const latest = await phone.latest();
	expect([latest.status, latest.headers.get('cache-control')]).toEqual([200, 'private, no-store']);
	const modified = latest.headers.get('last-modified') ?? '';
	expect((await phone.latest(modified)).status).toBe(304);
	expect((await phone.remove()).status).toBe(200);
	expect([(await phone.remove()).status, await phone.changed()]).toEqual([200, null]);
});

test('the web service refuses what no device sends', async () => {
	const pass = await passOf(await ask(applePass));
	const other = { ...pass, authenticationToken: 'x'.repeat(43) };
	const strange = device({ ...pass, serialNumber: '00000000-0000-4000-8000-000000000000' });
	for (const each of [device(other), strange, device({ ...pass, authenticationToken: '' })])
		expect([(await each.add()).status, (await each.latest()).status, (await each.remove()).status]).toEqual([
			401, 401, 401
		]);
	const phone = device(pass);
	expect((await phone.add('short')).status).toBe(400);
	expect((await phone.add('../../3/device/x'.repeat(3))).status).toBe(400);
	expect((await phone.add('a'.repeat(3000))).status).toBe(413);
	expect((await device(pass, 'a b').add('a'.repeat(64))).status).toBe(400);
	const bodies = ['', '{', 'null', '[]', '{"pushToken":1}', '{"pushToken":null}', '"text"'];
	for (const body of bodies) {
		const headers = { authorization: `ApplePass ${pass.authenticationToken}` };
		const request = new Request(service, { method: 'POST', body, headers });
		const params = { device: 'phone1', passtype: passType, badge: pass.serialNumber };
		expect([body, (await addDevice({ params, request } as never)).status]).toEqual([body, 400]);
	}
	for (const since of ['', 'yesterday', '-1', '9'.repeat(11), '9'.repeat(12), '9'.repeat(40), "'; drop table"])
		expect(await phone.changed(since)).toBeNull();
	const params = { device: 'phone1', passtype: 'pass.org.other', badge: pass.serialNumber };
	expect((await changedPasses({ params, url: new URL(service) } as never)).status).toBe(404);
	expect(await readValue(db.owner, 'select count(*)::int from private.wallet_devices')).toBe(0);
});

test('a device logs what went wrong, and few times', async () => {
	const send = async (body: string) => {
		const request = new Request(service, { method: 'POST', body });
		return (await logMessages({ request, getClientAddress: () => '192.0.2.7' } as never)).status;
	};
	expect(await send('{"logs":["[2026] Web service error for someone@example.org"]}')).toBe(200);
	for (const body of ['', '{', '{"logs":[]}', '{"logs":[1]}', '[]', `{"logs":${'[['.repeat(500)}`])
		expect([body, await send(body)]).toEqual([body, 400]);
	expect(await send('x'.repeat(30_000))).toBe(413);
	expect([await send('{}'), await send('{}'), await send('{}')]).toEqual([400, 400, 429]);
});

test('a pass of twenty devices drops the oldest for another one', async () => {
	const pass = await passOf(await ask(applePass));
	for (let number = 1; number <= 21; number += 1) await device(pass, `phone${number}`).add();
	expect([await device(pass, 'phone1').changed(), (await device(pass, 'phone21').changed())?.serialNumbers]).toEqual([
		null,
		[pass.serialNumber]
	]);
});

test('a lost badge ends its pass on every device and at Google, and the new one is another pass', async () => {
	const pass = await passOf(await ask(applePass));
	await ask(googlePass);
	const phone = device(pass);
	await phone.add();
	const known = await phone.changed();
	await update();
	expect([apple.pushes, google.changes]).toEqual([[], []]);
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await update(pass.serialNumber);
	expect(apple.pushes).toEqual([{ token: 'phone1token0123456789', topic: passType, body: '{}' }]);
	expect((await phone.changed(known?.lastUpdated))?.serialNumbers).toEqual([pass.serialNumber]);
	const latest = await passOf(await phone.latest());
	expect([latest.voided, latest.barcodes]).toEqual([true, undefined]);
	expect(latest.eventTicket.primaryFields).toEqual([{ key: 'invalid', value: 'This badge is no longer valid.' }]);
	expect(google.changes.map(({ path, authorization }) => [path, authorization])).toEqual([
		[`/v1/eventTicketClass/${issuer}.${world.summit}`, 'Bearer a-token'],
		[`/v1/eventTicketObject/${issuer}.${pass.serialNumber}`, 'Bearer a-token']
	]);
	expect(google.changes[1]?.body).toMatchObject({ state: 'INACTIVE', ticketHolderName: '', barcode: null });
	expect(decodeJwt(google.assertions[0] ?? '')).toMatchObject({
		iss: serviceAccount,
		aud: 'https://oauth2.googleapis.com/token',
		scope: 'https://www.googleapis.com/auth/wallet_object.issuer'
	});
	// Told once; the next round has nothing to do.
	await update();
	expect([apple.pushes.length, google.changes.length]).toEqual([1, 2]);
	const next = await passOf(await ask(applePass));
	expect([next.voided, next.serialNumber === pass.serialNumber]).toEqual([undefined, false]);
});

test('a name that changes is in the latest pass; after an alias no word of the other name is', async () => {
	const { delegate } = world.people;
	const pass = await passOf(await ask(applePass));
	await ask(googlePass);
	const phone = device(pass);
	await phone.add();
	await db.owner.query(`update public.people set display_name = 'Canary Legal' where id = $1`, [delegate.person]);
	await update();
	expect([apple.pushes.length, google.changes.at(-1)?.body['ticketHolderName']]).toEqual([1, 'Canary Legal']);
	const changed = await phone.latest(new Date(Date.now() - 60_000).toUTCString());
	expect((await filesOf(changed)).get('pass.json')?.toString()).toContain('Canary Legal');
	await chooseAlias(db.owner, delegate, 'Sam Reed');
	await update();
	const over = await filesOf(await phone.latest());
	const aliased = await filesOf(await ask(applePass));
	for (const files of [over, aliased])
		expect([...files.values()].map((bytes) => bytes.toString()).join()).not.toContain('Canary');
	expect((jsonIn(aliased, 'pass.json') as unknown as Pass).eventTicket.primaryFields[0]?.value).toBe('Sam Reed');
	expect(JSON.stringify(google.changes.at(-1))).not.toContain('Canary');
	const shown = await readValue<string>(db.app, `select content::text from private.read_wallet_pass($1)`, [
		(jsonIn(aliased, 'pass.json') as unknown as Pass).serialNumber
	]);
	expect(JSON.parse(shown)).toMatchObject({ holder: { member: null, country: null, display_name: 'Sam Reed' } });
});

test('a registration that ends, and a person who is erased, end the pass', async () => {
	for (const end of [
		() =>
			callAs(db.owner, world.people.delegate, 'public.withdraw_registration($1, $2)', [
				world.registrations.delegate,
				''
			]),
		() => db.owner.query('select private.erase_person($1)', [world.people.delegate.person])
	]) {
		world = await makeWorld(db.owner);
		const pass = await passOf(await ask(applePass));
		const phone = device(pass);
		await phone.add();
		await end();
		await update();
		expect([apple.pushes.splice(0).length, (await passOf(await phone.latest())).voided]).toEqual([1, true]);
	}
});

test('thirty days after the Summit a pass says nothing of anybody', async () => {
	const pass = await passOf(await ask(applePass));
	const move = (days: number) =>
		db.owner.query(
			`update public.summits set starts_on = current_date - $2::int, ends_on = current_date - $2::int where id = $1`,
			[world.summit, days]
		);
	await move(29);
	expect((await passOf(await device(pass).latest())).voided).toBeUndefined();
	await move(32);
	expect((await passOf(await device(pass).latest())).voided).toBe(true);
});

test('what fails is tried again, and a device that Apple no longer knows is forgotten', async () => {
	const pass = await passOf(await ask(applePass));
	await ask(googlePass);
	await device(pass, 'phone1').add();
	await device(pass, 'phone2').add();
	await device(pass, 'phone3').add();
	apple.answers.set('phone1token0123456789', { status: 503, reason: 'ServiceUnavailable' });
	apple.answers.set('phone2token0123456789', { status: 410, reason: 'Unregistered' });
	google.state.status = 500;
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await update();
	expect(apple.pushes.length).toBe(3);
	const { rows } = await db.owner.query(
		`select device, due_at > now() + interval '4 minutes' as waits, tries from private.wallet_devices order by device`
	);
	expect(rows).toEqual([
		{ device: 'phone1', waits: true, tries: 1 },
		{ device: 'phone3', waits: null, tries: 0 }
	]);
	expect(await readValue(db.owner, 'select google_tries from private.wallet_passes')).toBe(1);
	apple.answers.clear();
	google.state.status = 404;
	await db.owner.query(`update private.wallet_devices set due_at = now() where due_at is not null`);
	await db.owner.query(`update private.wallet_passes set google_due_at = now()`);
	await update();
	expect(apple.pushes.length).toBe(4);
	expect(await readValue(db.owner, `select count(*)::int from private.wallet_devices where due_at is not null`)).toBe(
		0
	);
	expect(await readValue(db.owner, `select google_due_at from private.wallet_passes`)).toBeNull();
});

test('without a token of Google passes wait for the next try, and devices are told all the same', async () => {
	const pass = await passOf(await ask(applePass));
	await ask(googlePass);
	await device(pass).add();
	google.state.givesTokens = false;
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await expect(update()).rejects.toMatchObject({ code: 'GOOGLE_401' });
	expect([apple.pushes.length, google.changes.length]).toEqual([1, 0]);
	expect(await readValue(db.owner, 'select google_tries from private.wallet_passes')).toBe(1);
});

test('a push service that is away ends the round, and is tried again', async () => {
	const pass = await passOf(await ask(applePass));
	await device(pass).add();
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await updateWalletPasses(null, doorCode, { apple: { url: 'https://localhost:9' }, google: google.services });
	expect(await readValue(db.owner, 'select tries from private.wallet_devices')).toBe(1);
});

test('two workers tell each device once', async () => {
	const pass = await passOf(await ask(applePass));
	for (let number = 1; number <= 5; number += 1) await device(pass, `phone${number}`).add();
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await Promise.all([update(), update(), update(pass.serialNumber)]);
	await update();
	expect(apple.pushes.map(({ token }) => token).sort()).toEqual(
		[1, 2, 3, 4, 5].map((number) => `phone${number}token0123456789`)
	);
});

test('a badge that is no pass wakes nobody, and one that is does', async () => {
	const woken: (string | undefined)[] = [];
	const listener = db.app;
	listener.on('notification', ({ payload }) => woken.push(payload));
	await listener.query('listen live_events');
	const pass = await passOf(await ask(applePass));
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await callAs(db.owner, world.people.delegate, 'public.replace_badge($1)', [world.registrations.delegate]);
	await vi.waitFor(() => expect(woken.join()).toContain(pass.serialNumber));
	expect(woken.filter((payload) => payload?.includes('"wallet"'))).toHaveLength(1);
});
