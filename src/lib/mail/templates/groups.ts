import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** Invites an address to a group. It names no group, since the group may be closed. */
export function groupInvited({ origin }: MailContext): Letter {
	return {
		subject: m.mail_group_invited_subject(),
		parts: [
			paragraph(m.mail_group_invited_body()),
			paragraph(m.mail_group_invited_how()),
			paragraph(m.mail_invited_not_you()),
			{ kind: 'action', label: m.mail_action_invitation(), url: `${origin}${href('/community/groups')}` }
		],
		foot: [m.mail_group_invited_why()]
	};
}
