import type { BadgeRefusal } from '#lib/door/badge.ts';

/** What the door says to a badge. */
export type DoorAnswer =
	| 'welcome'
	| 'already_in'
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
	| 'not_allowed';

/** The answer with what the person at the door may know. */
export interface DoorVerdict {
	answer: DoorAnswer;
	displayName: string | null;
	noPhotographs: boolean;
	/** When they came in already, ISO. */
	since: string | null;
}

/** What somebody typed or scanned: the signed text of the code, or the letters under it. */
export type DoorCode = { kind: 'letters'; letters: string } | { kind: 'signed'; text: string };

const refusals: Record<BadgeRefusal, DoorAnswer> = {
	unreadable: 'unreadable',
	unknown_key: 'forged',
	forged: 'forged',
	other_summit: 'other_summit',
	no_door: 'wrong_mode',
	other_day: 'other_day'
};

/** Tells letters from a scanned code; scanners that type add a line end or spaces. */
export function readDoorCode(typed: string): DoorCode {
	const letters = typed.replace(/[\s-]/g, '').toUpperCase();
	return /^[A-HJKMNP-TV-Z2-9]{12}$/.test(letters)
		? { kind: 'letters', letters }
		: { kind: 'signed', text: typed.trim() };
}

/** The answer to a code whose signature or rights are not in order. It names nobody. */
export function refusalOf(refusal: BadgeRefusal): DoorVerdict {
	return { answer: refusals[refusal], displayName: null, noPhotographs: false, since: null };
}

/** How an answer is shown: let in, look again, or stop. */
export function toneOf(answer: DoorAnswer): 'good' | 'look' | 'bad' {
	if (answer === 'welcome') return 'good';
	return answer === 'already_in' || answer === 'unreadable' ? 'look' : 'bad';
}

/** The day of a Summit that a date ("2027-06-09") is, counted from 0; undefined outside of it. */
export function dayOfSummit(today: string, startsOn: string, endsOn: string): number | undefined {
	if (today < startsOn || today > endsOn) return undefined;
	return Math.round((Date.parse(today) - Date.parse(startsOn)) / 86_400_000);
}
