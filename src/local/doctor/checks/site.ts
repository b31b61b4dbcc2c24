/* The site from outside: its name, its certificate, and what it answers. */
import { connect } from 'node:tls';
import { isLoopback } from '../../environment.ts';
import { fault, notAsked, ok, reasonOf, warning, type Check, type Context, type Diagnosis } from '../check.ts';

const day = 86_400_000;
const hostOf = ({ hostname }: URL) => hostname.replace(/^\[|\]$/g, '');

/** What a name leads to; empty where it leads nowhere. */
async function addressesOf(dns: Context['dns'], host: string): Promise<string[]> {
	const found = await Promise.allSettled([dns.resolve4(host), dns.resolve6(host)]);
	return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

/** The names of the site and of LiveKit. */
export const names: Check = {
	name: 'dns',
	async run({ env, origin, dns }) {
		const livekit = URL.canParse(env['LIVEKIT_URL'] ?? '') ? [new URL(env['LIVEKIT_URL'] ?? '')] : [];
		const hosts = [...new Set([origin, ...livekit].map(hostOf))].filter((host) => !isLoopback(host));
		if (hosts.length === 0) return [notAsked(`${origin.host} is this machine`)];
		return Promise.all(
			hosts.map(async (host) => {
				const found = await addressesOf(dns, host);
				if (found.length > 0) return ok(`${host} leads to ${found.join(', ')}`);
				return fault(`${host} has no address`, 'Add an A record (and AAAA) at your name server.');
			})
		);
	}
};

/** A certificate, and why it is not trusted. */
interface Certificate {
	from: Date;
	until: Date;
	issuer: string;
	why: string | null;
}

/** The certificate that a server shows for a host, and whether it is trusted. */
function certificateOf(url: URL, ca: string | undefined): Promise<Certificate> {
	const host = hostOf(url);
	return new Promise((done, refuse) => {
		const socket = connect(
			{ host, port: Number(url.port || 443), servername: host, rejectUnauthorized: false, ca },
			() => {
				const { valid_from, valid_to, issuer } = socket.getPeerCertificate();
				const name = issuer?.O ?? issuer?.CN;
				done({
					from: new Date(valid_from),
					until: new Date(valid_to),
					issuer: String(name ?? 'nobody'),
					why: socket.authorized ? null : String(socket.authorizationError)
				});
				socket.destroy();
			}
		);
		socket.setTimeout(8000, () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' })));
		socket.once('error', refuse);
	});
}

async function certificateFinding(url: URL, { ca, now }: Context): Promise<Diagnosis> {
	try {
		const { from, until, issuer, why } = await certificateOf(url, ca);
		const days = Math.floor((until.getTime() - now()) / day);
		const words = `${hostOf(url)}: valid until ${until.toISOString().slice(0, 10)}, ${days} days, by ${issuer}`;
		if (days < 0 || why === 'CERT_HAS_EXPIRED')
			return fault(`${hostOf(url)}: expired`, 'Look at the log of the proxy: why does it get no new certificate?');
		if (why)
			return fault(
				`${hostOf(url)}: not trusted (${why})`,
				'Serve a certificate of a public authority, with its chain.'
			);
		// Proxies renew when a third of the time is left.
		if (until.getTime() - now() < (until.getTime() - from.getTime()) / 5)
			return warning(words, 'The proxy should have renewed it: look at its log, and whether port 80 is open.');
		return ok(words);
	} catch (error) {
		return fault(`${url.host} does not answer by TLS (${reasonOf(error)})`, 'Start the proxy, and open port 443.');
	}
}

export const certificate: Check = {
	name: 'certificate',
	async run(context) {
		const { env, origin } = context;
		const livekit = env['LIVEKIT_URL']?.startsWith('wss:') ? [new URL(env['LIVEKIT_URL'])] : [];
		const urls = [origin, ...livekit.filter(({ host }) => host !== origin.host)].filter(
			({ protocol }) => protocol === 'https:' || protocol === 'wss:'
		);
		if (urls.length === 0) return [notAsked(`${origin.href} is not https`)];
		return Promise.all(urls.map((url) => certificateFinding(url, context)));
	}
};

const ask = (url: URL, init: RequestInit = {}) =>
	fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(8000), ...init });

