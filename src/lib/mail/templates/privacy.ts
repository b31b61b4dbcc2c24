import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { day, dayAndClock, zoneCity } from '#lib/i18n/time.ts';
import { textParam, type MailContext } from '../context.ts';
import { paragraph, type Letter } from '../letter.ts';

/** To a person who asked to be erased: when it happens, and how to stop it. */
export function erasureRequested(context: MailContext): Letter {
	const zone = context.zone ?? 'UTC';
	const when = `${dayAndClock(textParam(context, 'due_at'), zone)} (${zoneCity(zone)})`;
	return {
		subject: m.mail_erasure_requested_subject({ when }),
		parts: [
			paragraph(m.mail_erasure_requested_body({ when })),
			paragraph(m.mail_erasure_requested_not_you()),
			{ kind: 'action', label: m.mail_erasure_requested_action(), url: `${context.origin}${href('/account/data')}` }
		],
		foot: [m.mail_erasure_requested_why()]
	};
}

/** To a person who has not used their account for long: when it is erased, and that signing in keeps it. */
export function accountInactive(context: MailContext): Letter {
	const zone = context.zone ?? 'UTC';
	const date = (name: string) => day(textParam(context, name), zone, { weekday: 'none', year: true });
	const erased = date('erased_on');
	return {
		subject: m.mail_account_inactive_subject({ erased }),
		parts: [
			paragraph(m.mail_account_inactive_body({ since: date('since'), erased })),
			paragraph(m.mail_account_inactive_nothing()),
			{ kind: 'action', label: m.mail_account_inactive_action(), url: `${context.origin}${href('/sign-in')}` }
		],
		foot: [m.mail_account_inactive_why()]
	};
}

/** To a person for whose account somebody asked for a copy of their data. */
export function dataCopyRequested(context: MailContext): Letter {
	return {
		subject: m.mail_data_copy_requested_subject(),
		parts: [
			paragraph(m.mail_data_copy_requested_body()),
			paragraph(m.mail_data_copy_requested_not_you()),
			{ kind: 'action', label: m.mail_data_copy_requested_action(), url: `${context.origin}${href('/account/data')}` }
		],
		foot: [m.mail_data_copy_requested_why()]
	};
}
