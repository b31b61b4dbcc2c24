import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { utcDate } from '#lib/i18n/time.ts';
import { isolate, momentParam, proposalTitle, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** To the head of a member, at an address that a focal point entered. It is the only place of the link. */
export function commitmentAgreement(context: MailContext): Letter {
	const member = isolate(textParam(context, 'member'));
	return {
		subject: m.mail_commitment_agreement_subject({ member }),
		parts: [
			paragraph(m.mail_commitment_agreement_body({ member, title: proposalTitle(context) })),
			paragraph(m.mail_commitment_agreement_how({ until: momentParam(context, 'until') ?? '' })),
			{
				kind: 'action',
				label: m.mail_commitment_agreement_action(),
				url: `${context.origin}${href(`/community/commitments/agree/${textParam(context, 'token')}`)}`
			}
		],
		foot: [m.mail_commitment_agreement_why({ member })]
	};
}

function aboutCommitment(context: MailContext, subject: string, words: string[]): Letter {
	const url = `${context.origin}${href(`/community/commitments/${textParam(context, 'code')}`)}`;
	return {
		subject,
		parts: [...words.map(paragraph), { kind: 'action', label: m.mail_commitment_action(), url }],
		foot: [m.mail_commitment_why()]
	};
}

/** To the focal points of its members: it is in the register. */
export function commitmentAnnounced(context: MailContext): Letter {
	const title = proposalTitle(context);
	return aboutCommitment(context, m.mail_commitment_announced_subject({ title }), [
		m.mail_commitment_announced_body({ title }),
		m.mail_commitment_announced_next()
	]);
}

/** To the focal points of its members: nothing was reported for months. */
export function commitmentReminder(context: MailContext): Letter {
	const title = proposalTitle(context);
	const date = textParam(context, 'due_on');
	const due = date ? utcDate(date) : '';
	return aboutCommitment(context, m.mail_commitment_reminder_subject({ title }), [
		m.mail_commitment_reminder_body({ title, due }),
		m.mail_commitment_reminder_next()
	]);
}