/** What browsers are told about encryption. */
export const https: Check = {
	name: 'https',
	async run({ origin }) {
		if (origin.protocol !== 'https:') return [notAsked(`${origin.href} is not https`)];
		const found: Diagnosis[] = [];
		const plain = new URL(origin);
		plain.protocol = 'http:';
		plain.port = '';
		try {
			const { status, headers } = await ask(plain);
			const leads = status >= 300 && status < 400 && headers.get('location')?.startsWith(origin.origin);
			found.push(
				leads ? ok('http leads to https') : fault(`http answers ${status}`, 'Let the proxy redirect port 80 to https.')
			);
		} catch (error) {
			found.push(
				warning(
					`http does not answer (${reasonOf(error)})`,
					'Open port 80: people type no https://, and certificates are renewed there.'
				)
			);
		}
		const { headers } = await ask(origin);
		const age = Number(/max-age=(\d+)/.exec(headers.get('strict-transport-security') ?? '')?.[1] ?? 0);
		found.push(
			age >= 15_552_000
				? ok(`browsers keep to https for ${Math.round(age / 86_400)} days`)
				: warning('no Strict-Transport-Security of half a year', 'Let the header of the app pass the proxy.')
		);
		return found;
	}
};

/** Whether the processes live, and every engine is there. */
export const health: Check = {
	name: 'health',
	async run({ origin }) {
		const living = await ask(new URL('/healthz', origin)).catch((error: unknown) => reasonOf(error));
		if (typeof living === 'string')
			return [fault(`${origin.href} does not answer (${living})`, 'Start the app; then the proxy in front of it.')];
		if (living.status !== 200)
			return [
				fault(`/healthz answers ${living.status}`, 'The proxy reaches no process of the app: look at their logs.')
			];
		const ready = await ask(new URL('/readyz', origin), { signal: AbortSignal.timeout(15_000) });
		const { engines = {} } = (await ready.json().catch(() => ({}))) as {
			engines?: Record<string, { state: string; detail?: string }>;
		};
		const away = Object.entries(engines).filter(([, { state }]) => state !== 'ready' && state !== 'off');
		if (ready.status === 200)
			return [ok(`ready, with ${Object.values(engines).filter(({ state }) => state === 'ready').length} engines`)];
		// A process that is ending names no engine, and a proxy's own page none either.
		if (away.length === 0)
			return [
				fault(
					`/readyz answers ${ready.status}, and names no engine`,
					'Ask again in a minute, as a process that ends answers so; then look at the logs of the proxy and of the app.'
				)
			];
		return away.map(([name, { state, detail }]) =>
			fault(`${name} is ${state}${detail ? ` (${detail})` : ''}`, 'Start it, and see below what is wrong with it.')
		);
	}
};

const hooks = [
	{ path: '/webhooks/stripe', refusal: 400, whose: 'Stripe', name: 'STRIPE_WEBHOOK_SECRET' },
	{ path: '/webhooks/livekit', refusal: 401, whose: 'LiveKit', name: 'LIVEKIT_API_KEY' },
	{ path: '/webhooks/mail', refusal: 401, whose: 'your mail provider', name: 'MAIL_WEBHOOK_SECRET' }
];

/** A request without a signature must be refused by the app itself, not by something in front of it. */
export const webhooks: Check = {
	name: 'webhooks',
	async run({ env, origin }) {
		return Promise.all(
			hooks.map(async ({ path, refusal, whose, name }) => {
				if (!env[name])
					return path === '/webhooks/mail'
						? warning(
								'bounces are not reported',
								'Set MAIL_WEBHOOK_SECRET, and let your mail provider report them (docs/operations.md).'
							)
						: notAsked(`${whose} is not set`);
				const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
				const answer = await ask(new URL(path, origin), init).catch((error: unknown) => reasonOf(error));
				if (typeof answer !== 'string' && answer.status === refusal)
					return ok(`${path} is reached, and refuses what is not signed`);
				const what = typeof answer === 'string' ? answer : `status ${answer.status}`;
				return fault(
					`${path} does not answer as the app does (${what})`,
					`Let ${whose} reach ORIGIN${path} through the proxy, without a challenge, cache or other path.`
				);
			})
		);
	}
};

/** The clock of this machine, beside those of the site and of the database (checks/database.ts). */
export const clocks: Check = {
	name: 'clock',
	async run({ origin, now }) {
		const began = now();
		const date = (await ask(new URL('/healthz', origin))).headers.get('date');
		if (!date) return [notAsked('the site sends no date')];
		// The header has whole seconds.
		const off = Math.max(0, Math.abs(Date.parse(date) + 500 - (began + now()) / 2) - 1500);
		if (off < 5000) return [ok('agrees with the site')];
		return [
			fault(
				`${Math.round(off / 1000)} s apart from the site`,
				'Let NTP set the clocks: codes, tokens and webhooks are refused when they differ.'
			)
		];
	}
};
