/* The parts of the site that its status page tells of, and how they are. Pure. */
import type { PartDay } from '#lib/database/answers/status.ts';
import type { Database } from '#lib/database/types.ts';
import { noticeStateAt, type Notice } from './notices.ts';

export type SitePart = Database['private']['Domains']['site_part'];

/** In the order of the page. */
export const siteParts: readonly SitePart[] = ['site', 'sign_in', 'registration', 'stages', 'mail', 'payments'];

/** How a part is. `unknown`: nobody could look. */
export type PartState = 'good' | 'maintenance' | 'slow' | 'down' | 'unknown';

/** Each part that this site has. */
export type PartStates = Partial<Record<SitePart, PartState>>;

/** An engine as the checks of readiness see it. */
export interface ProbedEngine {
	state: 'starting' | 'building' | 'ready' | 'off' | 'failed';
}

/** A mail that is due waits no longer than this, in seconds. */
const mailWaitsAtMost = 600;

const works = (engine: ProbedEngine | undefined): boolean => engine?.state === 'ready' || engine?.state === 'off';

/** The parts, by the engines that they need and the age of the oldest mail that is due; null: nobody could read that. */
export function partsFrom(engines: Readonly<Record<string, ProbedEngine>>, oldestMail: number | null): PartStates {
	const { postgres, supabase, events, livekit, mail, stripe } = engines;
	const hasDatabase = works(postgres);
	const isMailLate = oldestMail !== null && oldestMail > mailWaitsAtMost;
	const needing = (engine: ProbedEngine | undefined, isSlow = false): PartState =>
		!hasDatabase || !works(engine) ? 'down' : isSlow ? 'slow' : 'good';
	return {
		site: hasDatabase ? (works(events) ? 'good' : 'slow') : 'down',
		// A code to sign in goes by mail.
		sign_in: needing(supabase, isMailLate),
		registration: needing(postgres),
		...(livekit?.state !== 'off' && { stages: needing(livekit) }),
		...(mail?.state !== 'off' && { mail: needing(mail, isMailLate) }),
		...(stripe?.state !== 'off' && { payments: needing(stripe) })
	};
}

const rank: Record<PartState, number> = { good: 0, unknown: 1, maintenance: 2, slow: 3, down: 4 };
const worse = (one: PartState, other: PartState): PartState => (rank[other] > rank[one] ? other : one);

const saidBy = { info: 'good', maintenance: 'maintenance', minor: 'slow', major: 'down' } as const;

/** The states as readers see them: what owners say of a part of the whole site counts beside what was measured, and not what is said of one Summit. */
export function statesWith(measured: PartStates, notices: readonly Notice[], now: number): PartStates {
	const holding = notices.filter((notice) => notice.summit_id === null && noticeStateAt(notice, now) === 'holds');
	return Object.fromEntries(
		siteParts.flatMap((part) => {
			const state = measured[part];
			if (state === undefined) return [];
			const said = holding.filter(({ parts }) => parts.includes(part)).map(({ severity }) => saidBy[severity]);
			return [[part, said.reduce(worse, state)]];
		})
	);
}

/** The worst of the states. */
export const overall = (states: PartStates): PartState => Object.values(states).reduce(worse, 'good');

/** The share of the minutes of these days in which a part worked; null where nothing was measured. */
export function availabilityOf(days: readonly PartDay[]): number | null {
	const good = days.reduce((sum, day) => sum + day.good, 0);
	const all = days.reduce((sum, day) => sum + day.good + day.bad, 0);
	return all === 0 ? null : good / all;
}
