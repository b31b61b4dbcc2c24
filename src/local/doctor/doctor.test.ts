import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTls } from 'node:https';
import { createServer as createTcp } from 'node:net';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startMail, type InboxMail } from '../mail.ts';
import { freePort } from '../processes.ts';
import { temporaryFolder } from '../temporary-folders.ts';
import { makeWalletKeys } from '../../../tests/fixtures/wallet-keys.ts';
import { ok, type Check, type Context } from './check.ts';
import { backups } from './checks/backups.ts';
import { clamd, disks } from './checks/files.ts';
import { keys, push, sms, wallets } from './checks/keys.ts';
import { mailDomain, smtp } from './checks/mail.ts';
import { certificate, clocks, health, names, webhooks } from './checks/site.ts';
import { supabase } from './checks/supabase.ts';
import { allChecks } from './doctor.ts';
import { asText, runChecks } from './report.ts';

const folder = temporaryFolder('doctor');
afterAll(() => rmSync(folder, { recursive: true }));

type Records = Record<string, unknown>;

/** A name server that knows these records, by type and name. */
function dnsWith(records: Records): Context['dns'] {
	const find = (type: string) => async (name: string) => {
		const found = records[`${type} ${name}`];
		if (found === undefined) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
		return found as never;
	};
	return { resolve4: find('A'), resolve6: find('AAAA'), resolveTxt: find('TXT'), resolveMx: find('MX') };
}

const context = (env: Context['env'] = {}, given: Partial<Context> = {}): Context => ({
	env,
	origin: new URL('https://summit.example.org'),
	isLocal: false,
	dns: dnsWith({}),
	now: Date.now,
	...given
});

