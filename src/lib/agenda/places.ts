import { m } from '#lib/i18n/messages.ts';
import type { AccessChannel, Places, ChannelPlaces } from '#lib/database/answers/agenda/sessions.ts';

export type { AccessChannel, ListedPlaces, Places } from '#lib/database/answers/agenda/sessions.ts';

/** Where a place is required: nowhere, at the door, or at the door and for the stream. */
export const placesFor = ['none', 'door', 'both'] as const;
export type PlacesFor = (typeof placesFor)[number];

/** What a place is needed for, in a sentence. */
export function neededSentence({
	channels,
	enforced_at_entry
}: Pick<Places, 'channels' | 'enforced_at_entry'>): string {
	const limited = (channel: AccessChannel) => channels.some((one) => one.channel === channel);
	const [door, stream] = [
		limited('hall') && enforced_at_entry !== 'none',
		limited('online') && enforced_at_entry === 'both'
	];
	if (door && stream) return m.agenda_places_needed();
	if (door) return m.agenda_places_needed_hall();
	return stream ? m.agenda_places_needed_online() : m.agenda_places_needed_nowhere();
}

/** A person's place, in a sentence; '' for none. */
export function ownPlaceSentence({ mine }: Pick<Places, 'mine'>): string {
	if (mine === null) return '';
	if (mine.state === 'waiting') return m.agenda_places_turn({ position: mine.position ?? 1 });
	return mine.channel === 'hall' ? m.agenda_places_mine_hall() : m.agenda_places_mine_online();
}

/** The text of a mode's button. */
export function signUpWord({ channel, left, waiting }: ChannelPlaces): string {
	const free = left > 0 && waiting === 0;
	if (channel === 'hall') return free ? m.agenda_places_sign_up_hall() : m.agenda_places_wait_hall();
	return free ? m.agenda_places_sign_up_online() : m.agenda_places_wait_online();
}
