import pino from 'pino';

/** The process's log: one JSON line each, never with a name, an address or a text that somebody typed. */
export const log = pino({
	level: process.env['LOG_LEVEL'] ?? 'info',
	base: undefined,
	timestamp: pino.stdTimeFunctions.isoTime
});

/** The parts of an error that cannot contain personal text: its kind, a code and where it happened. */
export function errorFacts(thrown: unknown): Record<string, unknown> {
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
