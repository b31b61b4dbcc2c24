import { m } from '#lib/i18n/messages.ts';
import { momentParam, pageOf, proposalTitle, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

const foot = (context: MailContext, why: string) => [why, m.mail_talk({ url: pageOf(context, '/talk') })];

function about(context: MailContext, subject: string, body: string[], path: string, action: string): Letter {
	return {
		subject,
		parts: [...body.map(paragraph), { kind: 'action', label: action, url: pageOf(context, path) }],
		foot: foot(context, m.proposals_mail_why({ summit: summitName(context) }))
	};
}

const words = (context: MailContext) => ({ title: proposalTitle(context), summit: summitName(context) });

/** To the author of a submitted proposal: it arrived, and may be changed until the close. */
export function proposalReceived(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.proposals_mail_received({ title }), m.proposals_mail_received_next()];
	return about(context, m.proposals_mail_received_subject({ summit }), body, '/propose', m.proposals_mail_action());
}

/** To each of its people: it is accepted, and they confirm their part. */
export function proposalAccepted(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.proposals_mail_accepted({ title }), m.proposals_mail_accepted_next()];
	return about(
		context,
		m.proposals_mail_accepted_subject({ summit }),
		body,
		'/speak',
		m.proposals_mail_accepted_action()
	);
}

/** To each of its people: it is on the waiting list. */
export function proposalWaitlisted(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.proposals_mail_waitlisted({ title }), m.proposals_mail_waitlisted_next()];
	return about(context, m.proposals_mail_decided_subject({ summit }), body, '/propose', m.proposals_mail_action());
}

/** To each of its people: it is declined. */
export function proposalDeclined(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.proposals_mail_declined({ title }), m.proposals_mail_declined_next()];
	return about(context, m.proposals_mail_decided_subject({ summit }), body, '/propose', m.proposals_mail_action());
}

/** To a reviewer with unread proposals. */
export function reviewReminder(context: MailContext): Letter {
	const summit = summitName(context);
	const body = [m.proposals_mail_review({ count: textParam(context, 'count'), summit })];
	const subject = m.proposals_mail_review_subject({ summit });
	return about(context, subject, body, '/propose/review', m.proposals_mail_review_action());
}

/** To an outside person who is invited to review. It is the only place of the link. */
export function reviewerInvited(context: MailContext): Letter {
	const summit = summitName(context);
	const until = momentParam(context, 'until');
	return {
		subject: m.proposals_review_invitation_mail_subject({ summit }),
		parts: [
			paragraph(m.proposals_review_invitation_mail({ summit })),
			...(until === null ? [] : [paragraph(m.proposals_mail_invited_until({ until }))]),
			paragraph(m.proposals_mail_invited_yours()),
			{
				kind: 'action',
				label: m.proposals_mail_invited_action(),
				url: pageOf(context, `/propose/review/invited/${textParam(context, 'token')}`)
			}
		],
		foot: foot(context, m.mail_why_role({ summit }))
	};
}

/** To an address that an author entered. It names nobody, and is the only place of the link. */
export function proposalInvited(context: MailContext): Letter {
	const summit = summitName(context);
	const until = momentParam(context, 'until');
	return {
		subject: m.proposals_mail_invited_subject({ summit }),
		parts: [
			paragraph(m.proposals_mail_invited({ summit })),
			...(until === null ? [] : [paragraph(m.proposals_mail_invited_until({ until }))]),
			paragraph(m.proposals_mail_invited_yours()),
			{
				kind: 'action',
				label: m.proposals_mail_invited_action(),
				url: pageOf(context, `/propose/invited/${textParam(context, 'token')}`)
			}
		],
		foot: foot(context, m.proposals_mail_invited_why())
	};
}

/** To the focal point who asked for a side event, with what the organisers write. */
function sideEvent(context: MailContext, sentences: string[]): Letter {
	const { summit } = words(context);
	const reason = textParam(context, 'reason');
	return {
		subject: m.proposals_mail_side_subject({ summit }),
		parts: [
			...sentences.map((sentence) => paragraph(sentence)),
			...(reason === '' ? [] : [{ kind: 'quote' as const, text: reason }]),
			{ kind: 'action', label: m.proposals_side_title(), url: pageOf(context, '/delegation/side-events') }
		],
		foot: foot(context, m.proposals_mail_side_why({ summit }))
	};
}

/** To the focal point who asked for a side event: it is accepted, and when it begins. */
export function sideEventAccepted(context: MailContext): Letter {
	const { title } = words(context);
	const starts = momentParam(context, 'starts_at');
	return sideEvent(context, [
		m.proposals_mail_side_accepted({ title }),
		...(starts === null ? [] : [m.proposals_mail_side_when({ when: starts })])
	]);
}

/** To the focal point who asked for a side event: it is declined. */
export function sideEventDeclined(context: MailContext): Letter {
	return sideEvent(context, [m.proposals_mail_side_declined(words(context))]);
}

/** To the focal point who asked for a side event: the organisers ask for a change. */
export function sideEventChangeAsked(context: MailContext): Letter {
	return sideEvent(context, [m.proposals_mail_side_change(words(context))]);
}
