/* What this process knows of the status of the site. It goes on answering while the database is away, with what it last read. */
import type { SiteStatus } from '#lib/database/answers/status.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { LiveCache } from '#lib/live/server/live-cache.ts';
import { bannersOf, dismissedFrom, type Banner } from '../notices.ts';
import { partsFrom, statesWith, type ProbedEngine, type PartStates } from '../parts.ts';

const cache = new LiveCache<SiteStatus>({
	entries: 1,
	ttl: 30_000,
	cachesWithoutEvents: true,
	onEvent: ({ kind }, cache) => {
		if (kind === 'status') cache.clear();
	}
});

let last: SiteStatus = { notices: [], days: [] };

async function read(): Promise<SiteStatus> {
	const [row] = await callPrivate('read_status');
	return (last = row?.read_status ?? last);
}

const waitsMs = 1500;

/** What is known within `waits` milliseconds, else something else: nothing here waits for a database that hangs. */
export async function soonOr<Value, Other>(
	work: Promise<Value>,
	other: () => Other,
	waits = waitsMs
): Promise<Value | Other> {
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<Other>((resolve) => (timer = setTimeout(() => resolve(other()), waits)));
	const settled = await Promise.race([work.catch(() => other()), late]);
	clearTimeout(timer);
	return settled;
}

/** Notices and the days of each part; what was last read while the database does not answer. */
export const siteStatus = (waits?: number): Promise<SiteStatus> => soonOr(cache.get('', read), () => last, waits);

/** The banners on the pages of a Summit, without those that the reader dismissed; what was last read after `waits` milliseconds. */
export async function bannersFor(
	summit: string | null,
	dismissed: string | undefined,
	waits?: number
): Promise<Banner[]> {
	const { notices } = await siteStatus(waits);
	return bannersOf(notices, summit, dismissedFrom(dismissed), Date.now());
}

/** How the engines are, and the age of the oldest mail that is due; null: unknown. */
export interface Probes {
	engines: () => Promise<Readonly<Record<string, ProbedEngine>>>;
	oldestMail: () => Promise<number | null>;
}

let probes: Probes | null = null;

/** Sets how this process looks at its parts. */
export const setProbes = (given: Probes): void => void (probes = given);

interface Looked {
	at: number;
	parts: PartStates;
}

const freshMs = 15_000;
let looking: Promise<Looked> | undefined;
let begun = 0;

/** How the parts are, looked at once in 15 seconds, however many ask. Empty where nobody can look. */
export async function measuredParts(now = Date.now()): Promise<Looked> {
	if (!probes) return { at: now, parts: {} };
	const { engines, oldestMail } = probes;
	if (!looking || now - begun > freshMs) {
		begun = now;
		looking = Promise.all([engines(), soonOr(oldestMail(), () => null)]).then(([found, mail]) => ({
			at: now,
			parts: partsFrom(found, mail)
		}));
		// One that fails is asked again by the next.
		looking.catch(() => (looking = undefined));
	}
	return looking;
}

/** How the parts are, with what organisers say of them. */
export async function shownParts(now = Date.now()): Promise<Looked & { status: SiteStatus }> {
	const [measured, status] = await Promise.all([measuredParts(now), siteStatus()]);
	return { at: measured.at, parts: statesWith(measured.parts, status.notices, now), status };
}
