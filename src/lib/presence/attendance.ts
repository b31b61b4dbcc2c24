import type { TextMap } from '#lib/i18n/locale.ts';

/** The attendance of one person in one session. */
export interface OwnAttendance {
	code: string;
	title: TextMap;
	level: 'public' | 'members';
	minutes: number;
	at: string;
}

/** A session that has begun, with its attendance; null where a figure would identify a person. */
export interface SessionAttendance {
	session: string;
	code: string;
	title: TextMap;
	level: 'public' | 'members' | 'chatham_house' | 'closed';
	at: string;
	people: number | null;
	/** On average. */
	minutes: number | null;
	/** Whether this reader may see the names. */
	may_name: boolean;
}

/** A person who was there. */
export interface Attendant {
	code: string;
	display_name: string;
	affiliation: string;
	minutes: number;
}

/** The sum of the reader's own minutes. */
export function allMinutes(attendance: readonly OwnAttendance[]): number {
	return attendance.reduce((sum, { minutes }) => sum + minutes, 0);
}
