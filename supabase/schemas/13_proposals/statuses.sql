-- What the functions of this folder answer about an act; those of several nouns are in 00_database/types.sql.

-- Saving the call. Conflict: somebody saved meanwhile. Late: it would close after the end of the Summit.
create domain public.call_status as text check (value in ('ok', 'not_allowed', 'invalid', 'conflict', 'late'));

-- Making a late link. Limited: too many are open. Late: it would end after the Summit.
create domain public.late_link_status as text check (value in ('ok', 'not_allowed', 'invalid', 'limited', 'late'));

-- Opening a late link. Used: by somebody else.
create domain public.late_link_use_status as text check (value in ('ok', 'not_found', 'expired', 'revoked', 'used'));

-- Saving a reviewer.
create domain public.reviewer_status as text check (value in ('ok', 'not_allowed', 'invalid', 'unknown_person'));

-- Answering an invitation to review: done, or its state when it is no longer open.
create domain public.reviewer_answer_status as text check (value in (
	'ok', 'not_found', 'not_yours', 'accepted', 'declined', 'withdrawn', 'expired'
));

-- Writing in a discussion of reviewers. Limited: too many messages.
create domain public.discussion_status as text check (value in ('ok', 'not_found', 'invalid', 'limited'));

-- Inviting to a proposal. Closed: its people can no longer be changed. Limited: too many people or mails.
create domain public.proposal_invitation_status as text check (value in (
	'ok', 'not_found', 'invalid', 'limited', 'already', 'closed'
));

-- Sending such an invitation again. Limited: three a day.
create domain public.proposal_resend_status as text check (value in ('ok', 'not_found', 'limited'));

-- Withdrawing a proposal. Decided: its people know the decision.
create domain public.proposal_withdrawal_status as text check (value in ('ok', 'not_found', 'already', 'decided'));

-- Asking for a side event. Closed: the Summit is over. Limited: too many of one member. Conflict: changed meanwhile.
create domain public.side_event_status as text check (value in (
	'ok', 'not_found', 'closed', 'limited', 'conflict', 'invalid'
));
