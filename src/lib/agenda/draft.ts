import type { TextMap } from '#lib/i18n/locale.ts';
import type { Level } from '#lib/ui/level.ts';
import type { SessionLink } from './links.ts';

/** A time of a session in the draft; instants in ISO UTC, rooms by slug. */
export interface DraftSlot {
	id: string;
	start: string;
	end: string;
	rooms: string[];
}

/** How a session of the draft differs from the newest release; null for one that is only an idea. */
type DraftChange = 'new' | 'changed' | 'moved' | 'cancelled' | 'restored' | 'withdrawn' | 'none' | null;

/** A session in the list of the draft. */
export interface DraftEntry {
	id: string;
	code: string;
	title: TextMap;
	level: Level;
	state: 'draft' | 'confirmed' | 'cancelled';
	format: TextMap | null;
	track: TextMap | null;
	is_break: boolean;
	slots: DraftSlot[];
	people: number;
	change: DraftChange;
}

/** The draft of a Summit's agenda. */
export interface Draft {
	release: { number: number; released_at: string } | null;
	sessions: DraftEntry[];
}

/** A person of a session. */
export interface DraftPerson {
	id: string;
	display_name: string;
	office: string;
	affiliation: string;
	role: string;
	state: 'invited' | 'confirmed' | 'declined';
	/** Only a name so far, without an account. */
	is_unclaimed: boolean;
}

/** One session of the draft, for its form. */
export interface DraftSession {
	id: string;
	code: string;
	title: TextMap;
	abstract: TextMap;
	content_note: TextMap;
	links: SessionLink[];
	format_id: string | null;
	track_id: string | null;
	level: Level;
	audience: 'everyone' | 'registered' | 'listed';
	attendance: 'hall_and_online' | 'hall' | 'online';
	spoken: string[];
	interpreted: string[];
	is_recorded: boolean;
	is_break: boolean;
	state: 'draft' | 'confirmed' | 'cancelled';
	version: number;
	slots: DraftSlot[];
	people: DraftPerson[];
	audiences: DraftAudience[];
	change: DraftChange;
}

/** What an imported file contained about an event beside its links: web addresses and a licence; '' where absent. */
export interface SessionOrigin {
	url: string;
	feedback_url: string;
	logo: string;
	license: string;
}

/** One line of the audience list: a sector, a category, or by name a member or a person. */
export interface DraftAudience {
	id: string;
	sector: string | null;
	category: string | null;
	kind: 'person' | 'member' | null;
	name: string | null;
}

/** A change as organisers see it. */
export const changeWords: Record<Exclude<DraftChange, null | 'none'>, string> = {
	new: 'New',
	changed: 'Changed',
	moved: 'Moved',
	cancelled: 'Cancelled',
	restored: 'Restored',
	withdrawn: 'Taken back'
};

/** Sessions that the next release would change, add or remove. */
export function changedSessions(draft: Draft): DraftEntry[] {
	return draft.sessions.filter(({ change }) => change !== null && change !== 'none');
}

/** Roles of a session with the texts of the form. */
export const sessionRoles = [
	{ value: 'speaker', label: 'Speaker' },
	{ value: 'chair', label: 'Chair' },
	{ value: 'moderator', label: 'Moderator' },
	{ value: 'respondent', label: 'Respondent' },
	{ value: 'interpreter', label: 'Interpreter' },
	{ value: 'captioner', label: 'Captioner' }
] as const;

/** A person's answer, in words. */
export const participationWords = [
	{ value: 'invited', label: 'Invited' },
	{ value: 'confirmed', label: 'Confirmed' },
	{ value: 'declined', label: 'Declined' }
] as const;
