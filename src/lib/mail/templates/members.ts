import { m } from '#lib/i18n/messages.ts';
import { isolate, momentParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** Invites a focal point of a member. To an address, without looking up whether it has an account. */
export function focalInvited(context: MailContext): Letter {
	const summit = summitName(context);
	const member = isolate(textParam(context, 'member'));
	const until = momentParam(context, 'until');
	return {
		subject: m.mail_focal_invited_subject({ summit, member }),
		parts: [
			paragraph(m.mail_focal_invited_body({ summit, member })),
			paragraph(m.mail_focal_invited_how()),
			...(until ? [paragraph(m.mail_focal_invited_until({ until }))] : []),
			{ kind: 'action', label: m.mail_action_answer(), url: pageOf(context, '/delegation/invited') }
		],
		foot: [m.mail_why_focal({ summit, member })]
	};
}
