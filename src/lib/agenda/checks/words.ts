import { joinFacts, joinList } from '#lib/i18n/list.ts';
import { text } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { languageName } from '#lib/i18n/names.ts';
import { clock, clockRange, day, zoneCity } from '#lib/i18n/time.ts';
import type { Checks, FindingCode, Finding, CheckLimit, Severity } from './checks.ts';

/** A severity in organisers' words. */
export const severityWord = (severity: Severity): string =>
	({ block: m.agenda_checks_block, warn: m.agenda_checks_warn, note: m.agenda_checks_note })[severity]();

/** The same in a word. */
export const severityShort = (severity: Severity): string =>
	({ block: m.agenda_checks_block_short, warn: m.agenda_checks_warn_short, note: m.agenda_checks_note_short })[
		severity
	]();

/** The name of a check. */
export function codeWord(code: FindingCode): string {
	return {
		level_stream: m.agenda_check_level_stream,
		speaker_twice: m.agenda_check_speaker_twice,
		speaker_maybe_twice: m.agenda_check_speaker_maybe_twice,
		outside_summit: m.agenda_check_outside_summit,
		room_capacity: m.agenda_check_room_capacity,
		speaker_travel: m.agenda_check_speaker_travel,
		outside_availability: m.agenda_check_outside_availability,
		humane_hours: m.agenda_check_humane_hours,
		interpreter_pairs: m.agenda_check_interpreter_pairs,
		interpreter_hours: m.agenda_check_interpreter_hours,
		audience_room: m.agenda_check_audience_room,
		unconfirmed_speaker: m.agenda_check_unconfirmed_speaker,
		equipment_missing: m.agenda_check_equipment_missing,
		access_missing: m.agenda_check_access_missing,
		track_parallel: m.agenda_check_track_parallel,
		member_parallel: m.agenda_check_member_parallel,
		no_slot: m.agenda_check_no_slot,
		no_people: m.agenda_check_no_people
	}[code]();
}

/** How many findings of a check there are, in words. */
export function findingsWord(code: FindingCode, count: number): string {
	return {
		level_stream: m.agenda_findings_level_stream,
		speaker_twice: m.agenda_findings_speaker_twice,
		speaker_maybe_twice: m.agenda_findings_speaker_maybe_twice,
		outside_summit: m.agenda_findings_outside_summit,
		room_capacity: m.agenda_findings_room_capacity,
		speaker_travel: m.agenda_findings_speaker_travel,
		outside_availability: m.agenda_findings_outside_availability,
		humane_hours: m.agenda_findings_humane_hours,
		interpreter_pairs: m.agenda_findings_interpreter_pairs,
		interpreter_hours: m.agenda_findings_interpreter_hours,
		audience_room: m.agenda_findings_audience_room,
		unconfirmed_speaker: m.agenda_findings_unconfirmed_speaker,
		equipment_missing: m.agenda_findings_equipment_missing,
		access_missing: m.agenda_findings_access_missing,
		track_parallel: m.agenda_findings_track_parallel,
		member_parallel: m.agenda_findings_member_parallel,
		no_slot: m.agenda_findings_no_slot,
		no_people: m.agenda_findings_no_people
	}[code]({ count });
}

/** What a limit measures. */
export function limitWord(limit: CheckLimit): string {
	return {
		floor_minutes: m.agenda_limit_floor_minutes,
		building_minutes: m.agenda_limit_building_minutes,
		turn_minutes: m.agenda_limit_turn_minutes,
		day_minutes: m.agenda_limit_day_minutes,
		track_limit: m.agenda_limit_track_limit
	}[limit]();
}

/** The problem and its solution, in a sentence or two. */
export function findingWords(finding: Finding, people: Checks['people'], zone: string): string {
	const { detail } = finding;
	const somebody = (person: string) => people[person] || m.agenda_check_somebody();
	const name = somebody(detail.person ?? '');
	const { start, end, minutes = 0 } = detail;
	const when = start && end ? joinFacts([day(start, zone), clockRange(start, end, zone)]) : '';
	const there = detail.zone ?? zone;
	const sentences: Record<FindingCode, () => string> = {
		level_stream: () => m.agenda_found_level_stream(),
		speaker_twice: () => m.agenda_found_speaker_twice({ name, when }),
		speaker_maybe_twice: () => m.agenda_found_speaker_maybe_twice({ name, when }),
		outside_summit: () =>
			m.agenda_found_outside_summit({ when: start ? joinFacts([day(start, zone), clock(start, zone)]) : '' }),
		room_capacity: () => m.agenda_found_room_capacity({ expected: detail.expected ?? 0, seats: detail.seats ?? 0 }),
		speaker_travel: () => m.agenda_found_speaker_travel({ name, minutes, gap: detail.gap ?? 0 }),
		outside_availability: () => m.agenda_found_outside_availability({ name, when }),
		humane_hours: () =>
			m.agenda_found_humane_hours({
				name,
				hours: start && end ? clockRange(start, end, there) : '',
				city: zoneCity(there)
			}),
		interpreter_pairs: () =>
			(detail.count === 0 ? m.agenda_found_no_interpreter : m.agenda_found_one_interpreter)({
				language: languageName(detail.language ?? '')
			}),
		interpreter_hours: () =>
			(detail.kind === 'turn' ? m.agenda_found_interpreter_turn : m.agenda_found_interpreter_day)({ name, minutes }),
		audience_room: () => (detail.lacks === 'hall' ? m.agenda_found_no_hall() : m.agenda_found_no_stream()),
		unconfirmed_speaker: () => m.agenda_found_unconfirmed({ names: joinList((detail.people ?? []).map(somebody)) }),
		equipment_missing: () => m.agenda_found_equipment({ things: joinList(detail.things ?? []) }),
		access_missing: () =>
			m.agenda_found_access({
				things: joinList(
					[
						detail.step_free ? m.agenda_builder_step_free() : '',
						detail.hearing_loop ? m.agenda_builder_hearing_loop() : ''
					].filter(Boolean)
				)
			}),
		track_parallel: () =>
			m.agenda_found_track_parallel({ count: finding.sessions.length, track: text(detail.track).text }),
		member_parallel: () => m.agenda_found_member_parallel({ member: detail.member ?? '' }),
		no_slot: () => m.agenda_found_no_slot(),
		no_people: () => m.agenda_found_no_people()
	};
	return sentences[finding.code]();
}
