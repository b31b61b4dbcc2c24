/* What every check of `npm run doctor` has in common. */
import type { Resolver } from 'node:dns/promises';

/** A line of the report. A warning works and should be seen to; what was not asked is of no use here, or off by choice. */
export interface Diagnosis {
	level: 'ok' | 'warning' | 'fault' | 'not asked';
	/** What was found, in a sentence without a full stop. */
	found: string;
	/** What to do about it. */
	remedy?: string;
}

/** What a check is given. */
export interface Context {
	/** The variables of the deployment. */
	env: Record<string, string | undefined>;
	/** The site, as people reach it. */
	origin: URL;
	/** Whether the engines are those of `npm start`, on this machine alone. */
	isLocal: boolean;
	dns: Pick<Resolver, 'resolve4' | 'resolve6' | 'resolveTxt' | 'resolveMx'>;
	now: () => number;
	/** Certificates that are trusted beside those of the system, for tests. */
	ca?: string;
	/** The selector of the DKIM signature. */
	dkimSelector?: string;
	/** Where one mail is sent. */
	sendTo?: string;
}

/** One subject. It may throw: what it throws is a fault. */
export interface Check {
	name: string;
	/** Longer than it may ever take, in milliseconds. */
	limitMs?: number;
	run: (context: Context) => Promise<Diagnosis[]>;
}

export const ok = (found: string, _remedy?: string): Diagnosis => ({ level: 'ok', found });
export const notAsked = (found: string): Diagnosis => ({ level: 'not asked', found });
export const warning = (found: string, remedy: string): Diagnosis => ({ level: 'warning', found, remedy });
export const fault = (found: string, remedy: string): Diagnosis => ({ level: 'fault', found, remedy });

/** Why something failed, by its code where it has one: messages may hold what was sent. */
export function reasonOf(error: unknown): string {
	const { code, cause, name, responseCode } = (error ?? {}) as {
		code?: unknown;
		cause?: { code?: unknown };
		name?: unknown;
		responseCode?: unknown;
	};
	const known = [code, cause?.code].find((each) => typeof each === 'string');
	const number = typeof responseCode === 'number' ? ` ${responseCode}` : '';
	if (known) return `${known}${number}`;
	return name === 'TimeoutError' || name === 'AbortError' ? 'no answer in time' : 'no answer';
}
