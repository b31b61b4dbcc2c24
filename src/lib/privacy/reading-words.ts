import type { Reading } from '#lib/database/answers/privacy.ts';
import { m } from '#lib/i18n/messages.ts';

/** What somebody looked at. */
export const readingWords: Record<Reading['kind'], () => string> = {
	protection: m.privacy_reading_protection,
	name: m.privacy_reading_name,
	needs: m.privacy_reading_needs,
	emergency_contact: m.privacy_reading_emergency_contact,
	history: m.privacy_reading_history,
	answers: m.privacy_reading_answers,
	host_list: m.privacy_reading_host_list
};