const servers: Server[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

async function serve(answer: RequestListener): Promise<URL> {
	const server = createServer(answer).listen(0, '127.0.0.1');
	servers.push(server);
	await new Promise((done) => server.once('listening', done));
	return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const levels = async (check: Check, given: Context) => (await check.run(given)).map(({ level }) => level);

describe('the report', () => {
	const hangs: Check = { name: 'hangs', limitMs: 50, run: () => new Promise(() => undefined) };
	const throws: Check = {
		name: 'throws',
		run: () => Promise.reject(Object.assign(new Error('with a pass-word in it'), { code: 'ECONNREFUSED' }))
	};
	const tells: Check = {
		name: 'tells',
		run: async () => [ok('goes to postgres://me:pass-word@host and sk_live_12345')]
	};

	test('has a line for what hangs and for what throws, in order', async () => {
		const lines = await runChecks([hangs, throws, { name: 'good', run: async () => [ok('fine')] }], context());
		expect(lines.map(({ check, level }) => [check, level])).toEqual([
			['hangs', 'fault'],
			['throws', 'fault'],
			['good', 'ok']
		]);
		expect(asText(lines)).toMatch(
			/^FAULT {4}hangs {3}no result within 0\.05 s\. .+\nFAULT {4}throws {2}could not be checked \(ECONNREFUSED\)\. .+\nok {7}good {4}fine\.\n\n2 faults, 0 warnings, 1 ok$/
		);
	});

	test('has no secret, whatever a check says', async () => {
		const env = { DATABASE_URL: 'postgres://me:pass-word@host/x', STRIPE_SECRET_KEY: 'sk_live_12345' };
		const [line] = await runChecks([tells], context(env));
		expect(line?.found).toBe('goes to postgres://me:…@host and …');
	});

	test('names each check once', () => {
		expect(new Set(allChecks.map(({ name }) => name)).size).toBe(allChecks.length);
	});
});

test('a name without an address is a fault', async () => {
	const env = { LIVEKIT_URL: 'wss://live.summit.example.org' };
	const dns = dnsWith({ 'A summit.example.org': ['203.0.113.7'], 'AAAA summit.example.org': ['2001:db8::7'] });
	const found = await names.run(context(env, { dns }));
	expect(found.map(({ level, found: words }) => [level, words])).toEqual([
		['ok', 'summit.example.org leads to 203.0.113.7, 2001:db8::7'],
		['fault', 'live.summit.example.org has no address']
	]);
});

describe('a certificate', () => {
	const key = join(folder, 'key.pem');
	const cert = join(folder, 'cert.pem');
	let server: ReturnType<typeof createTls>;
	let origin: URL;
	beforeAll(async () => {
		const subject = ['-subj', '/O=Made for a test/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
		execFileSync(
			'openssl',
			[
				'req',
				'-x509',
				'-newkey',
				'ec',
				'-pkeyopt',
				'ec_paramgen_curve:prime256v1',
				'-nodes',
				'-days',
				'30',
				'-keyout',
				key,
				'-out',
				cert,
				...subject
			],
			{ stdio: 'ignore' }
		);
		server = createTls({ key: readFileSync(key), cert: readFileSync(cert) }).listen(0, '127.0.0.1');
		await new Promise((done) => server.once('listening', done));
		origin = new URL(`https://localhost:${(server.address() as AddressInfo).port}`);
	});
	afterAll(() => server.close());

	test('that nobody trusts is a fault', async () => {
		expect(await certificate.run(context({}, { origin }))).toMatchObject([
			{ level: 'fault', found: 'localhost: not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)' }
		]);
	});

	test('that is trusted has its days, and a warning when there are few', async () => {
		const ca = readFileSync(cert, 'utf8');
		const [good] = await certificate.run(context({}, { origin, ca }));
		expect([good?.level, good?.found]).toEqual(['ok', expect.stringMatching(/, (29|30) days, by Made for a test$/)]);
		const later = () => Date.now() + 26 * 86_400_000;
		expect(await levels(certificate, context({}, { origin, ca, now: later }))).toEqual(['warning']);
		const afterwards = () => Date.now() + 40 * 86_400_000;
		expect(await levels(certificate, context({}, { origin, ca, now: afterwards }))).toEqual(['fault']);
	});

	test('where nothing listens is a fault', async () => {
		const nowhere = new URL(`https://localhost:${await freePort()}`);
		expect(await levels(certificate, context({}, { origin: nowhere }))).toEqual(['fault']);
	});
});

describe('the site', () => {
	test('names the engines that are away', async () => {
		const engines = { postgres: { state: 'ready' }, livekit: { state: 'failed' }, scanner: { state: 'off' } };
		const origin = await serve(({ url }, response) => {
			response.writeHead(url === '/readyz' ? 503 : 200).end(JSON.stringify({ ready: false, engines }));
		});
		expect(await health.run(context({}, { origin }))).toMatchObject([{ level: 'fault', found: 'livekit is failed' }]);
	});

	test.each(['<h1>502 Bad Gateway</h1>', '{"ready":false,"engines":{}}', '{"ready":false}'])(
		'is at fault where it is not ready and does not say why: %s',
		async (text) => {
			const origin = await serve(
				({ url }, response) => void response.writeHead(url === '/readyz' ? 502 : 200).end(text)
			);
			expect(await health.run(context({}, { origin }))).toMatchObject([
				{ level: 'fault', found: '/readyz answers 502, and names no engine' }
			]);
		}
	);

	test('has webhooks that refuse what is not signed; anything else stands in front of the app', async () => {
		const env = { STRIPE_WEBHOOK_SECRET: 'whsec_x', LIVEKIT_API_KEY: 'key', MAIL_WEBHOOK_SECRET: 'a secret of mail' };
		const good = await serve(({ url }, response) => void response.writeHead(url?.endsWith('stripe') ? 400 : 401).end());
		expect(await levels(webhooks, context(env, { origin: good }))).toEqual(['ok', 'ok', 'ok']);
		const wall = await serve((_, response) => void response.writeHead(403).end());
		expect(await levels(webhooks, context(env, { origin: wall }))).toEqual(['fault', 'fault', 'fault']);
		expect(await levels(webhooks, context({}, { origin: wall }))).toEqual(['not asked', 'not asked', 'warning']);
	});

	test('shows a clock that is wrong', async () => {
		const origin = await serve(
			(_, response) => void response.setHeader('date', new Date(Date.now() - 60_000).toUTCString()).end()
		);
		expect(await clocks.run(context({}, { origin }))).toMatchObject([
			{ level: 'fault', found: expect.stringMatching(/^(58|59|60) s apart/) }
		]);
	});
});

test('Auth that lets people sign up is a fault, and keys that end are', async () => {
	const settings = { disable_signup: false, external: { email: true, phone: false } };
	const origin = await serve(({ url }, response) => {
		response.writeHead(200, { 'content-type': 'application/json' });
		response.end(JSON.stringify(url?.startsWith('/auth/v1/settings') ? settings : {}));
	});
	const ends = `x.${Buffer.from(JSON.stringify({ exp: Date.now() / 1000 + 86_400 })).toString('base64url')}.y`;
	const env = { SUPABASE_URL: origin.href, SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x', SUPABASE_SECRET_KEY: ends };
	const found = await supabase.run(context(env));
	expect(found.filter(({ level }) => level === 'fault').map((each) => each.found)).toEqual([
		'anybody may make an account at your Auth',
		expect.stringMatching(/^your Auth signs people in by itself \(e-mail\)/),
		expect.stringMatching(/^SUPABASE_SECRET_KEY ends in [01] days$/)
	]);
});

describe('mail', () => {
	test('signs in without sending, and sends one mail where it is asked to', async () => {
		const file = join(folder, 'mail.json');
		const inbox = await startMail({ smtpPort: await freePort(), webPort: await freePort(), file });
		const subjects = () =>
			existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as InboxMail[]).map(({ subject }) => subject) : [];
		try {
			const env = { SMTP_URL: inbox.smtpUrl, MAIL_FROM: 'Summit <summit@example.org>' };
			expect(await levels(smtp, context(env))).toEqual(['ok']);
			expect(await levels(smtp, context(env, { sendTo: 'me@example.org' }))).toEqual(['ok', 'ok']);
			await expect.poll(subjects, { timeout: 5000 }).toEqual(['npm run doctor']);
		} finally {
			await inbox.stop();
		}
		const env = { SMTP_URL: `smtp://127.0.0.1:${await freePort()}` };
		expect(await smtp.run(context(env))).toMatchObject([
			{ level: 'fault', found: expect.stringMatching(/ESOCKET|ECONN/) }
		]);
	});

	const env = {
		MAIL_FROM: 'Summit <summit@example.org>',
		MAIL_BOUNCES: 'bounces@bounces.example.org',
		DKIM_SELECTOR: 'one'
	};
	const good = {
		'TXT example.org': [['v=spf1 include:mail.example', '.net -all'], ['something=else']],
		'TXT one._domainkey.example.org': [['v=DKIM1; k=rsa; p=MIIB']],
		'TXT _dmarc.example.org': [['v=DMARC1; p=quarantine']],
		'MX bounces.example.org': [{ exchange: 'mx.example.net', priority: 10 }]
	};

	test('is believed with SPF, DKIM, DMARC and MX', async () => {
		expect(await levels(mailDomain, context(env, { dns: dnsWith(good) }))).toEqual(['ok', 'ok', 'ok', 'ok']);
	});

	test.each([
		['TXT example.org', [['v=spf1 +all']], 'warning'],
		['TXT example.org', [['v=spf1 -all'], ['v=spf1 ~all']], 'fault'],
		['TXT one._domainkey.example.org', [['v=DKIM1; p=']], 'fault'],
		['TXT _dmarc.example.org', [['v=DMARC1; p=none']], 'warning'],
		['TXT _dmarc.example.org', undefined, 'fault'],
		['MX bounces.example.org', undefined, 'warning']
	])('%s as %j: %s', async (name, record, level) => {
		const found = await levels(mailDomain, context(env, { dns: dnsWith({ ...good, [name]: record }) }));
		expect(found.filter((each) => each !== 'ok')).toEqual([level]);
	});

	test('without a selector DKIM is not known', async () => {
		const found = await mailDomain.run(context({ ...env, DKIM_SELECTOR: undefined }, { dns: dnsWith(good) }));
		expect(found.filter(({ level }) => level === 'warning').map(({ found: words }) => words)).toEqual([
			'DKIM was not looked up'
		]);
	});
});

test('a scanner must find the test file', async () => {
	let verdict = 'stream: Eicar-Test-Signature FOUND\0';
	const scanner = createTcp({ allowHalfOpen: true }, (socket) => {
		socket.on('error', () => undefined);
		socket.on('data', (bytes) => {
			if (bytes.includes('zPING')) socket.end('PONG\0');
			else if (bytes.includes(Buffer.alloc(4))) socket.end(verdict);
		});
	}).listen(0, '127.0.0.1');
	await new Promise((done) => scanner.once('listening', done));
	const env = { CLAMD_URL: `tcp://127.0.0.1:${(scanner.address() as AddressInfo).port}` };
	expect(await levels(clamd, context(env))).toEqual(['ok']);
	verdict = 'stream: OK\0';
	expect(await levels(clamd, context(env))).toEqual(['fault']);
	scanner.close();
	expect(await levels(clamd, context({ CLAMD_URL: `tcp://127.0.0.1:${await freePort()}` }))).toEqual(['fault']);
	expect(await levels(clamd, context())).toEqual(['warning']);
});

test('a folder that is not there is a fault', async () => {
	const found = await disks.run(context({ DATA_DIR: folder, FILES_DIR: join(folder, 'nowhere') }));
	expect(found[0]?.found).toMatch(/^DATA_DIR: [\d.]+ GB free, \d+ %$/);
	expect(found[1]).toMatchObject({ level: 'fault', found: expect.stringContaining('not writable (ENOENT)') });
});

test('backups are as old as the last whole one', async () => {
	const place = join(folder, 'backups');
	const env = { BACKUP_TO: place, BACKUP_RECIPIENTS: 'age1x' };
	const at = (name: string) => mkdirSync(join(place, name), { recursive: true });
	at('2026-11-30T03-00-00Z');
	expect(await levels(backups, context(env))).toEqual(['fault']);
	writeFileSync(join(place, '2026-11-30T03-00-00Z/backup.json'), '{}');
	at('2026-12-01T03-00-00Z');
	const seen = async (now: string) => (await backups.run(context(env, { now: () => Date.parse(now) })))[0];
	expect(await seen('2026-11-30T20:00:00Z')).toEqual({ level: 'ok', found: 'the last one is 17 hours old' });
	expect(await seen('2026-12-01T12:00:00Z')).toMatchObject({ level: 'warning', found: 'the last one is 33 hours old' });
	expect(await seen('2026-12-04T12:00:00Z')).toMatchObject({ level: 'fault', found: 'the last one is 4 days old' });
	const rarely = { ...env, BACKUP_OLD_AFTER: '100' };
	expect(await backups.run(context(rarely, { now: () => Date.parse('2026-12-04T03:00:00Z') }))).toMatchObject([
		{ level: 'ok', found: 'the last one is 4 days old' }
	]);
	expect(await levels(backups, context())).toEqual(['fault']);
});

test('a place of backups that cannot be read is another fault than one without backups', async () => {
	const bucket = await serve((_, response) => void response.writeHead(403).end());
	const s3 = {
		BACKUP_S3_KEY: 'key',
		BACKUP_S3_SECRET: 'secret',
		BACKUP_S3_REGION: 'eu',
		BACKUP_S3_ENDPOINT: bucket.origin
	};
	for (const BACKUP_TO of [join(folder, 'nowhere'), 's3://summit/backups'])
		expect(await backups.run(context({ ...s3, BACKUP_TO, BACKUP_RECIPIENTS: 'age1x' }))).toMatchObject([
			{ level: 'fault', found: expect.stringMatching(/^BACKUP_TO cannot be read: \S/) }
		]);
});

test('keys that nothing can replace are named where they are missing', async () => {
	expect(await levels(keys, context({ SEALING_KEY: 'k1:x', BADGE_KEY: 'x' }))).toEqual(['ok']);
	expect(await keys.run(context({ SEALING_KEY: 'k1:x', BADGE_KEY: '' }))).toMatchObject([
		{ level: 'fault', found: 'BADGE_KEY is missing' }
	]);
});

test('keys of push and text messages are looked at, and nothing is sent', async () => {
	expect(await levels(push, context({ PUSH_KEY: Buffer.alloc(32, 7).toString('base64url') }))).toEqual(['ok']);
	expect(await levels(push, context({ PUSH_KEY: Buffer.alloc(32).toString('base64url') }))).toEqual(['fault']);
	const asked: (string | undefined)[] = [];
	const origin = await serve(({ method }, response) => {
		asked.push(method);
		response.writeHead(405).end();
	});
	expect(await levels(sms, context({ SMS_URL: origin.href, SMS_BODY: '{"to":"{to}","text":"{text}"}' }))).toEqual([
		'ok'
	]);
	expect(asked).toEqual(['HEAD']);
	expect(await levels(sms, context({ SMS_URL: origin.href, SMS_BODY: 'hello' }))).toEqual(['fault']);
});

describe('wallet passes', () => {
	const made = makeWalletKeys();

	test('are not asked for without keys', async () => {
		expect(await levels(wallets, context())).toEqual(['not asked']);
	});

	test('have the days of their certificate, and a warning when there are few', async () => {
		const inDays = (days: number) =>
			context({ ...made.apple, ...made.google }, { now: () => Date.now() + days * 86_400_000 });
		expect(await levels(wallets, inDays(-10))).toEqual(['ok', 'ok']);
		expect(await levels(wallets, inDays(5))).toEqual(['warning', 'ok']);
		expect(await levels(wallets, inDays(40))).toEqual(['fault', 'ok']);
	});

	test('with the identifiers of another certificate, or another key, are a fault', async () => {
		const other = { ...made.apple, WALLET_APPLE_TEAM: 'ZZZZZ99999' };
		const [, found] = await wallets.run(context(other));
		expect(found).toMatchObject({ level: 'fault', found: expect.stringMatching(/team ABCDE12345$/) });
		const { WALLET_APPLE_KEY } = makeWalletKeys().apple;
		expect(await levels(wallets, context({ ...made.apple, WALLET_APPLE_KEY }))).toEqual(['fault']);
	});
});
