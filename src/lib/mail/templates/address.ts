import { m } from '#lib/i18n/messages.ts';
import { textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** A code for a change of address: to the present address, or to the new one. */
export function addressChangeCode(context: MailContext): Letter {
	const isNew = context.params['is_new'] === true;
	return {
		subject: m.mail_address_code_subject(),
		parts: [
			paragraph(isNew ? m.mail_address_code_new() : m.mail_address_code_old()),
			{ kind: 'code', code: textParam(context, 'code') },
			paragraph(isNew ? m.mail_address_code_new_not_you() : m.mail_address_code_old_not_you())
		],
		foot: [m.mail_address_code_why()]
	};
}

/** To the former address, after it was replaced. It does not name the new one. */
export function addressChanged(): Letter {
	return {
		subject: m.mail_address_changed_subject(),
		parts: [paragraph(m.mail_address_changed_body()), paragraph(m.mail_address_changed_not_you())],
		foot: [m.mail_address_changed_why()]
	};
}
