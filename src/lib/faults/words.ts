/* Faults in words, for the help desk. */
import type { Fault } from '#lib/database/answers/faults.ts';
import { joinLabel } from '#lib/i18n/list.ts';
import { m } from '#lib/i18n/messages.ts';

export type { Fault };

/** What to tell a person who was shown a reference. */
export function adviceFor({ origin, route }: Pick<Fault, 'origin' | 'route'>): string {
	if (/\/\(stage\)\/|\/live\b/.test(route)) return m.faults_tell_stage();
	if (/\/(?:orders|pay|paid|checkout|invoices)\b/.test(route)) return m.faults_tell_payment();
	return origin === 'browser' ? m.faults_tell_browser() : m.faults_tell_failed();
}

/** What happened. */
export const whatHappened = ({ origin }: Pick<Fault, 'origin'>): string =>
	origin === 'browser' ? m.faults_in_browser() : m.faults_on_server();

/** The page of a fault: the pattern of its address. */
export const faultyPage = (route: string): string =>
	route === 'none' ? m.faults_outside() : route.replace(/\/\([a-z]+\)/g, '') || '/';

/** Kind, code and message, as they are in the code. */
export function errorOf({ kind, code, words }: Pick<Fault, 'kind' | 'code' | 'words'>): string {
	const name = code === null ? kind : `${kind} ${code}`;
	return words === null ? name : joinLabel(name, words);
}
