import { m } from '#lib/i18n/messages.ts';
import { momentParam, pageOf, summitName, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';
import { registrationFoot } from './registration.ts';

function letter(context: MailContext, subject: string, body: string): Letter {
	const until = momentParam(context, 'due_at');
	return {
		subject,
		parts: [
			paragraph(body),
			...(until === null ? [] : [paragraph(m.mail_logistics_until({ until }))]),
			{ kind: 'action', label: m.mail_action_logistics(), url: pageOf(context, '/me/logistics') }
		],
		foot: registrationFoot(context)
	};
}

/** The place is confirmed: invites to the logistics form. */
export function logisticsRequested(context: MailContext): Letter {
	return letter(
		context,
		m.mail_logistics_requested_subject({ summit: summitName(context) }),
		m.mail_logistics_requested_body()
	);
}

/** Some answers are missing, and the deadline is near. */
export function logisticsReminder(context: MailContext): Letter {
	const summit = summitName(context);
	return letter(context, m.mail_logistics_reminder_subject({ summit }), m.mail_logistics_reminder_body());
}

/** A need was met, or cannot be met; the page says which, and why. */
export function needClosed(context: MailContext): Letter {
	return letter(context, m.mail_need_closed_subject({ summit: summitName(context) }), m.mail_need_closed_body());
}
