import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Contact } from '#lib/summits/summit.ts';
import { isolate, pageOf, summitName, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

type DebriefContact = Pick<Contact, 'label' | 'hours' | 'telephone' | 'mail'>;

const mapParam = (value: unknown) => text(typeof value === 'object' ? (value as TextMap | null) : null).text;

function contactLines({ label, hours, telephone, mail }: DebriefContact): string {
	return [text(label).text, text(hours).text, telephone, mail]
		.filter((line) => line !== null && line !== '')
		.map((line) => isolate(String(line)))
		.join('\n');
}

/** The offer of a debrief to somebody who worked in a session with a content note. */
export function debriefOffered(context: MailContext): Letter {
	const { title, debrief, contacts } = context.params;
	const summit = summitName(context);
	const how = mapParam(debrief)
		.split(/\n{2,}/)
		.filter((part) => part.trim() !== '');
	const who = Array.isArray(contacts) ? (contacts as DebriefContact[]) : [];
	return {
		// The subject does not name the session: it is read over shoulders.
		subject: m.mail_debrief_subject({ summit }),
		parts: [
			paragraph(m.mail_debrief_body({ title: isolate(mapParam(title)) })),
			paragraph(m.mail_debrief_choice()),
			...how.map((part) => paragraph(part)),
			...who.map((contact) => paragraph(contactLines(contact))),
			{ kind: 'action', label: m.mail_action_speaking(), url: pageOf(context, '/speak') }
		],
		foot: [m.mail_why_speaking({ summit }), m.mail_talk({ url: pageOf(context, '/talk') })]
	};
}
