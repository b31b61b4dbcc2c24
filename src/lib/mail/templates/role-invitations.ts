import { roleDoes, staffRoleWord } from '#lib/accounts/role-words.ts';
import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

function foot(context: MailContext): string[] {
	return [m.mail_why_role({ summit: summitName(context) }), m.mail_talk({ url: pageOf(context, '/talk') })];
}

function invitation(context: MailContext, subject: string, body: string, role = ''): Letter {
	return {
		subject,
		parts: [
			paragraph(body),
			...does(role),
			paragraph(m.mail_invited_next()),
			paragraph(m.mail_invited_not_you()),
			{
				kind: 'action',
				label: m.mail_action_invitation(),
				url: `${context.origin}${href('/account')}#invitations`
			}
		],
		foot: foot(context)
	};
}

const does = (role: string) => (roleDoes(role) === '' ? [] : [paragraph(roleDoes(role))]);

const words = (context: MailContext) => ({
	summit: summitName(context),
	role: staffRoleWord(textParam(context, 'role'))
});

/** Offers a role to an address. Its text does not depend on whose address it is. */
export function roleInvited(context: MailContext): Letter {
	const { summit } = words(context);
	const body = m.mail_role_invited_body(words(context));
	return invitation(context, m.mail_role_invited_subject({ summit }), body, textParam(context, 'role'));
}

/**
 * Offers a part in a session to an address, to the person who was entered by name, or to their assistants. The session is shown after
 * signing in. This mail is the only place of the link.
 */
export function sessionInvited(context: MailContext): Letter {
	const { summit } = words(context);
	const subject = m.mail_session_invited_subject({ summit });
	const token = textParam(context, 'token');
	const body =
		context.params['assistant'] === true
			? m.speakers_invitation_mail_assist(words(context))
			: context.params['named'] === true
				? m.speakers_invitation_mail_named(words(context))
				: m.mail_session_invited_body(words(context));
	if (token === '') return invitation(context, subject, body);
	return {
		subject,
		parts: [
			paragraph(body),
			paragraph(m.speakers_invitation_mail_next()),
			paragraph(m.mail_invited_not_you()),
			{ kind: 'action', label: m.mail_action_invitation(), url: pageOf(context, `/speak/invited/${token}`) }
		],
		foot: foot(context)
	};
}

/** A person with an account now holds a role. */
export function roleGranted(context: MailContext): Letter {
	const { summit } = words(context);
	return {
		subject: m.mail_role_granted_subject({ summit }),
		parts: [
			paragraph(m.mail_role_granted_body(words(context))),
			...does(textParam(context, 'role')),
			paragraph(m.mail_role_granted_next()),
			paragraph(m.mail_role_granted_not_you()),
			{ kind: 'action', label: m.mail_action_site(), url: pageOf(context) }
		],
		foot: foot(context)
	};
}

const rolesPage = (context: MailContext) => ({
	kind: 'action' as const,
	label: m.mail_action_roles(),
	url: pageOf(context, '/organise/roles')
});

/** To those who may be the second person: a role that takes two was proposed. */
export function roleProposed(context: MailContext): Letter {
	const { summit } = words(context);
	return {
		subject: m.mail_role_proposed_subject({ summit }),
		parts: [
			paragraph(m.mail_role_proposed_body(words(context))),
			paragraph(m.mail_role_proposed_next()),
			rolesPage(context)
		],
		foot: [m.mail_why_role({ summit })]
	};
}

/** To those who oversee a role: a person now holds it, or no longer. It names nobody. */
export function roleChanged(context: MailContext): Letter {
	const { summit } = words(context);
	const body = context.params['change'] === 'ended' ? m.mail_role_changed_ended : m.mail_role_changed_granted;
	return {
		subject: m.mail_role_changed_subject({ summit }),
		parts: [paragraph(body(words(context))), paragraph(m.mail_role_changed_next()), rolesPage(context)],
		foot: [m.mail_why_role({ summit })]
	};
}

/** A person no longer holds a role. */
export function roleEnded(context: MailContext): Letter {
	const { summit } = words(context);
	return {
		subject: m.mail_role_ended_subject({ summit }),
		parts: [paragraph(m.mail_role_ended_body(words(context))), paragraph(m.mail_role_granted_not_you())],
		foot: foot(context)
	};
}

/** To a new safeguarding lead: others were appointed before while no lead could take part. */
export function leadWithoutLead(context: MailContext): Letter {
	const { summit } = words(context);
	return {
		subject: m.mail_lead_without_lead_subject({ summit }),
		parts: [paragraph(m.mail_lead_without_lead_body({ summit })), rolesPage(context)],
		foot: [m.mail_why_role({ summit })]
	};
}

/** To a deputy for the concerns that no lead may read. */
export function deputyGranted(context: MailContext): Letter {
	const { summit } = words(context);
	return {
		subject: m.mail_deputy_granted_subject({ summit }),
		parts: [
			paragraph(m.mail_deputy_granted_body({ summit })),
			paragraph(m.mail_role_granted_not_you()),
			{ kind: 'action', label: m.mail_action_safeguarding(), url: pageOf(context, '/organise/safeguarding/concerns') }
		],
		foot: foot(context)
	};
}
