import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import type { RefusalOf } from '#lib/database/calls.ts';
import type { AudioSelection, ListeningChoice } from './choosing.ts';
import type { Language } from './interpretation.ts';

/** A language in the reader's language; sign languages too, of which Intl knows few. */
export function boothName({ language, is_signed }: { language: string; is_signed: boolean }): string {
	const known = languageName(language);
	if (known !== language || !is_signed) return known;
	return language === 'ils' ? m.interpretation_ils() : `${m.interpretation_signed()} (${language})`;
}

/** Why the original is played instead of the chosen language; null while there is nothing to explain. */
export function audioSourceSentence({ source }: AudioSelection, { language }: ListeningChoice): string | null {
	if (language === null) return null;
	const words = { language: languageName(language) };
	if (source === 'silent') return m.interpretation_silent(words);
	if (source === 'vacant') return m.interpretation_vacant(words);
	return source === 'closed' ? m.interpretation_closed(words) : null;
}

/** The state of a booth, beside its name; '' while it is on air. */
export function boothNote({ identity, is_staffed }: Language): string {
	if (identity !== null) return '';
	return is_staffed ? m.interpretation_note_silent() : m.interpretation_note_vacant();
}

/** Why an act in a booth is refused. */
export type BoothRefusal = Exclude<
	RefusalOf<
		| 'take_booth'
		| 'offer_booth'
		| 'leave_booth'
		| 'send_booth_message'
		| 'put_on_air'
		| 'seat_in_booth'
		| 'save_booth'
		| 'close_booth'
	>,
	'already'
>;

/** Why an act in the booth was refused, in a sentence. */
export function boothRefusal(status: BoothRefusal): string {
	const words: Record<BoothRefusal, () => string> = {
		not_found: m.participation_refused_gone,
		busy: m.interpretation_refused_busy,
		on_stage: m.interpretation_refused_on_stage,
		invalid: m.interpretation_refused_invalid,
		too_often: m.interpretation_refused_too_often
	};
	return words[status]();
}
