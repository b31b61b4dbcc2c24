import { m } from '#lib/i18n/messages.ts';
import { momentParam, pageOf, proposalTitle, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

const foot = (context: MailContext, why: string) => [why, m.mail_talk({ url: pageOf(context, '/talk') })];

function about(context: MailContext, subject: string, body: string[], path: string, action: string): Letter {
	return {
		subject,
		parts: [...body.map(paragraph), { kind: 'action', label: action, url: pageOf(context, path) }],
		foot: foot(context, m.propose_mail_why({ summit: summitName(context) }))
	};
}

const words = (context: MailContext) => ({ title: proposalTitle(context), summit: summitName(context) });

/** To the author of a submitted proposal: it arrived, and may be changed until the close. */
export function proposalReceived(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.propose_mail_received({ title }), m.propose_mail_received_next()];
	return about(context, m.propose_mail_received_subject({ summit }), body, '/propose', m.propose_mail_action());
}

/** To each of its people: it is accepted, and they confirm their part. */
export function proposalAccepted(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.propose_mail_accepted({ title }), m.propose_mail_accepted_next()];
	return about(context, m.propose_mail_accepted_subject({ summit }), body, '/speak', m.propose_mail_accepted_action());
}

/** To each of its people: it is on the waiting list. */
export function proposalWaitlisted(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.propose_mail_waitlisted({ title }), m.propose_mail_waitlisted_next()];
	return about(context, m.propose_mail_decided_subject({ summit }), body, '/propose', m.propose_mail_action());
}

/** To each of its people: it is declined. */
export function proposalDeclined(context: MailContext): Letter {
	const { title, summit } = words(context);
	const body = [m.propose_mail_declined({ title }), m.propose_mail_declined_next()];
	return about(context, m.propose_mail_decided_subject({ summit }), body, '/propose', m.propose_mail_action());
}

/** To a reviewer with unread proposals. */
export function reviewReminder(context: MailContext): Letter {
	const summit = summitName(context);
	const body = [m.propose_mail_review({ count: textParam(context, 'count'), summit })];
	const subject = m.propose_mail_review_subject({ summit });
	return about(context, subject, body, '/propose/review', m.propose_mail_review_action());
}

/** To an outside person who is invited to review. It is the only place of the link. */
export function reviewerInvited(context: MailContext): Letter {
	const summit = summitName(context);
	const until = momentParam(context, 'until');
	return {
		subject: m.part_review_mail_subject({ summit }),
		parts: [
			paragraph(m.part_review_mail({ summit })),
			...(until === null ? [] : [paragraph(m.propose_mail_invited_until({ until }))]),
			paragraph(m.propose_mail_invited_yours()),
			{
				kind: 'action',
				label: m.propose_mail_invited_action(),
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
		subject: m.propose_mail_invited_subject({ summit }),
		parts: [
			paragraph(m.propose_mail_invited({ summit })),
			...(until === null ? [] : [paragraph(m.propose_mail_invited_until({ until }))]),
			paragraph(m.propose_mail_invited_yours()),
			{
				kind: 'action',
				label: m.propose_mail_invited_action(),
				url: pageOf(context, `/propose/invited/${textParam(context, 'token')}`)
			}
		],
		foot: foot(context, m.propose_mail_invited_why())
	};
}
