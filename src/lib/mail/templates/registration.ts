import { joinFacts } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { dateRange } from '#lib/i18n/time.ts';
import { inHall, isolate, momentParam, pageOf, summitName, textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter, type MailPart } from '../letter.ts';

const untilNames = ['until', 'held_until', 'deadline', 'due_at'];

/** The footer of every mail about a registration. */
export function registrationFoot(context: MailContext): string[] {
	return [m.mail_why_registration({ summit: summitName(context) }), m.mail_talk({ url: pageOf(context, '/talk') })];
}

function letter(context: MailContext, subject: string, ...parts: (MailPart | null | false)[]): Letter {
	return { subject, parts: parts.filter((part) => part !== null && part !== false), foot: registrationFoot(context) };
}

function referenceFact(context: MailContext): MailPart | null {
	const reference = textParam(context, 'reference');
	return reference ? { kind: 'facts', facts: [{ label: m.mail_fact_reference(), value: isolate(reference) }] } : null;
}

function myPage(context: MailContext): MailPart {
	return { kind: 'action', label: m.mail_action_my_page(), url: pageOf(context, '/me') };
}

/** A seat is held while the organisers decide. */
export function registrationReceived(context: MailContext): Letter {
	const summit = summitName(context);
	const until = momentParam(context, ...untilNames);
	const hall = inHall(context);
	return letter(
		context,
		m.mail_registration_received_subject({ summit }),
		paragraph(hall ? m.mail_received_in_person() : m.mail_received_virtual()),
		until !== null && paragraph(m.mail_received_until({ until })),
		paragraph(m.mail_received_next()),
		hall && paragraph(m.mail_travel_wait()),
		referenceFact(context),
		myPage(context)
	);
}

/** No seat was free: the person is in the queue. */
export function registrationQueued(context: MailContext): Letter {
	const position = textParam(context, 'position', 'queue_position');
	const ofMember = textParam(context, 'queue_reason', 'reason') === 'allocation';
	const hall = inHall(context);
	return letter(
		context,
		m.mail_registration_queued_subject({ summit: summitName(context) }),
		paragraph(ofMember ? m.mail_queued_allocation() : hall ? m.mail_queued_in_person() : m.mail_queued_virtual()),
		paragraph(position ? m.mail_queued_position({ position }) : m.mail_queued_place()),
		paragraph(m.mail_queued_next()),
		hall && paragraph(m.mail_travel_wait()),
		referenceFact(context),
		myPage(context)
	);
}

/** The organisers declined, with their reason. */
export function registrationDeclined(context: MailContext): Letter {
	const reason = textParam(context, 'reason');
	return letter(
		context,
		m.mail_registration_declined_subject({ summit: summitName(context) }),
		paragraph(m.mail_declined_body({ summit: summitName(context) })),
		reason !== '' && paragraph(m.mail_they_wrote()),
		reason !== '' && { kind: 'quote', text: reason },
		paragraph(m.mail_declined_help()),
		referenceFact(context)
	);
}

/** The seat is confirmed. */
export function registrationConfirmed(context: MailContext): Letter {
	const { summit } = context;
	const hall = inHall(context);
	const facts = [];
	if (summit) {
		const venue = [text(summit.venue_name).text, text(summit.city).text].filter((name) => name !== '');
		facts.push({ label: m.mail_fact_when(), value: dateRange(summit.starts_on, summit.ends_on) });
		if (hall && venue.length > 0) facts.push({ label: m.mail_fact_where(), value: isolate(joinFacts(venue)) });
	}
	const reference = textParam(context, 'reference');
	if (reference) facts.push({ label: m.mail_fact_reference(), value: isolate(reference) });
	return letter(
		context,
		m.mail_registration_confirmed_subject({ summit: summitName(context) }),
		paragraph(hall ? m.mail_confirmed_in_person() : m.mail_confirmed_virtual()),
		facts.length > 0 && { kind: 'facts', facts },
		hall ? { kind: 'action', label: m.mail_action_badge(), url: pageOf(context, '/me/badge') } : myPage(context)
	);
}

/** A seat is offered to the next in the queue. */
export function offerMade(context: MailContext): Letter {
	const until = momentParam(context, ...untilNames);
	return letter(
		context,
		m.mail_offer_made_subject({ summit: summitName(context) }),
		paragraph(inHall(context) ? m.mail_offer_in_person() : m.mail_offer_virtual()),
		until !== null && paragraph(m.mail_offer_until({ until })),
		paragraph(m.mail_offer_else()),
		{ kind: 'action', label: m.mail_action_answer(), url: pageOf(context, '/me') }
	);
}

/** The offer expired without an answer. */
export function offerLapsed(context: MailContext): Letter {
	return letter(
		context,
		m.mail_offer_lapsed_subject({ summit: summitName(context) }),
		paragraph(inHall(context) ? m.mail_lapsed_in_person() : m.mail_lapsed_virtual()),
		paragraph(m.mail_lapsed_rest()),
		myPage(context)
	);
}

/** Withdrawn, by the person or on their behalf. */
export function registrationWithdrawn(context: MailContext): Letter {
	const reason = textParam(context, 'reason');
	return letter(
		context,
		m.mail_registration_withdrawn_subject({ summit: summitName(context) }),
		paragraph(m.mail_withdrawn_body({ summit: summitName(context) })),
		reason !== '' && paragraph(m.mail_withdrawn_reason()),
		reason !== '' && { kind: 'quote', text: reason },
		context.params['refund'] !== 0 && paragraph(m.mail_withdrawn_refund()),
		paragraph(m.mail_withdrawn_not_you()),
		referenceFact(context)
	);
}

function asked(context: MailContext, subject: string, body: string): Letter {
	const until = momentParam(context, ...untilNames);
	return letter(
		context,
		subject,
		paragraph(body),
		paragraph(m.mail_they_wrote()),
		{ kind: 'quote', text: textParam(context, 'question') },
		until !== null && paragraph(m.mail_information_until({ until })),
		referenceFact(context),
		{ kind: 'action', label: m.mail_information_action(), url: pageOf(context, '/me') }
	);
}

/** The organisers ask the person for more information. */
export function informationRequested(context: MailContext): Letter {
	return asked(context, m.mail_information_subject({ summit: summitName(context) }), m.mail_information_body());
}

/** A reminder of that request, before its deadline. */
export function informationReminder(context: MailContext): Letter {
	return asked(
		context,
		m.mail_information_reminder_subject({ summit: summitName(context) }),
		m.mail_information_reminder_body()
	);
}

/** The organisers have linked the reader to a person under 18. */
export function guardianRequested(context: MailContext): Letter {
	const summit = summitName(context);
	return letter(
		context,
		m.mail_guardian_subject({ summit }),
		paragraph(m.mail_guardian_body({ summit })),
		paragraph(m.mail_guardian_what()),
		myPage(context)
	);
}

/** A held seat expired. */
export function registrationExpired(context: MailContext): Letter {
	return letter(
		context,
		m.mail_registration_expired_subject({ summit: summitName(context) }),
		paragraph(m.mail_expired_body({ summit: summitName(context) })),
		paragraph(m.mail_expired_again()),
		referenceFact(context),
		{ kind: 'action', label: m.mail_action_site(), url: pageOf(context) }
	);
}
