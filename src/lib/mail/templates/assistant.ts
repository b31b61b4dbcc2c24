import { m } from '#lib/i18n/messages.ts';
import { href } from '#lib/i18n/locale.ts';
import type { MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** Somebody asks the holder of the address to act for them; who, they see once they have signed in. */
export function assistantAsked({ origin }: MailContext): Letter {
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
