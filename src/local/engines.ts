/* The engines of our own, one function each: starts it, notes its state, and gives the variables that lead to it. */
import { join } from 'node:path';
import { untilServing } from './app.ts';
import { isLoopback, type Environment } from './environment.ts';
import { startLiveKit } from './livekit.ts';
import { freePort, startProcess, type ChildProcessHandle } from './processes.ts';
import type { Secrets } from './secrets.ts';
import type { StateFile } from './state.ts';
import type { Stops } from './stops.ts';
import type { LiteSettings } from './supabase.ts';
import { supervise } from './supervise.ts';

/** What every engine is given. */
export interface Parts {
	env: NodeJS.ProcessEnv;
	environment: Environment;
	secrets: Secrets;
	state: StateFile;
	dataFolder: string;
	runFolder: string;
	say: (line: string) => void;
	onStop: Stops['add'];
}

type Variables = Record<string, string>;

// Stand-ins are imported where they are started: the image has none of them, nor their packages.

/** Auth and REST over the local database. */
export async function localSupabase(
	{ environment, secrets, runFolder, onStop, state, say }: Parts,
	databaseUrl: string
): Promise<Variables> {
	const settings: LiteSettings = {
		port: await freePort(),
		databaseUrl,
		siteUrl: environment.origin,
		jwtSecret: secrets.jwtSecret,
		publishableKey: secrets.publishableKey,
		secretKey: secrets.secretKey
	};
	const address = `http://127.0.0.1:${settings.port}`;
	const module = join(import.meta.dirname, 'supabase.ts');
	// Its driver ends the process when a connection breaks at the wrong moment; a new one takes a fraction of a second.
	const supervised = supervise({
		start: () =>
			startProcess('supabase', process.execPath, ['--max-old-space-size=512', module], {
				env: {
					PATH: process.env.PATH,
					HOME: process.env.HOME,
					LITE: JSON.stringify(settings),
					TZ: 'UTC',
					// lite hashes a random password for each new user, in JavaScript and all at once when a venue signs in. None of them opens
					// anything, as nobody can sign in by password: the least cost is enough.
					LITE_AUTH_BCRYPT_COST: '4'
				},
				runFolder,
				onLine: (line) => say(`supabase: ${line}`)
			}),
		ready: (started) => untilAsking(address, secrets.publishableKey, started),
		onState: (next, detail) => state.set('supabase', next, detail)
	});
	onStop('supabase', () => supervised.stop());
	await supervised.ready;
	return {
		SUPABASE_URL: address,
		SUPABASE_PUBLISHABLE_KEY: secrets.publishableKey,
		SUPABASE_SECRET_KEY: secrets.secretKey,
		SUPABASE_JWT_SECRET: secrets.jwtSecret
	};
}

// Its first question to the database reads the whole schema, and fails when others come in between: the site is not shown
// before one has been answered.
function untilAsking(address: string, key: string, started: ChildProcessHandle): Promise<void> {
	const init = { method: 'POST', headers: { apikey: key, 'content-type': 'application/json' }, body: '{}' };
	return untilServing(`${address}/rest/v1/rpc/current_summit`, started, 30_000, init, (answer) => answer.ok);
}

/** The stand-in for Stripe. */
export async function localStripe({ environment, secrets, dataFolder, state, onStop }: Parts): Promise<Variables> {
	const { startStripe } = await import('./stripe.ts');
	const stripe = await startStripe({
		port: await freePort(),
		webhook: webhook(environment, 'stripe'),
		apiKey: secrets.stripeKey,
		webhookSecret: secrets.stripeWebhookSecret,
		file: join(dataFolder, 'stripe.json')
	});
	onStop('stripe', stripe.stop);
	state.set('stripe', 'ready', 'stand-in');
	return {
		STRIPE_SECRET_KEY: secrets.stripeKey,
		STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
		STRIPE_API_URL: stripe.address
	};
}

/** The inbox. */
export async function localMail({ env, dataFolder, state, onStop }: Parts): Promise<Variables> {
	const { startMail } = await import('./mail.ts');
	const mail = await startMail({
		smtpPort: await freePort(),
		webPort: await freePort(),
		file: join(dataFolder, 'mail.json')
	});
	onStop('mail', mail.stop);
	state.set('mail', 'ready', 'local inbox');
	return {
		SMTP_URL: mail.smtpUrl,
		MAIL_FROM: env.MAIL_FROM || 'Global Summit <summit@localhost>',
		LOCAL_INBOX_URL: mail.address
	};
}

/** LiveKit, in the background: the site does not wait for it. */
export async function localLiveKit({
	env,
	environment,
	secrets,
	runFolder,
	state,
	say,
	onStop
}: Parts): Promise<Variables> {
	if (!isLoopback(new URL(environment.origin).hostname)) {
		state.set('livekit', 'off', 'LIVEKIT_URL is not set, and a local LiveKit reaches only this machine.');
		return {};
	}
	const ports = { http: await freePort(), tcp: await freePort(), udp: await freePort(), turn: await freePort() };
	void startLiveKit({
		ports,
		apiKey: secrets.livekitKey,
		apiSecret: secrets.livekitSecret,
		webhook: webhook(environment, 'livekit'),
		env,
		runFolder,
		state,
		say,
		onStop: (stop) => onStop('livekit', stop)
	});
	return {
		LIVEKIT_URL: `ws://127.0.0.1:${ports.http}`,
		LIVEKIT_API_KEY: secrets.livekitKey,
		LIVEKIT_API_SECRET: secrets.livekitSecret
	};
}

/** Speakers of the sample who send picture and sound, in a process of its own; a machine that cannot run them goes without. */
export function sampleBroadcast({ runFolder, onStop }: Parts, variables: Variables): void {
	const module = join(import.meta.dirname, 'sample/broadcast/run.ts');
	const supervised = supervise({
		start: () =>
			startProcess('sample-broadcast', process.execPath, [module], {
				env: { PATH: process.env.PATH, HOME: process.env.HOME, ...variables },
				runFolder
			}),
		ready: () => Promise.resolve(),
		onState: () => undefined
	});
	onStop('broadcast', () => supervised.stop());
	supervised.ready.catch(() => undefined);
}

// By the port itself: ORIGIN may name a host that only a browser on this machine knows.
function webhook({ host, port }: Environment, name: string): string {
	return `http://${host === '::1' ? '[::1]' : isLoopback(host) ? host : '127.0.0.1'}:${port}/webhooks/${name}`;
}
