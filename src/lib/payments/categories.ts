import { m } from '#lib/i18n/messages.ts';

/** The categories of registrations as those who pay a fee, in the reader's words. */
export const categoryNames = (): Record<string, string> => ({
	delegate: m.payments_who_delegate(),
	speaker: m.payments_who_speaker(),
	guest: m.payments_who_guest(),
	staff: m.payments_who_staff(),
	crew: m.payments_who_crew(),
	interpreter: m.payments_who_interpreter(),
	press: m.payments_who_press(),
	security: m.payments_who_security(),
	guardian: m.payments_who_guardian()
});
