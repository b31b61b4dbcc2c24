/* Faults of a process on their way to the database: counted, and written at a bounded rate, however many there are. */
import { createHash } from 'node:crypto';
import type { FaultFacts, FaultOrigin } from '../facts.ts';
import { makeReference } from '../reference.ts';

/** A fault that happened. */
export interface NotedFault extends FaultFacts {
	origin: FaultOrigin;
	/** The pattern of the route. */
	route: string;
	release: string;
	/** The id of the trace, where the request is traced. */
	trace: string | null;
}

/** A fault under one reference, as `private.record_faults` takes it. */
export interface RecordedFault extends NotedFault {
	reference: string;
	fingerprint: string;
	first_at: string;
	last_at: string;
	/** How often since it was last written. */
	times: number;
}

/** The same fault has one reference for so long. Milliseconds. */
const oneReferenceFor = 60_000;
/** So many references a minute are recorded; later ones are only in the log. */
const mostNew = { server: 60, browser: 20 };
/** So many wait while the database is away. */
const mostWaiting = 500;

/** Names a fault by its place in the code of this version. */
function fingerprintOf({ origin, route, kind, code, words, stack, release }: NotedFault): string {
	const place = JSON.stringify([origin, route, kind, code, words, stack.slice(0, 3), release]);
	return createHash('sha256').update(place).digest('hex').slice(0, 32);
}

/** Gives faults their references, and keeps what is to be written. */
export class FaultRecorder {
	readonly #open = new Map<string, { reference: string; until: number }>();
	readonly #waiting = new Map<string, RecordedFault>();
	#minute = { ends: 0, server: 0, browser: 0 };

	/** Notes a fault and answers its reference; `given`: that of a browser, which has shown it already. */
	note(fault: NotedFault, now: number, given?: string): string {
		const fingerprint = fingerprintOf(fault);
		const open = given === undefined ? this.#open.get(fingerprint) : undefined;
		const reference = given ?? (open && open.until > now ? open.reference : makeReference());
		const at = new Date(now).toISOString();
		const known = this.#waiting.get(reference);
		if (known) {
			if (known.fingerprint === fingerprint)
				this.#waiting.set(reference, { ...known, last_at: at, times: known.times + 1 });
			return reference;
		}
		const isNew = reference !== open?.reference;
		if ((isNew && !this.#takesNew(fault.origin, now)) || this.#waiting.size >= mostWaiting) return reference;
		if (isNew && given === undefined) this.#remember(fingerprint, reference, now);
		this.#waiting.set(reference, { ...fault, reference, fingerprint, first_at: at, last_at: at, times: 1 });
		return reference;
	}

	#takesNew(origin: FaultOrigin, now: number): boolean {
		if (now >= this.#minute.ends) this.#minute = { ends: now + 60_000, server: 0, browser: 0 };
		this.#minute[origin] += 1;
		return this.#minute[origin] <= mostNew[origin];
	}

	#remember(fingerprint: string, reference: string, now: number): void {
		for (const [key, { until }] of this.#open) if (until <= now) this.#open.delete(key);
		this.#open.set(fingerprint, { reference, until: now + oneReferenceFor });
	}

	/** Takes what is to be written, a hundred at most. */
	take(): RecordedFault[] {
		const taken = [...this.#waiting.values()].slice(0, 100);
		for (const { reference } of taken) this.#waiting.delete(reference);
		return taken;
	}

	/** Takes back what could not be written. */
	putBack(faults: readonly RecordedFault[]): void {
		for (const fault of faults) {
			const later = this.#waiting.get(fault.reference);
			if (!later && this.#waiting.size >= mostWaiting) continue;
			this.#waiting.set(fault.reference, {
				...fault,
				last_at: later?.last_at ?? fault.last_at,
				times: fault.times + (later?.times ?? 0)
			});
		}
	}
}
