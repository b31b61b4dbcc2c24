/*
 * A venue signs in: 800 delegates behind one address within five minutes, through the pages and the mails. And a delegate behind an address
 * from which an attacker floods the sign-in.
 */
import { randomBytes } from 'node:crypto';
import type { TestSummit } from '../fixtures/summit.ts';
import { ms, percentile, print } from './report.ts';

const DELEGATES = 800;
/** All arrive within this time, one after the other. */
const ARRIVE_MS = 60_000;
const DEADLINE_MS = 5 * 60_000;
const BESIDE_FLOOD = 40;
const FLOOD_PER_SECOND = 50;

/** How long each step took, in milliseconds. */
interface SignIn {
	codeSent: number;
	mail: number;
	check: number;
	all: number;
}

/** Measures both, and counts what was refused. */
export async function measureSignIn(stack: TestSummit): Promise<void> {
	const tag = randomBytes(4).toString('hex');
	const crowd = await signInAll(stack, tag, DELEGATES, ARRIVE_MS);
	print(`${DELEGATES} delegates behind one address sign in`, figures(crowd, DELEGATES));
	const flood = startFlood(stack);
	// People with an account: their codes are sent before those to unknown addresses.
	const beside = await signInAll(stack, tag, BESIDE_FLOOD, 20_000);
	const sent = await flood.stop();
	print(`${BESIDE_FLOOD} of them sign in again, while their address floods ${FLOOD_PER_SECOND} posts a second`, [
		...figures(beside, BESIDE_FLOOD),
		{ what: 'answers to the flood', value: [...sent].map(([status, count]) => `${count} × ${status}`).join(', ') }
	]);
}

interface Crowd {
	done: SignIn[];
	failures: string[];
	took: number;
}

async function signInAll(stack: TestSummit, tag: string, people: number, arriveMs: number): Promise<Crowd> {
	const began = performance.now();
	const failures: string[] = [];
	const done: SignIn[] = [];
	await Promise.all(
		Array.from({ length: people }, async (_, n) => {
			await pause((n * arriveMs) / people);
			try {
				done.push(await signIn(stack, `delegate-${tag}-${n}@example.org`, began + DEADLINE_MS));
			} catch (error) {
				failures.push(error instanceof Error ? error.message : 'unknown');
			}
		})
	);
	return { done, failures, took: performance.now() - began };
}

function figures({ done, failures, took }: Crowd, people: number) {
	const steps = { codeSent: 'code asked for', mail: 'mail in the inbox', check: 'code to signed in', all: 'the whole' };
	return [
		{ what: 'signed in', value: `${done.length} of ${people} in ${ms(took)}`, aim: `${people} in 5 min` },
		...Object.entries(steps).map(([key, what]) => {
			const times = done.map((each) => each[key as keyof SignIn]);
			return { what, value: `p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}` };
		}),
		{ what: 'failed', value: failures.length === 0 ? 'none' : [...new Set(failures)].slice(0, 5).join('; ') }
	];
}

/** A browser as far as signing in needs one: its cookies, and pages in turn. */
async function signIn(stack: TestSummit, address: string, deadline: number): Promise<SignIn> {
	const cookies = new Map<string, string>();
	const seen = new Set((await mailsTo(stack, address)).map(({ text }) => text));
	const began = performance.now();
	await visit(stack, cookies, '/sign-in');
	const asked = performance.now();
	await visit(stack, cookies, '/sign-in?/ask', { address, next: '' });
	const sent = performance.now();
	const code = await codeFor(stack, address, seen, deadline);
	const arrived = performance.now();
	await visit(stack, cookies, '/sign-in');
	const typed = performance.now();
	await visit(stack, cookies, '/sign-in?/check', { code });
	const checked = performance.now();
	// A signed-out reader is redirected from it.
	await visit(stack, cookies, '/account');
	return { codeSent: sent - asked, mail: arrived - sent, check: checked - typed, all: performance.now() - began };
}

async function visit(
	stack: TestSummit,
	cookies: Map<string, string>,
	path: string,
	form?: Record<string, string>
): Promise<void> {
	const response = await fetch(new URL(path, stack.origin), {
		redirect: 'manual',
		headers: {
			accept: 'text/html',
			origin: stack.origin,
			cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
		},
		...(form && { method: 'POST', body: new URLSearchParams(form) }),
		signal: AbortSignal.timeout(60_000)
	});
	await response.arrayBuffer();
	if (response.status !== (form ? 303 : 200)) throw new Error(`${path} answered ${response.status}`);
	for (const line of response.headers.getSetCookie()) {
		const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
		if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
		else cookies.set(name, value);
	}
}

/** The mails of the local inbox for an address, newest first. */
async function mailsTo(stack: TestSummit, address: string): Promise<{ text: string }[]> {
	const inbox = new URL(`/messages?to=${encodeURIComponent(address)}`, stack.variables.LOCAL_INBOX_URL);
	return (await (await fetch(inbox)).json()) as { text: string }[];
}

/** The code of the next mail; the inbox drops its oldest mails under a flood, so earlier mails are recognised by their texts. */
async function codeFor(stack: TestSummit, address: string, seen: Set<string>, deadline: number): Promise<string> {
	while (performance.now() < deadline) {
		const fresh = (await mailsTo(stack, address)).find(({ text }) => !seen.has(text));
		const code = /\b(?:\d{8}|\d{4} \d{4} \d{4})\b/.exec(fresh?.text ?? '')?.[0];
		if (code) return code;
		await pause(500);
	}
	throw new Error('no mail within five minutes');
}

/** Requests codes for one new address after another, from the IP address of all the others. */
function startFlood(stack: TestSummit): { stop: () => Promise<Map<number, number>> } {
	const answers = new Map<number, number>();
	const open = new Set<Promise<void>>();
	const post = async (n: number) => {
		const response = await fetch(new URL('/sign-in?/ask', stack.origin), {
			method: 'POST',
			redirect: 'manual',
			headers: { origin: stack.origin, accept: 'text/html' },
			body: new URLSearchParams({ address: `flood-${n}@example.net`, next: '' })
		});
		await response.body?.cancel();
		answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
	};
	let n = 0;
	const timer = setInterval(() => {
		const sending = post(n++)
			.catch(() => undefined)
			.finally(() => open.delete(sending));
		open.add(sending);
	}, 1000 / FLOOD_PER_SECOND);
	return {
		async stop() {
			clearInterval(timer);
			await Promise.all(open);
			return answers;
		}
	};
}

const pause = (time: number) => new Promise((done) => setTimeout(done, time));
