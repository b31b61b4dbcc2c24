import type { MeetingStaffRoom } from '#lib/database/answers/meetings.ts';
import { m } from '#lib/i18n/messages.ts';

/** Where the bar of a page of a meeting's staff leads back to: who is not of its group finds no page of the meeting. */
export function staffBar({ group, code, is_in_group }: MeetingStaffRoom) {
	return {
		place: group.name,
		back: is_in_group ? `/community/groups/${group.code}/meetings/${code}` : '/community/groups',
		label: is_in_group ? m.meetings_room_back() : m.community_groups()
	};
}
