import { describe, expect, test } from 'vitest';
import { addressHeader, isLoopback, readEnvironment } from './environment.ts';

const sealing = `k1:${Buffer.alloc(32, 7).toString('base64')}`;
const badge = `b1:${Buffer.alloc(48, 7).toString('base64')}`;
const hosted = {
	ORIGIN: 'https://summit.example.org',
	ADDRESS_HEADER: 'X-Forwarded-For',
	HOST: '0.0.0.0',
	SUPABASE_URL: 'https://abc.supabase.co',
	SUPABASE_PUBLISHABLE_KEY: 'sb_publishable_x',
	SUPABASE_SECRET_KEY: 'sb_secret_x',
	DATABASE_URL: 'postgres://postgres:word@db.abc.supabase.co:5432/postgres?sslmode=verify-full',
	DATA_DATABASE_URL: 'postgres://data_path:word@db.abc.supabase.co:5432/postgres?sslmode=verify-full',
	SEALING_KEY: sealing,
	BADGE_KEY: badge,
	STRIPE_SECRET_KEY: 'sk_live_x',
	STRIPE_WEBHOOK_SECRET: 'whsec_x',
	SMTP_URL: 'smtps://user:word@smtp.example.org:465',
	MAIL_FROM: 'Summit <summit@example.org>',
	LIVEKIT_URL: 'wss://project.livekit.cloud',
	LIVEKIT_API_KEY: 'key',
	LIVEKIT_API_SECRET: 'secret'
};

describe('with nothing set', () => {
	test('runs every engine locally', () => {
		expect(readEnvironment({})).toEqual({
			port: 3000,
			host: '127.0.0.1',
			origin: 'http://localhost:3000',
			dataFolder: '.data',
			sample: true,
			broadcast: true,
			hosted: { supabase: false, stripe: false, livekit: false, mail: false },
			problems: []
		});
	});

	test('moves the origin with PORT, and ignores an empty variable', () => {
		const { port, origin, problems } = readEnvironment({ PORT: '4100', ORIGIN: '', SUPABASE_URL: '' });
		expect([port, origin, problems]).toEqual([4100, 'http://localhost:4100', []]);
	});
});

describe('hosted', () => {
	test('runs no local engine with a complete set', () => {
		const { hosted: engines, problems, origin } = readEnvironment(hosted);
		expect([engines, problems, origin]).toEqual([
			{ supabase: true, stripe: true, livekit: true, mail: true },
			[],
			'https://summit.example.org'
		]);
	});

	test('refuses headers for a collector that cannot be decoded', () => {
		const headers = (value: string) => readEnvironment({ ...hosted, OTEL_EXPORTER_OTLP_HEADERS: value }).problems;
		expect(headers('authorization=Bearer%20key')).toEqual([]);
		expect(headers('authorization=Bearer%20100%')).toEqual([
			'OTEL_EXPORTER_OTLP_HEADERS is not in its form: name=value, several by comma; values percent-encoded, so that a percent sign itself is %25.'
		]);
	});

	test('requires with an https ORIGIN how the proxy names its clients, or that there is none', () => {
		const problemsOf = (variables: Record<string, string>) => readEnvironment({ ...hosted, ...variables }).problems;
		expect(problemsOf({ ADDRESS_HEADER: '' })).toEqual([
			'ADDRESS_HEADER is missing: ORIGIN is https, so there is a proxy in front. Name the header in which it gives the address of the client, such as X-Forwarded-For, or set "none" where there is no proxy.'
		]);
		expect(problemsOf({ ADDRESS_HEADER: 'none' })).toEqual([]);
		expect(problemsOf({ XFF_DEPTH: '2' })).toEqual([]);
		expect(problemsOf({ XFF_DEPTH: '0' })).toEqual([
			'XFF_DEPTH is not in its form: how many proxies there are, 1 to 99.'
		]);
		expect(problemsOf({ ADDRESS_HEADER: 'CF-Connecting-IP', XFF_DEPTH: '2' })).toEqual([
			'XFF_DEPTH is set, and means nothing without ADDRESS_HEADER=X-Forwarded-For.'
		]);
		expect(['none', 'None', 'X-Real-IP', undefined].map((value) => addressHeader({ ADDRESS_HEADER: value }))).toEqual([
			'',
			'',
			'X-Real-IP',
			''
		]);
	});

	test('takes no site and no database that others could read on the way', () => {
		const problemsOf = (variables: Record<string, string>) => readEnvironment({ ...hosted, ...variables }).problems;
		expect(problemsOf({ ORIGIN: 'http://summit.example.org' })).toEqual([
			expect.stringMatching(/^ORIGIN is http:\/\/summit\.example\.org: others reach this site without encryption/)
		]);
		for (const name of ['DATABASE_URL', 'APP_DATABASE_URL', 'DATA_DATABASE_URL']) {
			const address = 'postgres://one:word@db.abc.supabase.co:5432/postgres';
			expect(problemsOf({ [name]: address })).toEqual([expect.stringMatching(`^${name} names no sslmode`)]);
			expect(problemsOf({ [name]: `${address}?sslmode=disable` })).toEqual([]);
			expect(problemsOf({ [name]: 'postgres://one:word@127.0.0.1:5432/postgres' })).toEqual([]);
		}
	});

	test('takes a new sealing key with the ones before it', () => {
		const older = `k0:${Buffer.alloc(32, 8).toString('base64')}`;
		expect(readEnvironment({ ...hosted, SEALING_KEY: `${sealing}, ${older}` }).problems).toEqual([]);
		expect(readEnvironment({ ...hosted, SEALING_KEY: `${sealing},` }).problems).toHaveLength(1);
	});

	test('archives no log of a hosted database, and says so', () => {
		expect(readEnvironment({ ...hosted, BACKUP_WAL: 'yes' }).problems).toEqual([
			expect.stringMatching(/^BACKUP_WAL is set, and archives the log of a local database alone/)
		]);
		// As the local stack passes its own database on.
		expect(readEnvironment({ ...hosted, BACKUP_WAL: 'yes', LOCAL_WAL: 'yes' }).problems).toEqual([]);
	});

	test.each([
		['SUPABASE_SECRET_KEY', 'SUPABASE_SECRET_KEY is missing: SUPABASE_URL is set, and needs it.'],
		['DATABASE_URL', 'DATABASE_URL is missing: SUPABASE_URL is set, and needs it.'],
		['SEALING_KEY', 'SEALING_KEY is missing: SUPABASE_URL is set, and needs it.'],
		['STRIPE_WEBHOOK_SECRET', 'STRIPE_WEBHOOK_SECRET is missing: STRIPE_SECRET_KEY is set, and needs it.'],
		['LIVEKIT_API_KEY', 'LIVEKIT_API_KEY is missing: LIVEKIT_URL is set, and needs it.'],
		['LIVEKIT_URL', 'LIVEKIT_URL is missing: LIVEKIT_API_KEY is set, and means nothing without it.'],
		['MAIL_FROM', 'MAIL_FROM is missing: SMTP_URL is set, and needs it.'],
		['SUPABASE_URL', 'SUPABASE_URL is missing: DATA_DATABASE_URL is set, and means nothing without it.'],
		['ORIGIN', 'ORIGIN is missing: HOST is 0.0.0.0, so others come by another address than http://localhost:3000.']
	])('without %s the start names it', (name, sentence) => {
		expect(readEnvironment({ ...hosted, [name]: undefined }).problems).toContain(sentence);
	});
});

