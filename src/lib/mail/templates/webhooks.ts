import { m } from '#lib/i18n/messages.ts';
import { pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** To the owners of a Summit when nothing more is sent to an endpoint. Its address may hold a token, so it is not named. */
export function webhookPaused(context: MailContext): Letter {
	const why = textParam(context, 'reason') === 'gone' ? m.mail_webhook_gone() : m.mail_webhook_failing();
	const page = `/organise/webhooks/${textParam(context, 'endpoint')}`;
	return {
		subject: m.mail_webhook_subject({ summit: summitName(context) }),
		parts: [
			paragraph(why),
			paragraph(m.mail_webhook_next()),
			{ kind: 'action', label: m.mail_action_webhook(), url: pageOf(context, page) }
		],
		foot: [m.mail_webhook_why()]
	};
}
