import { m } from '#lib/i18n/messages.ts';
import { textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** The sign-in code. The subject does not repeat it: it shows on locked phones. */
export function signInCode(context: MailContext): Letter {
	return {
		subject: m.mail_sign_in_code_subject(),
		parts: [
			paragraph(m.mail_sign_in_code_intro()),
			{ kind: 'code', code: textParam(context, 'code') },
			paragraph(m.mail_sign_in_code_use()),
			paragraph(m.mail_sign_in_code_not_you())
		],
		foot: [m.mail_sign_in_code_why()]
	};
}
