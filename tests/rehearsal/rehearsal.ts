/* What a rehearsal works with, and what it finds: checks that passed or not, figures, and the times of pages. */
import type pg from 'pg';
import { percentile } from '../bench/report.ts';
import { send, type Answer } from '../bench/requests.ts';
import type { Session } from '../fixtures/sessions.ts';
import type { TestPerson } from '../fixtures/world.ts';
import type { Target } from './target.ts';

/** Something that must hold. `advice`: what to do when it does not. */
export interface Check {
	act: string;
	what: string;
	found: string;
	wanted: string;
	isPassed: boolean;
	advice: string;
}

/** A measured value without a limit. */
export interface Measure {
	act: string;
	what: string;
	value: string;
}

/** How long the requests of one kind took, in milliseconds, and how many of them failed. */
export interface PageTimes {
	page: string;
	times: number[];
	failures: number;
	/** Many ask at the same moment, or a process was killed: slow and failed requests are part of the act. */
	isExtreme?: boolean;
}

/** One act: when it ran, in milliseconds since 1970, and the share of the processors that the deployment used; null where it is not known. */
export interface ActRecord {
	name: string;
	title: string;
	began: number;
	ended: number;
	processors: number | null;
	/** Why it did not run. */
	skipped?: string;
}

/** The people who run the Summit. */
export type StaffRole = 'programme' | 'registration' | 'stage' | 'door';

/** The Summit that is rehearsed. */
export interface RehearsedSummit {
	id: string;
	slug: string;
	/** Mail addresses of everybody end with it. */
	domain: string;
	members: string[];
	seats: number;
	staff: Record<StaffRole, Session & TestPerson>;
	speaker: Session & TestPerson;
	interpreter: Session & TestPerson;
	plenary: { id: string; code: string };
	delegates: Session[];
}

/** What a rehearsal is made with. */
interface RehearsalMeans {
	target: Target;
	client: pg.Client;
	summit: RehearsedSummit;
	minutes: number;
	say: (line: string) => void;
}

/** A rehearsal that goes on. */
export class Rehearsal {
	readonly target: Target;
	readonly client: pg.Client;
	readonly summit: RehearsedSummit;
	readonly #minutes: number;
	readonly #say: (line: string) => void;
	readonly checks: Check[] = [];
	readonly measures: Measure[] = [];
	readonly acts: ActRecord[] = [];
	readonly pages = new Map<string, PageTimes>();
	#act = '';

	/** `minutes`: how long the whole takes at most, but for what takes as long as it takes. */
	constructor(means: RehearsalMeans) {
		({ target: this.target, client: this.client, summit: this.summit, minutes: this.#minutes, say: this.#say } = means);
	}

	/** Milliseconds of a part of the whole. */
	share(part: number): number {
		return this.#minutes * 60_000 * part;
	}

	/** Runs one act. An act that throws is a check that failed; the next one runs all the same. */
	async run(name: string, title: string, work: () => Promise<string | undefined>): Promise<void> {
		this.#act = name;
		const began = Date.now();
		const spent = this.target.countProcessors?.();
		let skipped: string | undefined;
		this.#say(`${title}…`);
		try {
			skipped = await work();
		} catch (error) {
			const reason = error instanceof Error ? error.message : String(error);
			this.check('went through to its end', false, reason, 'no error', 'Look at the log of the app at this time.');
		}
		const ended = Date.now();
		const processors = spent === undefined ? null : spent() / (ended - began) / this.target.processors;
		this.acts.push({ name, title, began, ended, processors, ...(skipped !== undefined && { skipped }) });
		const failed = this.checks.filter((each) => each.act === name && !each.isPassed).length;
		this.#say(
			`  ${skipped ?? (failed ? `${failed} did not pass` : 'passed')} (${Math.round((ended - began) / 1000)} s)`
		);
	}

	check(what: string, isPassed: boolean, found: string | number, wanted: string | number, advice: string): void {
		this.checks.push({ act: this.#act, what, found: String(found), wanted: String(wanted), isPassed, advice });
	}

	measure(what: string, value: string | number): void {
		this.measures.push({ act: this.#act, what, value: String(value) });
	}

	/** Asks for a page or sends a form, and notes how long it took; `page` names its kind. A request without an answer has the status 0. */
	async visit(
		page: string,
		path: string,
		cookie = '',
		form?: Record<string, string>,
		isExtreme = false
	): Promise<Answer> {
		const began = performance.now();
		const answer = await send(new URL(path, this.target.origin), cookie, form).catch((): Answer => ({
			status: 0,
			location: '',
			body: ''
		}));
		this.note(page, performance.now() - began, answer.status > 0 && answer.status < 500, isExtreme);
		return answer;
	}

	/** Notes the time of a request. */
	note(page: string, took: number, isAnswered: boolean, isExtreme = false): void {
		const kept = this.pages.get(page) ?? { page, times: [], failures: 0, isExtreme };
		this.pages.set(page, kept);
		if (isAnswered) kept.times.push(took);
		else kept.failures += 1;
	}
}

/** "p50 12 ms, p95 40 ms". */
export const spread = (times: number[], ms: (value: number) => string): string =>
	times.length === 0 ? 'none' : `p50 ${ms(percentile(times, 0.5))}, p95 ${ms(percentile(times, 0.95))}`;

/** Runs the work for each item, so many at once. */
export async function atOnce<T>(
	items: readonly T[],
	most: number,
	work: (item: T, n: number) => Promise<void>
): Promise<void> {
	let next = 0;
	await Promise.all(
		Array.from({ length: Math.min(most, items.length) }, async () => {
			for (let n = next++; n < items.length; n = next++) await work(items[n] as T, n);
		})
	);
}

/** Waits until the answer is true, at most so many milliseconds. Whether it was. */
export async function until(isTrue: () => boolean | Promise<boolean>, most: number, every = 250): Promise<boolean> {
	const deadline = performance.now() + most;
	for (;;) {
		if (await isTrue()) return true;
		if (performance.now() > deadline) return false;
		await new Promise((done) => setTimeout(done, every));
	}
}
