import { m } from '#lib/i18n/messages.ts';
import { staffRoleWord } from '#lib/accounts/role-words.ts';
import { href } from '#lib/i18n/locale.ts';
import { pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** To the other safeguarding leads: somebody asks to open a name. The mail names nobody. */
export function revealAsked(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_reveal_asked_subject({ summit }),
		parts: [
			paragraph(m.mail_reveal_asked_body()),
			{ kind: 'action', label: m.mail_action_safeguarding(), url: pageOf(context, '/organise/reveals') }
		],
		foot: [m.mail_why_role({ summit })]
	};
}

/** To a protected person: their name was opened, in which role. */
export function nameRevealed(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_name_revealed_subject({ summit }),
		parts: [
			paragraph(m.mail_name_revealed_body({ summit, role: staffRoleWord(textParam(context, 'role')) })),
			paragraph(m.mail_name_revealed_more()),
			{ kind: 'action', label: m.mail_data_copy_requested_action(), url: `${context.origin}${href('/account/data')}` }
		],
		foot: [m.mail_name_revealed_why()]
	};
}

/** To safeguarding leads: a person on the watch list waits for their decision. The mail names nobody. */
export function safeguardingNeeded(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_safeguarding_needed_subject({ summit }),
		parts: [
			paragraph(m.mail_safeguarding_needed_body()),
			{ kind: 'action', label: m.mail_action_safeguarding(), url: pageOf(context, '/organise/safeguarding') }
		],
		foot: [m.mail_why_role({ summit })]
	};
}

function toConcerns(context: MailContext, subject: string, body: string): Letter {
	return {
		subject,
		parts: [
			paragraph(body),
			{ kind: 'action', label: m.mail_action_safeguarding(), url: pageOf(context, '/organise/safeguarding/concerns') }
		],
		foot: [m.mail_why_role({ summit: summitName(context) })]
	};
}

/** To the safeguarding leads: a concern was raised. It contains neither its text nor names. */
export function concernRaised(context: MailContext): Letter {
	return toConcerns(context, m.mail_concern_subject({ summit: summitName(context) }), m.mail_concern_body());
}

/** To the same: its reporter added something. */
export function concernMessage(context: MailContext): Letter {
	const subject = m.mail_concern_message_subject({ summit: summitName(context) });
	return toConcerns(context, subject, m.mail_concern_message_body());
}

/** To the same: nobody has said that they have a concern. */
export function concernWaiting(context: MailContext): Letter {
	const subject = m.mail_concern_waiting_subject({ summit: summitName(context) });
	return toConcerns(context, subject, m.mail_concern_waiting_body());
}

/** To owners: a concern was raised that no lead may read. It contains neither its text nor names. */
export function concernUnread(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_concern_unread_subject({ summit }),
		parts: [
			paragraph(m.mail_concern_unread_body({ summit })),
			{ kind: 'action', label: m.mail_action_roles(), url: pageOf(context, '/organise/roles') }
		],
		foot: [m.mail_why_role({ summit })]
	};
}
