import { href, text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { isolate, textParam, type MailContext } from '../context.ts';
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

/** A text of a parameter, in the reader's language; '' when the mail says nothing of the group because it is closed. */
function written({ params }: MailContext, name: string): string {
	const map = params[name];
	return typeof map === 'object' && map !== null ? text(map as TextMap).text : '';
}

function aboutGroup(context: MailContext, path: string): { name: string; url: string } {
	const url = `${context.origin}${href(`/community/groups/${textParam(context, 'code')}${path}`)}`;
	return { name: isolate(written(context, 'name')), url };
}

/** To everybody in a group, from those who lead it. Of a closed group it says only that there is a message. */
export function groupNotice(context: MailContext): Letter {
	const { name, url } = aboutGroup(context, '/notices');
	const words = written(context, 'body');
	const subject = written(context, 'subject');
	return {
		subject: subject
			? m.mail_group_notice_of({ name: written(context, 'name'), subject })
			: m.mail_group_notice_subject(),
		parts: [
			paragraph(words ? m.mail_group_notice_body({ name }) : m.mail_group_notice_closed()),
			...(words ? [{ kind: 'quote' as const, text: words }] : []),
			{ kind: 'action', label: m.mail_group_notice_action(), url }
		],
		foot: [m.mail_group_notice_why()]
	};
}

/** To chairs and secretaries: somebody asks to join. It names nobody. */
export function groupJoinRequested(context: MailContext): Letter {
	const { name, url } = aboutGroup(context, '/people');
	return {
		subject: m.mail_group_join_requested_subject(),
		parts: [
			paragraph(name ? m.mail_group_join_requested_body({ name }) : m.mail_group_join_requested_closed()),
			{ kind: 'action', label: m.mail_group_join_requested_action(), url }
		],
		foot: [m.mail_group_join_requested_why()]
	};
}

/** To somebody who asked to join: they are in the group. */
export function groupJoinAccepted(context: MailContext): Letter {
	const { name, url } = aboutGroup(context, '');
	return {
		subject: m.mail_group_join_accepted_subject(),
		parts: [
			paragraph(name ? m.mail_group_join_accepted_body({ name }) : m.mail_group_join_accepted_closed()),
			{ kind: 'action', label: m.mail_group_join_action(), url }
		],
		foot: [m.mail_group_join_why()]
	};
}

/** To somebody who asked to join: they are not in the group. */
export function groupJoinDeclined(context: MailContext): Letter {
	const { name } = aboutGroup(context, '');
	return {
		subject: m.mail_group_join_declined_subject(),
		parts: [paragraph(name ? m.mail_group_join_declined_body({ name }) : m.mail_group_join_declined_closed())],
		foot: [m.mail_group_join_why()]
	};
}
