import type { BadgeRefusal } from '#lib/door/badge.ts';
import type { TextMap } from '#lib/i18n/locale.ts';

/** What the door says to a badge. */
export type DoorAnswer =
	| 'welcome'
	| 'left'
	| 'already_in'
	| 'full'
	| 'not_here'
	| 'not_open'
	| 'wrong_mode'
	| 'not_confirmed'
	| 'in_review'
	| 'revoked'
	| 'stop'
	| 'other_day'
	| 'other_summit'
	| 'forged'
	| 'unreadable'
	| 'unknown'
	| 'unlisted'
	| 'no_checkpoint'
	| 'no_network'
	| 'not_allowed';

/** Signs to act by, for those who are let in; never the file. */
export type DoorFlag = 'no_photographs' | 'escort' | 'interpreter_set' | 'access_need';

/** Which way somebody goes. */
export type DoorDirection = 'in' | 'out';

/** The answer with what the person at the door may know. */
export interface DoorVerdict {
	answer: DoorAnswer;
	displayName: string | null;
	flags: readonly DoorFlag[];
	/** When they came in already, ISO, and where. */
	since: string | null;
	where: TextMap | null;
	/** Where there is room, when it is full here. */
	elsewhere: { room?: TextMap; stream?: boolean } | null;
	/** The scan, as long as it can be undone. */
	scan: string | null;
}

/** What somebody typed or scanned: the signed text of the code, or the badge code under it. */
export type DoorCode = { kind: 'badge_code'; badge_code: string } | { kind: 'signed'; text: string };

const refusals: Record<BadgeRefusal, DoorAnswer> = {
	unreadable: 'unreadable',
	unknown_key: 'forged',
	forged: 'forged',
	other_summit: 'other_summit',
	no_door: 'wrong_mode',
	other_day: 'other_day'
};

/** How much of a code is looked at. A badge's has about 150 characters; certificates and visiting cards have thousands. */
export const longestCode = 400;

/** Tells a badge code from a scanned QR code; scanners that type add a line end or spaces. */
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

/** The answer to a code whose signature or rights are not in order. It names nobody. */
export function verdictOfRefusal(refusal: BadgeRefusal): DoorVerdict {
	return namelessVerdict(refusals[refusal]);
}

/** How an answer is shown: go through, look again, or stop. */
export function toneOf(answer: DoorAnswer): 'good' | 'look' | 'bad' {
	if (answer === 'welcome' || answer === 'left') return 'good';
	return ['already_in', 'unreadable', 'unlisted', 'full', 'not_open', 'no_network'].includes(answer) ? 'look' : 'bad';
}

/** Whether somebody went through: the scan then counts, and can be undone. */
export function isPassage(answer: string): boolean {
	return answer === 'welcome' || answer === 'left';
}

/** Whether somebody is inside, or outside, since: who is stopped on the way out has left all the same. */
export function changesPresence(answer: string, direction: DoorDirection): boolean {
	return isPassage(answer) || (answer === 'stop' && direction === 'out');
}

/** The day of a Summit that a date ("2027-06-09") is, counted from 0; undefined outside of it. */
export function dayOfSummit(today: string, startsOn: string, endsOn: string): number | undefined {
	if (today < startsOn || today > endsOn) return undefined;
	return Math.round((Date.parse(today) - Date.parse(startsOn)) / 86_400_000);
}
