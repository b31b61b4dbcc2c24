import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

const changes: Record<string, () => string> = {
	added: m.mail_passkeys_added,
	removed: m.mail_passkeys_removed,
	codes_made: m.mail_passkeys_codes_made,
	code_used: m.mail_passkeys_code_used,
	reset: m.mail_passkeys_reset
};

/** To a person whose passkeys or recovery codes were changed. */
export function passkeysChanged(context: MailContext): Letter {
	const change = changes[textParam(context, 'change')] ?? m.mail_passkeys_subject;
	return {
		subject: m.mail_passkeys_subject(),
		parts: [
			paragraph(change()),
			paragraph(m.mail_passkeys_not_you()),
			{ kind: 'action', label: m.mail_passkeys_action(), url: `${context.origin}${href('/account/passkeys')}` }
		],
		foot: [m.mail_passkeys_why()]
	};
}

/** To the other owners when one of them reset somebody's passkeys. It names nobody. */
export function passkeysReset(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_passkeys_reset_subject({ summit }),
		parts: [
			paragraph(m.mail_passkeys_reset_body({ summit })),
			paragraph(m.mail_passkeys_reset_next()),
			{ kind: 'action', label: m.mail_action_roles(), url: pageOf(context, '/organise/roles') }
		],
		foot: [m.mail_why_role({ summit })]
	};
}
