/* What a browser reports of a stage: counts alone, of nobody. Pure. */
import * as v from 'valibot';

/** What is watched: a stage, a workshop of a Summit, or the meeting of a group. */
export const roomKinds = ['stage', 'workshop', 'meeting'] as const;
export const roomModes = ['watching', 'speaking'] as const;

/** How an attempt to join ended. `refused` is no fault: who asked may not enter. */
export const joinOutcomes = ['ok', 'away', 'blocked', 'unsupported', 'refused'] as const;
export type JoinOutcome = (typeof joinOutcomes)[number];

/** How LiveKit and the browser rate a connection. */
export const connectionGrades = ['good', 'poor', 'lost'] as const;
export type ConnectionGrade = (typeof connectionGrades)[number];

const upTo = (most: number) => v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(most));
const counts = <Name extends string>(names: readonly Name[], most: number) =>
	v.strictObject(
		Object.fromEntries(names.map((name) => [name, v.optional(upTo(most), 0)])) as Record<
			Name,
			v.OptionalSchema<ReturnType<typeof upTo>, 0>
		>
	);

/** A report of about a minute. */
export const QualityReport = v.strictObject({
	/** The Summit of the stage; null for a meeting of a group. */
	summit: v.nullable(v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/))),
	kind: v.picklist(roomKinds),
	mode: v.picklist(roomModes),
	joins: counts(joinOutcomes, 20),
	/** Milliseconds from the press on the button to the first picture. */
	firstFrames: v.pipe(v.array(upTo(120_000)), v.maxLength(5)),
	reconnects: upTo(50),
	/** Seconds of each grade. */
	seconds: counts(connectionGrades, 300),
	/** Shares of packets that were lost, each over some seconds. */
	losses: v.pipe(v.array(v.pipe(v.number(), v.minValue(0), v.maxValue(1))), v.maxLength(10))
});
export type QualityReport = v.InferOutput<typeof QualityReport>;

type Tally = Pick<QualityReport, 'joins' | 'firstFrames' | 'reconnects' | 'seconds' | 'losses'>;

const empty = (): Tally => ({
	joins: { ok: 0, away: 0, blocked: 0, unsupported: 0, refused: 0 },
	firstFrames: [],
	reconnects: 0,
	seconds: { good: 0, poor: 0, lost: 0 },
	losses: []
});

/** The phases of a connection that tell how an attempt to join ended. */
const outcomeOf: Readonly<Record<string, JoinOutcome>> = {
	joined: 'ok',
	away: 'away',
	blocked: 'blocked',
	unsupported: 'unsupported',
	refused: 'refused'
};

/** Counts what happens to one connection. Times in milliseconds, of any clock. */
export class QualityTally {
	#tally = empty();
	#phase = 'idle';
	/** When an attempt began whose end is not known; null: there is none. */
	#asked: number | null = null;
	/** When the attempt began whose first picture is waited for. */
	#waits: number | null = null;
	#loss = { sum: 0, milliseconds: 0 };
	#graded = { good: 0, poor: 0, lost: 0 };

	/** The connection is in another phase. */
	enter(phase: string, now: number): void {
		const before = this.#phase;
		if (phase === before) return;
		this.#phase = phase;
		if (phase === 'joining') {
			this.#asked = now;
			this.#waits = now;
			return;
		}
		if (phase === 'mending' && before === 'joined') this.#tally.reconnects += 1;
		const outcome = outcomeOf[phase];
		if (this.#asked !== null && outcome) {
			this.#tally.joins[outcome] += 1;
			// One that failed goes on trying: that it joins in the end is not another attempt.
			this.#asked = null;
		}
		if (phase !== 'joined' && phase !== 'mending') this.#waits = null;
	}

	/** A picture is shown. */
	frame(now: number): void {
		if (this.#waits === null) return;
		const took = now - this.#waits;
		this.#waits = null;
		// Longer is somebody who waited for the session to begin.
		if (took <= 60_000 && this.#tally.firstFrames.length < 5) this.#tally.firstFrames.push(Math.round(took));
	}

	/** Nothing is on the stage that could be shown: what comes later says nothing about the connection. */
	stopWaiting(): void {
		this.#waits = null;
	}

	/** The connection was looked at. */
	sample(loss: number, grade: ConnectionGrade | null, milliseconds: number): void {
		this.#graded[grade ?? 'good'] += milliseconds;
		this.#loss = { sum: this.#loss.sum + loss * milliseconds, milliseconds: this.#loss.milliseconds + milliseconds };
		if (this.#loss.milliseconds < 10_000) return;
		if (this.#tally.losses.length < 10)
			this.#tally.losses.push(Number((this.#loss.sum / this.#loss.milliseconds).toFixed(4)));
		this.#loss = { sum: 0, milliseconds: 0 };
	}

	/** Takes what was counted; null when nothing was. */
	take(): Tally | null {
		for (const grade of connectionGrades) {
			const whole = Math.min(300, Math.floor(this.#graded[grade] / 1000));
			this.#tally.seconds[grade] = whole;
			this.#graded[grade] -= whole * 1000;
		}
		const taken = this.#tally;
		this.#tally = empty();
		const numbers = [...Object.values(taken.joins), ...Object.values(taken.seconds), taken.reconnects];
		return numbers.some((count) => count > 0) || taken.firstFrames.length > 0 || taken.losses.length > 0 ? taken : null;
	}
}
