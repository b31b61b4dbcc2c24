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
