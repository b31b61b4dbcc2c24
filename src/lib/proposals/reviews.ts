/* Reviews of proposals, as the committee reads and writes them. No I/O. */
import type { TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Level } from '#lib/ui/level.ts';
import type { Answered } from './call.ts';
import type { Attendance, PartRole } from './proposal.ts';

export interface Criterion {
	id: string;
	name: TextMap;
	help: TextMap;
	weight: number;
	position: number;
}

/** One in a reviewer's list. */
interface ReviewEntry {
	id: string;
	code: string;
	title: TextMap;
	track: TextMap | null;
	format: TextMap | null;
	is_assigned: boolean;
	mine: 'none' | 'kept' | 'sent';
}

export interface ReviewList {
	criteria: Criterion[];
	is_organiser: boolean;
	/** How many are withheld from this reader. */
	conflicts: number;
	rows: ReviewEntry[];
}

/** A proposal as reviewers read it: without its people, unless the call names them. */
export interface BlindProposal {
	id: string;
	code: string;
	title: TextMap;
	abstract: TextMap;
	content_note: TextMap;
	spoken: string[];
	attendance: Attendance;
	level: Level;
	format: TextMap | null;
	track: TextMap | null;
	roles: PartRole[];
	answers: Answered[];
	people: { name: string; affiliation: string; role: PartRole }[] | null;
}

export interface SentReview {
	name: string;
	scores: Record<string, number>;
	comment: string;
	score: number;
}

export type Review =
	| { status: 'conflict' }
	| {
			status: 'ok';
			proposal: BlindProposal;
			criteria: Criterion[];
			/** The decision was sent: nothing changes any more. */
			told: boolean;
			mine: { scores: Record<string, number>; comment: string; version: number; sent_at: string | null } | null;
			/** Null until the reader's own review is sent. */
			others: SentReview[] | null;
			discussion: { id: string; name: string | null; body: string; at: string; is_mine: boolean }[] | null;
	  };

/** The state of the reader's own review. */
export function reviewWord(mine: ReviewEntry['mine']): string {
	return { none: m.propose_mine_none, kept: m.propose_mine_kept, sent: m.propose_mine_sent }[mine]();
}

/** An invitation to review as its holder reads it; `mine` is null for readers who are signed out. */
export interface ReviewerInvitation {
	state: 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired';
	/** Slug. */
	summit: string;
	/** The link's expiry. */
	until: string;
	/** The end of the reviewing time. */
	access_ends_at: string;
	mine: boolean | null;
}

/** One in the list of those who may invite, under the name that was entered. */
export interface InvitedReviewer {
	id: string;
	display_name: string;
	track_ids: string[];
	until: string;
	invited_at: string;
}
