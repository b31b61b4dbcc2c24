import type { AnswerOf, StatusOf } from '#lib/database/calls.ts';
import { m } from '#lib/i18n/messages.ts';

/** What became of a line; `lost`: no answer came. */
export type CaptionStatus = StatusOf<AnswerOf<'write_caption' | 'correct_caption'>> | 'lost';

/** Why a line was refused, in a sentence; null when it was accepted. */
export function captionRefusal(status: CaptionStatus): string | null {
	const words: Record<CaptionStatus, () => string | null> = {
		ok: () => null,
		not_found: m.captions_refused_gone,
		not_live: m.captions_refused_not_live,
		too_often: m.captions_refused_too_often,
		invalid: m.captions_refused_invalid,
		lost: m.captions_refused_lost
	};
	return words[status]();
}
