/* What the environment asks for: which engines are hosted, which run locally, and what is missing or wrong. Pure. */
import { readIssuers } from '#lib/accounts/issuers.ts';
import { archivesLog, backupForms } from '#lib/backup/settings.ts';
import { hasOtherAppleKey, walletForms, walletSets } from '#lib/badges/wallet-settings.ts';
import { cdnForms } from '#lib/live/cdn-settings.ts';
import { telemetryForms } from '#lib/live/telemetry-settings.ts';

/** One set of variables of a hosted engine, or undefined when we start our own. */
export interface Environment {
	port: number;
	host: string;
	origin: string;
	dataFolder: string;
	/** Whether a new data folder gets the sample Summit. */
	sample: boolean;
	/** Whether speakers of the sample send picture and sound. */
	broadcast: boolean;
	hosted: { supabase: boolean; stripe: boolean; livekit: boolean; mail: boolean };
	/** Each names a variable and says what to do. */
	problems: string[];
}

type Variables = Record<string, string | undefined>;

/** Reads and checks every variable that .env.example documents. */
export function readEnvironment(env: Variables): Environment {
	const problems: string[] = [];
	const port = Number(env.PORT || 3000);
	if (!Number.isInteger(port) || port < 1 || port > 65535)
		problems.push(`PORT is "${env.PORT}": give a port number, 1 to 65535.`);
	const origin = env.ORIGIN || `http://localhost:${port}`;
	const hosted = {
		supabase: Boolean(env.SUPABASE_URL),
		stripe: Boolean(env.STRIPE_SECRET_KEY),
		livekit: Boolean(env.LIVEKIT_URL),
		mail: Boolean(env.SMTP_URL)
	};
	if (!env.ORIGIN && env.HOST && !isLoopback(env.HOST)) {
		problems.push(`ORIGIN is missing: HOST is ${env.HOST}, so others come by another address than ${origin}.`);
	}
	problems.push(
		...missingBeside(env),
		...malformed(env),
		...exposed(env, origin, hosted),
		...unencrypted(env, origin),
		...unnamedClients(env, origin),
		...archiveProblems(env),
		...walletProblems(env),
		...readIssuers(env).problems
	);
	return {
		port,
		host: env.HOST || '127.0.0.1',
		origin: originOf(origin) ?? origin,
		dataFolder: env.DATA_DIR || '.data',
		sample: env.SAMPLE !== 'no',
		broadcast: env.SAMPLE_BROADCAST !== 'no',
		hosted,
		problems
	};
}

const together: Record<string, string[]> = {
	SUPABASE_URL: ['SUPABASE_PUBLISHABLE_KEY', 'SUPABASE_SECRET_KEY', 'DATABASE_URL', 'SEALING_KEY', 'BADGE_KEY'],
	STRIPE_SECRET_KEY: ['STRIPE_WEBHOOK_SECRET'],
	LIVEKIT_URL: ['LIVEKIT_API_KEY', 'LIVEKIT_API_SECRET'],
	SMTP_URL: ['MAIL_FROM']
};

// Half a set is a mistake either way: a key without its address would be ignored in silence.
function missingBeside(env: Variables): string[] {
	const problems: string[] = [];
	for (const [head, others] of Object.entries(together)) {
		for (const other of others) {
			if (env[head] && !env[other]) problems.push(`${other} is missing: ${head} is set, and needs it.`);
			const optional = ['SEALING_KEY', 'BADGE_KEY', 'MAIL_FROM'].includes(other);
			if (!env[head] && env[other] && !optional)
				problems.push(`${head} is missing: ${other} is set, and means nothing without it.`);
		}
	}
	if (env.APP_DATABASE_URL && !env.DATABASE_URL)
		problems.push('DATABASE_URL is missing: APP_DATABASE_URL is set, and needs it.');
	for (const name of ['DATA_DATABASE_URL', 'SUPABASE_JWT_SECRET'])
		if (env[name] && !env.SUPABASE_URL)
			problems.push(`SUPABASE_URL is missing: ${name} is set, and means nothing without it.`);
	return problems;
}

const seconds = { test: (value: string) => /^\d{1,3}$/.test(value), form: 'a number of seconds, 0 to 999' };
const yesOrNo = { test: (value: string) => value === 'yes' || value === 'no', form: 'yes or no' };

