import type { BadgeRefusal } from '#lib/door/badge.ts';
import type { TextMap } from '#lib/i18n/locale.ts';
import type { DoorAnswer, DoorFlag } from '#lib/database/answers/door/checkpoints.ts';

export type { DoorAnswer, DoorFlag } from '#lib/database/answers/door/checkpoints.ts';

/** The direction of a scan. */
export type DoorDirection = 'in' | 'out';

/** The answer with what door staff may know. */
export interface DoorVerdict {
	answer: DoorAnswer;
	displayName: string | null;
	flags: readonly DoorFlag[];
	/** When and where they checked in before, ISO. */
	since: string | null;
	where: TextMap | null;
	/** Where there is room, when this room is full. */
	elsewhere: { room?: TextMap; stream?: boolean } | null;
	/** The scan, while it can be undone. */
	scan: string | null;
}

/** What was typed or scanned: the signed text of the code, or the badge code under it. */
type DoorCode = { kind: 'badge_code'; badge_code: string } | { kind: 'signed'; text: string };

const refusals: Record<BadgeRefusal, DoorAnswer> = {
	unreadable: 'unreadable',
	unknown_key: 'forged',
	forged: 'forged',
	other_summit: 'other_summit',
	no_door: 'wrong_mode',
	other_day: 'other_day'
};

/** The longest accepted code. A badge's has about 150 characters; certificates and visiting cards have thousands. */
export const longestCode = 400;

/** Distinguishes a badge code from a scanned QR code; keyboard scanners add a line end or spaces. */
export function readDoorCode(typed: string): DoorCode {
	const badge_code = typed.replace(/[\s-]/g, '').toUpperCase();
	return /^[A-HJKMNP-TV-Z2-9]{12}$/.test(badge_code)
		? { kind: 'badge_code', badge_code }
		: { kind: 'signed', text: typed.trim() };
}

/** An answer that names nobody. */
export function namelessVerdict(answer: DoorAnswer): DoorVerdict {
	return { answer, displayName: null, flags: [], since: null, where: null, elsewhere: null, scan: null };
}

/** The answer to a code with an invalid signature or rights. It names nobody. */
export function verdictOfRefusal(refusal: BadgeRefusal): DoorVerdict {
	return namelessVerdict(refusals[refusal]);
}

/** How an answer is shown: go through, check, or stop. */
export function toneOf(answer: DoorAnswer): 'good' | 'look' | 'bad' {
	if (answer === 'welcome' || answer === 'left') return 'good';
	return ['already_in', 'unreadable', 'unlisted', 'full', 'not_open', 'no_network'].includes(answer) ? 'look' : 'bad';
}

/** Whether the person went through: the scan then counts, and can be undone. */
export function isPassage(answer: string): boolean {
	return answer === 'welcome' || answer === 'left';
}

/** Whether the answer changes who is inside: a person stopped on the way out has left all the same. */
export function changesPresence(answer: string, direction: DoorDirection): boolean {
	return isPassage(answer) || (answer === 'stop' && direction === 'out');
}

/** The number of the day of a Summit for a date ("2027-06-09"), counted from 0; undefined outside it. */
export function dayOfSummit(today: string, startsOn: string, endsOn: string): number | undefined {
	if (today < startsOn || today > endsOn) return undefined;
	return Math.round((Date.parse(today) - Date.parse(startsOn)) / 86_400_000);
}
