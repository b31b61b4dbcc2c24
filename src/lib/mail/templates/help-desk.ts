import { m } from '#lib/i18n/messages.ts';
import { href } from '#lib/i18n/locale.ts';
import { momentParam, summitName, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** Informs the holder of an account that a code of the help desk opened it. */
export function deskSignedIn(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: m.mail_desk_subject(),
		parts: [
			paragraph(m.mail_desk_opened({ summit, moment: momentParam(context, 'at') ?? '' })),
			paragraph(m.mail_desk_not_you()),
			{ kind: 'action', label: m.mail_desk_action(), url: `${context.origin}${href('/account')}` }
		],
		foot: [m.mail_why_registration({ summit })]
	};
}
