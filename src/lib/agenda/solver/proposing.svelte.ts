import { deserialize } from '$app/forms';
import { postAction } from '#lib/forms/post-action.ts';
import { href } from '#lib/i18n/locale.ts';
import type { Change } from '../builder/builder.ts';
import type { ApplyAnswer } from './apply.ts';
import type { PlaceReasons, Why } from './explain.ts';
import type { FromSolver, ToSolver } from './messages.ts';
import type { ProposedPlace, ScheduleFacts, ScheduleOptions } from './problem.ts';
import type { SessionProposal } from './proposal.ts';
import type { Progress } from './search.ts';
import SolverWorker from './worker.ts?worker';

/** A proposal on a page: it reads the draft, searches in a worker, and keeps what was found and asked. */
export class Proposing {
	facts = $state.raw<ScheduleFacts | null>(null);
	progress = $state.raw<{ progress: Progress; total: number } | null>(null);
	proposed = $state.raw<readonly SessionProposal[] | null>(null);
	isRunning = $state(false);
	failed = $state(false);
	/** Why sessions are where they are, as far as it was asked. */
	whys = $state.raw<Readonly<Record<string, Why | null>>>({});
	/** The answer to the last question about another place, of each session. */
	whyNots = $state.raw<Readonly<Record<string, PlaceReasons | null>>>({});
	/** What was said to the last attempt to apply; null: none. */
	answer = $state.raw<ApplyAnswer | null>(null);
	#worker: Worker | null = null;
	#reading: AbortController | null = null;

	/** Reads the draft and searches; what was found before is dropped. */
	async run(base: string, options: ScheduleOptions, seed: number): Promise<void> {
		this.end();
		Object.assign(this, { proposed: null, progress: null, whys: {}, whyNots: {}, answer: null });
		this.failed = false;
		this.isRunning = true;
		const reading = (this.#reading = new AbortController());
		try {
			const response = await fetch(href(`${base}/propose/facts`), { signal: reading.signal });
			if (!response.ok) throw new Error(String(response.status));
			this.facts = (await response.json()) as ScheduleFacts;
		} catch {
			if (reading.signal.aborted) return;
			this.isRunning = false;
			this.failed = true;
			return;
		}
		const worker = new SolverWorker();
		this.#worker = worker;
		worker.addEventListener('message', ({ data }: MessageEvent<FromSolver>) => this.#hear(data));
		worker.addEventListener('error', () => {
			this.isRunning = false;
			this.failed = true;
		});
		this.#ask({ kind: 'start', facts: this.facts, options, seed });
	}

	/** Ends the search: the best so far is the proposal. Before it has begun there is none. */
	stop(): void {
		if (this.#worker) this.#ask({ kind: 'stop' });
		else this.end();
	}

	askWhy(session: string): void {
		if (!(session in this.whys)) this.#ask({ kind: 'why', session });
	}

	askWhyNot(session: string, place: Pick<ProposedPlace, 'start' | 'room'>): void {
		this.#ask({ kind: 'why_not', session, place });
	}

	/** Saves changes in the draft, all or none. With new conflicts only once they are accepted. */
	async apply(changes: readonly Change[], accepted = false): Promise<ApplyAnswer> {
		const body = new FormData();
		body.set('changes', JSON.stringify(changes));
		if (accepted) body.set('accepted', 'yes');
		this.answer = await send(body);
		return this.answer;
	}

	/** Ends the worker, or what is read for it. */
	end(): void {
		this.#reading?.abort();
		this.#worker?.terminate();
		this.#worker = null;
		this.isRunning = false;
	}

	#ask(words: ToSolver): void {
		this.#worker?.postMessage(words);
	}

	#hear(words: FromSolver): void {
		if (words.kind === 'progress') this.progress = words;
		else if (words.kind === 'why') this.whys = { ...this.whys, [words.session]: words.why };
		else if (words.kind === 'why_not') this.whyNots = { ...this.whyNots, [words.session]: words.reasons };
		else {
			this.proposed = words.proposed;
			this.isRunning = false;
		}
	}
}

async function send(body: FormData): Promise<ApplyAnswer> {
	try {
		const response = await postAction('?/apply', body);
		const result = deserialize<{ answer: ApplyAnswer }, { answer: ApplyAnswer }>(await response.text());
		if ((result.type === 'success' || result.type === 'failure') && result.data) return result.data.answer;
		return { status: result.type === 'redirect' ? 'not_allowed' : 'lost' };
	} catch {
		return { status: 'lost' };
	}
}
