import { m } from '#lib/i18n/messages.ts';
import { pageOf, summitName, textParam, type MailContext } from '../context.ts';
import type { Letter, MailPart } from '../letter.ts';

function button(context: MailContext): MailPart[] {
	if (typeof context.params['page'] !== 'string') return [];
	const page = textParam(context, 'page');
	const labels: Record<string, () => string> = {
		'/me': m.mail_action_my_page,
		'/me/logistics': m.mail_action_logistics,
		'/agenda': m.mail_action_agenda,
		'/register': m.mail_action_register
	};
	const label = Object.hasOwn(labels, page) ? labels[page] : undefined;
	return [{ kind: 'action', label: label ? label() : m.mail_action_site(), url: pageOf(context, label ? page : '') }];
}

/** A message to a group: the organisers' text, our button and the reason why the reader gets it. */
export function groupMessage(context: MailContext): Letter {
	const summit = summitName(context);
	return {
		subject: '',
		parts: button(context),
		foot: [m.mail_why_group({ summit }), m.mail_talk({ url: pageOf(context, '/talk') })]
	};
}
