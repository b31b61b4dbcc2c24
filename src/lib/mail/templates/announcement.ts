import { m } from '#lib/i18n/messages.ts';
import { pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** The text of an announcement; about a confidential session only that there is one. */
export function announcement(context: MailContext, wording: { subject: string; body: string } | null): Letter {
	const summit = summitName(context);
	const page = wording ? textParam(context, 'page') : '';
	return {
		subject: wording?.subject ?? m.announcements_mail_discreet_subject({ summit }),
		parts: [
			...(wording?.body ?? m.announcements_discreet()).split(/\n\s*\n/).map(paragraph),
			{ kind: 'action', label: m.announcements_mail_action(), url: pageOf(context, page || '/announcements') }
		],
		foot: [m.announcements_mail_why({ summit }), m.mail_talk({ url: pageOf(context, '/talk') })]
	};
}