describe('errors are named, and values never repeated', () => {
	test.each([
		['PORT', 'many'],
		['PORT', '70000'],
		['ORIGIN', 'summit.example.org'],
		['ORIGIN', 'https://summit.example.org/path'],
		['SUPABASE_URL', 'abc'],
		['DATABASE_URL', 'mysql://x'],
		['STRIPE_SECRET_KEY', 'pk_live_x'],
		['STRIPE_WEBHOOK_SECRET', 'hush'],
		['LIVEKIT_URL', 'https://project.livekit.cloud'],
		['SMTP_URL', 'smtp.example.org'],
		['SEALING_KEY', `k1:${Buffer.alloc(16).toString('base64')}`],
		['SEALING_KEY', Buffer.alloc(32).toString('base64')],
		['BADGE_KEY', 'b1:short'],
		['OWNER_EMAIL', 'nobody'],
		['DATA_DATABASE_URL', 'https://x'],
		['DATA_PATH', 'fast'],
		['SUPABASE_JWT_SECRET', 'short'],
		['DRAIN_SECONDS', 'long'],
		['SAMPLE', 'maybe']
	])('%s=%s', (name, value) => {
		const { problems } = readEnvironment({ ...hosted, [name]: value });
		expect(problems).toHaveLength(1);
		expect(problems[0]).toMatch(new RegExp(`^${name} is `));
		if (name.endsWith('KEY') || name.endsWith('SECRET')) expect(problems[0]).not.toContain(value);
	});
});

describe('local engines are for this machine only', () => {
	test('refuses an origin that others can reach, and names each local engine', () => {
		const { problems } = readEnvironment({ ORIGIN: 'https://summit.example.org', ADDRESS_HEADER: 'none' });
		expect(problems).toEqual([
			'ORIGIN is https://summit.example.org, which others can reach, but these engines are local ones, made for one machine only: Auth (SUPABASE_URL), Stripe (STRIPE_SECRET_KEY), mail (SMTP_URL). Set them, or leave ORIGIN out.'
		]);
	});

	test('refuses with one local engine', () => {
		const { problems } = readEnvironment({ ...hosted, SMTP_URL: undefined, MAIL_FROM: undefined });
		expect(problems).toEqual([
			'ORIGIN is https://summit.example.org, which others can reach, but these engines are local ones, made for one machine only: mail (SMTP_URL). Set them, or leave ORIGIN out.'
		]);
	});

	test('refuses a listener that others can reach', () => {
		expect(readEnvironment({ HOST: '0.0.0.0', ORIGIN: 'http://localhost:3000' }).problems).toHaveLength(1);
	});

	test.each(['localhost', '127.0.0.1', '127.8.9.1', '[::1]', 'summit.localhost'])('%s is this machine', (host) => {
		expect(isLoopback(host)).toBe(true);
	});

	test.each(['example.org', '10.0.0.1', '127.0.0.1.example.org', 'localhost.example.org', '0.0.0.0'])(
		'%s is not',
		(host) => {
			expect(isLoopback(host)).toBe(false);
		}
	);
});
