import { randomBytes } from 'node:crypto';
import pino from 'pino';

/** The process's log: one JSON line each, never a name, an address or what somebody typed. */
export const log = pino({
	level: process.env['LOG_LEVEL'] ?? 'info',
	base: undefined,
	timestamp: pino.stdTimeFunctions.isoTime
});

/** A short reference that a reader can tell us and that stands in the log. */
export function referenceFor(): string {
	return randomBytes(4).toString('hex');
}

/** Of an error only what cannot hold a person's words: its kind, a code and where it happened. */
export function factsOf(thrown: unknown): Record<string, unknown> {
	if (!(thrown instanceof Error)) return { kind: typeof thrown };
	const code = 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
	return {
		kind: thrown.name,
		code,
		at: thrown.stack
			?.split('\n')
			.filter((line) => line.trimStart().startsWith('at '))
			.slice(0, 8)
	};
}
