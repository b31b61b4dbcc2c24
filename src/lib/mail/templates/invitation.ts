import { m } from '#lib/i18n/messages.ts';
import { href } from '#lib/i18n/locale.ts';
import { inHall, isolate, momentParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter, type MailPart } from '../letter.ts';

/** To an address that a focal point or an organiser entered. It names who invites, and is the only place of the link. */
export function invitation(context: MailContext): Letter {
	const summit = summitName(context);
	const member = isolate(textParam(context, 'member'));
	const until = momentParam(context, 'until');
	const note = textParam(context, 'note');
	const parts: (MailPart | false)[] = [
		paragraph(
			textParam(context, 'member') ? m.mail_invitation_member({ member, summit }) : m.mail_invitation_pool({ summit })
		),
		paragraph(inHall(context) ? m.mail_invitation_in_person() : m.mail_invitation_virtual()),
		note !== '' && paragraph(m.mail_they_wrote()),
		note !== '' && { kind: 'quote', text: note },
		context.params['elsewhere'] === true && paragraph(m.mail_invitation_elsewhere()),
		until !== null && paragraph(m.mail_invitation_until({ until })),
		paragraph(m.mail_invitation_yours()),
		{
			kind: 'action',
			label: m.mail_invitation_action(),
			url: `${context.origin}${href(`/invitation/${textParam(context, 'token')}`)}`
		}
	];
	return {
		subject: m.mail_invitation_subject({ summit }),
		parts: parts.filter((part) => part !== false),
		foot: [m.mail_invitation_why(), m.mail_talk({ url: pageOf(context, '/talk') })]
	};
}
