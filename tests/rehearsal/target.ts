/* The deployment that is rehearsed, and whether it may be. */
import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { isLoopback } from '../../src/local/environment.ts';
import { processesUnder, spentSince } from '../bench/processes.ts';

/** A deployment. */
export interface Target {
	origin: string;
	/** The variables of its server. */
	variables: Record<string, string>;
	/** Whether all of it runs on this machine, under `npm start`. */
	isLocal: boolean;
	/** How many processors it has, as far as it is known: those of this machine. */
	processors: number;
	/** Begins to count the processor time of all its processes; answers what tells the milliseconds since then. Only of a local one. */
	countProcessors?: () => () => number;
}

/** The process of an engine of a local deployment; undefined while it does not run. */
export function processOf(target: Target, engine: 'app' | 'livekit' | 'stack'): number | undefined {
	const file = join(target.variables.DATA_DIR ?? '', 'run', `${engine}.json`);
	if (!target.isLocal || !existsSync(file)) return undefined;
	return (JSON.parse(readFileSync(file, 'utf8')) as { pid: number }).pid;
}

/** The target with these variables; `origin` is the address where it is tried, its own by default. */
export function targetOf(variables: Record<string, string>, origin = variables.ORIGIN ?? ''): Target {
	const isLocal = Boolean(variables.LOCAL_STATE) && isLoopback(new URL(origin).hostname);
	const target: Target = { origin, variables, isLocal, processors: availableParallelism() };
	const stack = processOf(target, 'stack');
	if (stack === undefined) return target;
	const countProcessors = () => {
		const before = processesUnder(stack);
		return () => spentSince(stack, before);
	};
	return { ...target, countProcessors };
}

/** A Summit with registrations of real people. */
interface BusySummit {
	slug: string;
	registrations: number;
}

/** What variables a rehearsal needs that are not there. */
export const missingVariables = (variables: Record<string, string | undefined>): string[] =>
	[
		'ORIGIN',
		'DATABASE_URL',
		'APP_DATABASE_URL',
		'SUPABASE_URL',
		'SUPABASE_SECRET_KEY',
		'SUPABASE_PUBLISHABLE_KEY',
		'SEALING_KEY'
	].filter((name) => !variables[name]);

/**
 * The Summits that are open or live and have registrations of people: a rehearsal would make their site slow. The sample's people are
 * nobody's.
 */
export async function busySummits(client: pg.Client, variables: Record<string, string>): Promise<BusySummit[]> {
	if (variables.LOCAL_SAMPLE) return [];
	const { rows } = await client.query<BusySummit>(
		`select s.slug, count(*)::integer as registrations
		from public.summits as s
		join public.registrations as r on r.summit_id = s.id
		where s.state in ('open', 'live') and not s.is_rehearsal
		group by s.slug
		order by s.slug`
	);
	return rows;
}
