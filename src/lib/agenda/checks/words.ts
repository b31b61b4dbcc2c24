import { text } from '#lib/i18n/locale.ts';
import { languageName } from '#lib/i18n/names.ts';
import { clock, clockRange, day, zoneCity } from '#lib/i18n/time.ts';
import type { Checks, FindingCode, Finding, CheckLimit, Severity } from './checks.ts';

/** A severity in organisers' words. */
export const severityWords: Record<Severity, string> = {
	block: 'Serious: nothing is released with it',
	warn: 'Warning',
	note: 'A note'
};

/** The name of each check. */
export const codeWords: Record<FindingCode, string> = {
	level_stream: 'A closely held session can be overheard',
	speaker_twice: 'Same person, two rooms',
	speaker_maybe_twice: 'Same person asked for two rooms',
	outside_summit: 'Outside of the Summit',
	room_capacity: 'Room may be too small',
	speaker_travel: 'No time to walk',
	outside_availability: 'Somebody cannot then',
	humane_hours: 'Outside a speaker’s daytime',
	interpreter_pairs: 'Fewer than two interpreters',
	interpreter_hours: 'An interpreter works too long',
	audience_room: 'The room does not fit who attends',
	unconfirmed_speaker: 'Somebody has not accepted',
	equipment_missing: 'Equipment is missing',
	access_missing: 'Not accessible as needed',
	track_parallel: 'Much of one track at once',
	member_parallel: 'One member on parallel stages',
	no_slot: 'No time yet',
	no_people: 'Nobody on stage yet'
};

/** What each limit measures. */
export const limitWords: Record<CheckLimit, string> = {
	floor_minutes: 'Minutes between floors',
	building_minutes: 'Minutes between buildings',
	turn_minutes: 'Minutes that one interpreter works at a stretch, at most',
	day_minutes: 'Minutes that one interpreter works in a day, at most',
	track_limit: 'Sessions of one track at once, at most'
};

/** The problem and its solution, in a sentence or two. */
export function findingWords(finding: Finding, people: Checks['people'], zone: string): string {
	const { detail } = finding;
	const name = people[detail.person ?? ''] || 'Somebody';
	const when =
		detail.start && detail.end ? `${day(detail.start, zone)}, ${clockRange(detail.start, detail.end, zone)}` : '';
	const sentences: Record<FindingCode, () => string> = {
		level_stream: () => 'Anybody may listen in where it is. Choose a room that is shut, or hold it less closely.',
		speaker_twice: () => `${name} is in both, ${when}. Move one, or find somebody else for it.`,
		speaker_maybe_twice: () =>
			`${name} is asked for both, ${when}, and has not agreed to both. Move one, or ask somebody else.`,
		outside_summit: () =>
			`It begins on ${detail.start ? `${day(detail.start, zone)}, ${clock(detail.start, zone)}` : 'another day'}. Move it into the days of the Summit.`,
		room_capacity: () =>
			`${detail.expected} people want it, and there are ${detail.seats} seats. Choose a larger room or add one.`,
		speaker_travel: () =>
			`${name} needs ${detail.minutes} minutes from one to the other and has ${detail.gap}. Move one, or choose rooms that are closer.`,
		outside_availability: () => `${name} is not available, ${when}. Move it or ask them.`,
		humane_hours: () => {
			const there = detail.zone ?? zone;
			const hours = detail.start && detail.end ? clockRange(detail.start, detail.end, there) : '';
			return `It is ${hours} where ${name} is (${zoneCity(there)}). Move it, or ask them.`;
		},
		interpreter_pairs: () =>
			`${languageName(detail.language ?? '')} has ${detail.count === 0 ? 'no interpreter' : 'one interpreter'} who works into it from what is spoken. Two take turns.`,
		interpreter_hours: () =>
			detail.kind === 'turn'
				? `${name} interprets for ${detail.minutes} minutes without a rest of more than ten. Give one of these to somebody else.`
				: `${name} interprets for ${detail.minutes} minutes in one day. Give one of these to somebody else.`,
		audience_room: () =>
			detail.lacks === 'hall'
				? 'People are to attend in a hall, and it is only online. Add a hall, or make it online only.'
				: 'People are to attend online, and no room of it is streamed. Choose another room, or hold it in the hall only.',
		unconfirmed_speaker: () =>
			`${(detail.people ?? []).map((one) => people[one] || 'Somebody').join(', ')} has not answered. Remind them, or enter their answer.`,
		equipment_missing: () =>
			`The room has no ${(detail.things ?? []).join(', no ')}. Bring it there, or choose another room.`,
		access_missing: () => {
			const lacks = [detail.step_free && 'a step-free way in', detail.hearing_loop && 'a hearing loop'].filter(Boolean);
			return `The room has not, or not that we know of, ${lacks.join(' and ')}. Choose another room.`;
		},
		track_parallel: () =>
			`${finding.sessions.length} sessions of “${text(detail.track).text}” run at once. Who follows it can see only one.`,
		member_parallel: () =>
			`People of ${detail.member} are on stage in both at once. Move one, so that they can hear each other.`,
		no_slot: () => 'It is confirmed and has no time. Give it a time, or make it an idea again.',
		no_people: () => 'It is confirmed without a speaker, chair or moderator. Add somebody.'
	};
	return sentences[finding.code]();
}
