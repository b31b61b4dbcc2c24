import { m } from '#lib/i18n/messages.ts';
import { entrySentence } from '#lib/stage/words.ts';
import type { ShownAs } from './participation.ts';

/** Why an act was refused, in a sentence. */
export function refusalSentence(status: string): string {
	const sentences: Record<string, () => string> = {
		limited: m.take_refused_limited,
		closed: m.take_closed,
		over: m.take_refused_over,
		invalid: m.shell_form_wrong
	};
	return sentences[status]?.() ?? entrySentence(status) ?? m.take_refused_gone();
}

/** Under what a question may be shown, to choose from. */
export function shownAsOptions(names: readonly ShownAs[]): { value: ShownAs; label: string }[] {
	const words = { name: m.take_as_name, affiliation: m.take_as_affiliation, nobody: m.take_as_nobody };
	return names.map((value) => ({ value, label: words[value]() }));
}
