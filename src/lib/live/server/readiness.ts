import { readFile } from 'node:fs/promises';
import { query } from '#lib/database/server/pool.ts';
import { eventListener } from './listener.ts';

/** An engine's state, as the local stack writes it. */
interface EngineReadiness {
	state: 'starting' | 'building' | 'ready' | 'off' | 'failed';
	detail?: string;
}

/** The states of all engines; `ready` when each used engine is available ("off" is off by choice). */
interface Readiness {
	ready: boolean;
	engines: Record<string, EngineReadiness>;
}

async function within(milliseconds: number, work: () => Promise<boolean>): Promise<EngineReadiness> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), milliseconds)));
	const answered = await Promise.race([work().catch(() => false), late]);
	clearTimeout(timer);
	return { state: answered ? 'ready' : 'failed' };
}

async function database(): Promise<EngineReadiness> {
	const [reads, writes] = await Promise.all([
		within(3000, async () => (await query('select 1 as one')).length === 1),
		within(3000, takesWrites)
	]);
	return reads.state === 'ready' && writes.state !== 'ready' ? { ...writes, detail: 'It takes no writes.' } : reads;
}

const stateOf = (probe: Probe): Promise<EngineReadiness> | EngineReadiness =>
	probe === null ? { state: 'off' } : within(3000, probe);

async function answers(url: string | undefined, path: string): Promise<boolean> {
	if (!url) return false;
	const response = await fetch(new URL(path, url.replace(/^ws/, 'http')), { signal: AbortSignal.timeout(2500) });
	await response.body?.cancel();
	return response.status < 500;
}

// Combines what the stack reports (such as that LiveKit is being built) with probes.
async function localStates(): Promise<Record<string, EngineReadiness>> {
	const file = process.env['LOCAL_STATE'];
	if (!file) return {};
	try {
		return JSON.parse(await readFile(file, 'utf8')) as Record<string, EngineReadiness>;
	} catch {
		return {};
	}
}

const writeIntervalMs = 5000;
let written: { at: number; answer: Promise<boolean> } | undefined;

// A real write, because a full disk still answers queries. It runs once in five seconds, however many ask.
function takesWrites(now = performance.now()): Promise<boolean> {
	if (!written || now - written.at >= writeIntervalMs)
		written = { at: now, answer: query('select private.probe_write()').then(() => true) };
	return written.answer;
}

/** An engine of one noun: how to probe it, or null when it is off by choice. */
type Probe = (() => Promise<boolean>) | null;

/**
 * Probes each engine, and those that others report. A local one that is not ready yet keeps the state from the stack.
 */
export async function readiness(others: Record<string, Probe> = {}): Promise<Readiness> {
	const env = process.env;
	const [local, rest, postgres, supabase, livekit] = await Promise.all([
		localStates(),
		Promise.all(Object.entries(others).map(async ([name, probe]) => [name, await stateOf(probe)] as const)),
		database(),
		within(3000, () => answers(env['SUPABASE_URL'], '/auth/v1/health')),
		within(3000, () => answers(env['LIVEKIT_URL'], '/'))
	]);
	const listening: EngineReadiness = { state: eventListener()?.connected() ? 'ready' : 'failed' };
	const set = (name: string): EngineReadiness => ({ state: env[name] ? 'ready' : 'off' });
	const asked: Record<string, EngineReadiness> = {
		postgres,
		events: listening,
		supabase,
		livekit: env['LIVEKIT_URL'] ? livekit : { state: 'off' },
		stripe: set('STRIPE_SECRET_KEY'),
		mail: set('SMTP_URL'),
		...Object.fromEntries(rest)
	};
	const engines = Object.fromEntries(
		Object.entries(asked).map(([name, state]) => [
			name,
			local[name] && local[name].state !== 'ready' ? local[name] : state
		])
	);
	return { ready: Object.values(engines).every(({ state }) => state === 'ready' || state === 'off'), engines };
}
