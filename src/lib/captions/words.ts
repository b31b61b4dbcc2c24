import { m } from '#lib/i18n/messages.ts';

/** Why a line was refused, in a sentence; null when it was accepted. */
export function captionRefusal(status: string): string | null {
	if (status === 'ok') return null;
	const words: Record<string, () => string> = {
		not_live: m.captions_refused_not_live,
		too_often: m.captions_refused_too_often,
		not_at_this_level: m.captions_refused_level,
		invalid: m.captions_refused_invalid,
		lost: m.captions_refused_lost
	};
	return (words[status] ?? m.captions_refused_gone)();
}
