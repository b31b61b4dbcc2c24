/* Reviews of proposals, as the committee reads and writes them. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import type { ReviewEntry } from '#lib/database/answers/proposals/reviews.ts';

export type {
	BlindProposal,
	InvitedReviewer,
	Review,
	ReviewList,
	ReviewerInvitation
} from '#lib/database/answers/proposals/reviews.ts';

/** The state of the reader's own review. */
export function reviewWord(mine: ReviewEntry['mine']): string {
	return { none: m.proposals_mine_none, kept: m.proposals_mine_kept, sent: m.proposals_mine_sent }[mine]();
}
