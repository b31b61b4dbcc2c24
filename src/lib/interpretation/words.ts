import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import type { AudioSelection, ListeningChoice } from './choosing.ts';
import type { Language } from './interpretation.ts';

/** A language in the reader's language; sign languages too, of which Intl knows few. */
export function boothName({ language, is_signed }: { language: string; is_signed: boolean }): string {
	const known = languageName(language);
	if (known !== language || !is_signed) return known;
	return language === 'ils' ? m.interpretation_ils() : `${m.interpretation_signed()} (${language})`;
}

/** Why the original is played instead of the chosen language; null while there is nothing to explain. */
export function audioSourceSentence({ heard }: AudioSelection, { language }: ListeningChoice): string | null {
	if (language === null) return null;
	const words = { language: languageName(language) };
	if (heard === 'silent') return m.interpretation_silent(words);
	if (heard === 'vacant') return m.interpretation_vacant(words);
	return heard === 'closed' ? m.interpretation_closed(words) : null;
}

/** The state of a booth, beside its name; '' while it is on air. */
export function boothNote({ identity, is_staffed }: Language): string {
	if (identity !== null) return '';
	return is_staffed ? m.interpretation_note_silent() : m.interpretation_note_vacant();
}

/** Why an act in the booth was refused; '' for something that does not exist. */
export function boothRefusal(status: string): string {
	const words: Record<string, () => string> = {
		busy: m.interpretation_refused_busy,
		on_stage: m.interpretation_refused_on_stage,
		invalid: m.interpretation_refused_invalid,
		too_often: m.interpretation_refused_too_often
	};
	return words[status]?.() ?? '';
}
