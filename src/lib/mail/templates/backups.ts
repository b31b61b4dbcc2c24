import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dayAndClock } from '#lib/i18n/time.ts';
import { textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** To the owners of the installation while the last good backup is too old. */
export function backupsOld(context: MailContext): Letter {
	const zone = context.zone ?? 'UTC';
	const when = dayAndClock(textParam(context, 'since'), zone);
	return {
		subject: m.mail_backups_subject({ when }),
		parts: [
			paragraph(m.mail_backups_body({ site: new URL(context.origin).host, when })),
			paragraph(m.mail_backups_next()),
			{ kind: 'action', label: m.mail_action_backups(), url: `${context.origin}${href('/organise/backups')}` }
		],
		foot: [m.mail_backups_why()]
	};
}
