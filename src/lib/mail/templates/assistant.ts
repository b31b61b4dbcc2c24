import { m } from '#lib/i18n/messages.ts';
import { href } from '#lib/i18n/locale.ts';
import type { MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** Invites the holder of the address to act for a person, whose name they see after signing in. */
export function assistantInvited({ origin }: MailContext): Letter {
	return {
		subject: m.mail_assistant_subject(),
		parts: [
			paragraph(m.mail_assistant_body()),
			paragraph(m.mail_assistant_what()),
			{ kind: 'action', label: m.mail_assistant_action(), url: `${origin}${href('/account')}` }
		],
		foot: [m.mail_assistant_why()]
	};
}
