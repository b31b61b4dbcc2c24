import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import type { Locale } from '#lib/i18n/locale.ts';

/** Remembers the language in which a person signs in for the first time, for their mails. */
export async function saveFirstLanguage(client: DataClient, locale: Locale): Promise<void> {
	const { data, error } = await client.from('person_preferences').select('locale, time_zone').limit(1);
	if (!error && !data[0]?.locale)
		await rpc(client, 'save_preferences', { locale, time_zone: data[0]?.time_zone ?? null });
}

/** Saves the person's choice. */
export async function savePreferences(client: DataClient, locale: Locale, timeZone: string | null) {
	return rpc(client, 'save_preferences', { locale, time_zone: timeZone });
}