const forms: Record<string, { test: (value: string) => boolean; form: string }> = {
	ORIGIN: {
		test: (value) => originOf(value) === value.replace(/\/$/, ''),
		form: 'an address such as https://summit.example.org, without a path'
	},
	SUPABASE_URL: {
		test: (value) => hasProtocol(value, 'http:', 'https:'),
		form: 'an address such as https://abc.supabase.co'
	},
	DATABASE_URL: { test: isPostgres, form: 'postgres://user:password@host:5432/postgres (direct or session mode)' },
	APP_DATABASE_URL: { test: isPostgres, form: 'postgres://app_server:password@host:5432/postgres' },
	DATA_DATABASE_URL: {
		test: isPostgres,
		form: 'postgres://data_path:password@host:5432/postgres (direct or session mode)'
	},
	DATA_PATH: { test: (value) => value === 'rest', form: 'rest, or left out' },
	SUPABASE_JWT_SECRET: {
		test: (value) => value.length >= 32,
		form: 'the JWT secret of the project, 32 characters or more'
	},
	STRIPE_SECRET_KEY: { test: (value) => /^(sk|rk)_/.test(value), form: 'a secret key of Stripe, sk_… or rk_…' },
	STRIPE_WEBHOOK_SECRET: {
		test: (value) => value.startsWith('whsec_'),
		form: 'the signing secret of the webhook, whsec_…'
	},
	STRIPE_API_URL: { test: (value) => hasProtocol(value, 'http:', 'https:'), form: 'an address; only for tests' },
	LIVEKIT_URL: {
		test: (value) => hasProtocol(value, 'ws:', 'wss:'),
		form: 'an address such as wss://project.livekit.cloud'
	},
	SMTP_URL: { test: (value) => hasProtocol(value, 'smtp:', 'smtps:'), form: 'smtps://user:password@host:465' },
	MAIL_WEBHOOK_SECRET: { test: (value) => value.length >= 16, form: 'a secret of 16 characters or more' },
	MAIL_BOUNCES: { test: (value) => /^[^\s@+]+@[^\s@]+$/.test(value), form: 'one address without a plus' },
	SEALING_KEY: {
		test: (value) => value.split(',').every((key) => keyBytes(key.trim()) === 32),
		form: 'keyid:base64 of 32 random bytes, and older keys after it, separated by commas'
	},
	BADGE_KEY: { test: (value) => keyBytes(value) >= 48, form: 'keyid:base64 of an Ed25519 private key (pkcs8, DER)' },
	PUSH_KEY: {
		test: (value) => /^[A-Za-z0-9_-]{43}$/.test(value),
		form: 'a P-256 private key, 32 bytes in base64url (npx web-push generate-vapid-keys)'
	},
	CLAMD_URL: {
		test: (value) => /^tcp:\/\/(?:\[[0-9a-f:]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(value),
		form: 'tcp://host:3310, where clamd listens'
	},
	OWNER_EMAIL: { test: (value) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value), form: 'one e-mail address' },
	ADDRESS_HEADER: {
		test: (value) => /^[A-Za-z0-9-]{1,64}$/.test(value),
		form: 'the name of a header, such as X-Forwarded-For, or none'
	},
	XFF_DEPTH: { test: (value) => /^[1-9]\d?$/.test(value), form: 'how many proxies there are, 1 to 99' },
	DRAIN_SECONDS: seconds,
	SHUTDOWN_TIMEOUT: seconds,
	...backupForms,
	...telemetryForms,
	...cdnForms,
	...walletForms,
	SAMPLE: yesOrNo,
	SAMPLE_BROADCAST: yesOrNo,
	PASSKEYS_REQUIRED: yesOrNo
};

// The value itself is never repeated: most of these are secrets.
function malformed(env: Variables): string[] {
	return Object.entries(forms)
		.filter(([name, { test }]) => env[name] && !test(env[name] ?? ''))
		.map(([name, { form }]) => `${name} is not in its form: ${form}.`);
}

function exposed(env: Variables, origin: string, hosted: Environment['hosted']): string[] {
	const local = [
		!hosted.supabase && 'Auth (SUPABASE_URL)',
		!hosted.stripe && 'Stripe (STRIPE_SECRET_KEY)',
		!hosted.mail && 'mail (SMTP_URL)'
	].filter(Boolean);
	if (local.length === 0) return [];
	const engines = local.join(', ');
	if (originOf(origin) && !isLoopback(new URL(origin).hostname)) {
		return [
			`ORIGIN is ${origin}, which others can reach, but these engines are local ones, made for one machine only: ${engines}. Set them, or leave ORIGIN out.`
		];
	}
	if (env.HOST && !isLoopback(env.HOST)) {
		return [
			`HOST is ${env.HOST}, which others can reach, but these engines are local ones, made for one machine only: ${engines}. Set them, or leave HOST out.`
		];
	}
	return [];
}

// What others could read on the way.
function unencrypted(env: Variables, origin: string): string[] {
	const problems: string[] = [];
	if (hasProtocol(origin, 'http:') && !isLoopback(new URL(origin).hostname))
		problems.push(
			`ORIGIN is ${origin}: others reach this site without encryption, and their browsers take no passkey, camera or protected cookie. Put a proxy with a certificate in front, and give its https address.`
		);
	for (const name of ['DATABASE_URL', 'APP_DATABASE_URL', 'DATA_DATABASE_URL']) {
		const value = env[name] ?? '';
		if (!isPostgres(value)) continue;
		const { hostname, searchParams } = new URL(value);
		if (!isLoopback(hostname) && !searchParams.has('sslmode'))
			problems.push(
				`${name} names no sslmode: add ?sslmode=verify-full&sslrootcert=… with the certificate of the server, or ?sslmode=disable in a network of your own.`
			);
	}
	return problems;
}

// The log of a hosted database is with its host. The local stack gives its app the address of its own database as that of a hosted one.
function archiveProblems(env: Variables): string[] {
	if (env.BACKUP_WAL !== 'yes' || archivesLog(env)) return [];
	if (env.SUPABASE_URL)
		return [
			'BACKUP_WAL is set, and archives the log of a local database alone: leave it out beside SUPABASE_URL, and ask the host of the database for point-in-time recovery.'
		];
	if (process.platform === 'win32') return ['BACKUP_WAL is set, and does not work on Windows.'];
	return ['BACKUP_TO', 'BACKUP_RECIPIENTS']
		.filter((name) => !env[name])
		.map((name) => `${name} is missing: BACKUP_WAL is set, and needs it.`);
}

function walletProblems(env: Variables): string[] {
	const problems = walletSets(env).flatMap((set) => {
		const begun = Object.keys(set).find((name) => set[name]);
		const missing = begun === undefined ? [] : Object.keys(set).filter((name) => !set[name]);
		return missing.map((name) => `${name} is missing: ${begun} is set, and needs it.`);
	});
	if (env.WALLET_APPLE_PASSPHRASE && !env.WALLET_APPLE_KEY)
		problems.push('WALLET_APPLE_KEY is missing: WALLET_APPLE_PASSPHRASE is set, and means nothing without it.');
	if (hasOtherAppleKey(env))
		problems.push(
			'WALLET_APPLE_KEY does not open, or is not the RSA key of WALLET_APPLE_CERTIFICATE: give that one, and its passphrase in WALLET_APPLE_PASSPHRASE.'
		);
	return problems;
}

// Behind a proxy every request comes from the proxy: limits would then take all people for one.
function unnamedClients(env: Variables, origin: string): string[] {
	const problems: string[] = [];
	if (!env.ADDRESS_HEADER && hasProtocol(origin, 'https:')) {
		problems.push(
			'ADDRESS_HEADER is missing: ORIGIN is https, so there is a proxy in front. Name the header in which it gives the address of the client, such as X-Forwarded-For, or set "none" where there is no proxy.'
		);
	}
	if (env.XFF_DEPTH && env.ADDRESS_HEADER?.toLowerCase() !== 'x-forwarded-for') {
		problems.push('XFF_DEPTH is set, and means nothing without ADDRESS_HEADER=X-Forwarded-For.');
	}
	return problems;
}

/** The header in which a proxy names the client; empty when there is no proxy. */
export function addressHeader(env: Variables): string {
	return env.ADDRESS_HEADER?.toLowerCase() === 'none' ? '' : (env.ADDRESS_HEADER ?? '');
}

/** Whether a host name means this machine only. */
export function isLoopback(host: string): boolean {
	return (
		host === 'localhost' ||
		host.endsWith('.localhost') ||
		/^127(\.\d{1,3}){3}$/.test(host) ||
		host === '::1' ||
		host === '[::1]'
	);
}

function originOf(value: string): string | undefined {
	return hasProtocol(value, 'http:', 'https:') ? new URL(value).origin : undefined;
}

function hasProtocol(value: string, ...protocols: string[]): boolean {
	return URL.canParse(value) && protocols.includes(new URL(value).protocol);
}

function isPostgres(value: string): boolean {
	return hasProtocol(value, 'postgres:', 'postgresql:');
}

function keyBytes(value: string): number {
	const [, text] = /^[\w-]{1,32}:([A-Za-z0-9+/]+={0,2})$/.exec(value) ?? [];
	return text ? Buffer.from(text, 'base64').length : 0;
}
