import { m } from '#lib/i18n/messages.ts';
import { error as refuse } from '@sveltejs/kit';

const malformed = new Set(['22P02', '22P03', '22P05', '22003', '22007', '22008', '22021']);

/**
 * Answers 400 to an error of the request rather than of the server: an invalid value of a type (an id that is no UUID, a number or date
 * out of range, half a surrogate pair). `code` is the SQLSTATE.
 */
export function refuseMalformed(code: string): void {
	if (malformed.has(code)) refuse(400, m.ui_form_wrong());
}
