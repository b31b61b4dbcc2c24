import type { UndoableAct } from '#lib/database/answers/organising.ts';
import { domains } from '#lib/database/types.ts';
import { isolated, text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';

export type { UndoableAct };

/** What came of undoing. */
export type Undone = (typeof domains.undo_status)[number];

/** What came of undoing, as an address says it after `undone=`; null: nothing was undone. */
export function undoneFrom(parameters: URLSearchParams): Undone | null {
	const given = parameters.get('undone');
	return domains.undo_status.find((status) => status === given) ?? null;
}

/** An address with what came of undoing, in place of what it said was done. */
export function undoneAddress(address: string, undone: Undone): string {
	const { pathname, searchParams } = new URL(address, 'http://here.invalid');
	searchParams.delete('done');
	searchParams.set('undone', undone);
	return `${pathname}?${searchParams}`;
}

/** "Page deleted: Venue" */
export function undoableWords({ act, subject }: Pick<UndoableAct, 'act' | 'subject'>): string {
	const words = m.organising_undo_act({ act });
	const name = typeof subject === 'string' ? subject : text(subject).text;
	return name ? m.organising_undo_named({ act: words, subject: isolated(name) }) : words;
}
