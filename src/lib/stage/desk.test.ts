import { describe, expect, test } from 'vitest';
import { stageAlarms, type DeskPerson, type DeskRun } from './desk.ts';
import { stageRefusal } from './words.ts';

const now = Date.parse('2027-06-09T10:00:00.000Z');
const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString();

function person(role: 'host' | 'speaker', given: Partial<DeskPerson> = {}): DeskPerson {
	return {
		code: role,
		display_name: role,
		office: '',
		affiliation: '',
		role,
		identity: role,
		is_on_stage: false,
		is_kept_off: false,
		is_silenced: false,
		is_run_host: false,
		is_barred: false,
		is_connected: false,
		is_behind: false,
		...given
	};
}

function run(state: DeskRun['state'], people: DeskPerson[], given: Partial<DeskRun> = {}, endsIn = 30): DeskRun {
	return {
		id: 'run',
		state,
		started_at: null,
		room: { slug: 'plenary', name: { original: 'en', en: 'Plenary' } },
		session: { start: at(3) } as DeskRun['session'],
		flow: { starts_at: null, ends_at: at(endsIn) } as DeskRun['flow'],
		people,
		announcement: null,
		viewers: 0,
		signed_out_viewers: 0,
		listening: { reading: 0, late: 0, by_language: [] },
		hall: null,
		camera: {
			is_off: false,
			stage: [],
			called: 0,
			unanswered: 0,
			hall: null,
			area: '',
			recording: 'no',
			without_consent: 0
		},
		languages: [],
		hands: 0,
		questions: 0,
		recording: null,
		is_recording_silent: false,
		has_recording_lost_sound: false,
		...given
	};
}

describe('warnings for the stage manager', () => {
	const here = { is_on_stage: true, is_connected: true };

	test('are empty while all are there and on time', () => {
		expect(stageAlarms(run('live', [person('host', here), person('speaker', here)]), now)).toEqual([]);
		expect(stageAlarms(run('waiting', [person('host', { is_behind: true })]), now)).toEqual([]);
	});

	test('name a run without a host, also in its green room', () => {
		expect(stageAlarms(run('live', [person('host'), person('speaker', here)]), now)).toEqual(['no_host']);
		expect(stageAlarms(run('live', [person('host', { is_behind: true }), person('speaker', here)]), now)).toEqual([]);
	});

	test('name a live stage without people', () => {
		const absent = person('speaker', { is_on_stage: true });
		expect(stageAlarms(run('live', [person('host', { is_connected: true }), absent]), now)).toEqual(['empty_stage']);
		expect(stageAlarms(run('paused', [person('host', { is_connected: true }), absent]), now)).toEqual([]);
	});

	test('name a speaker who is missing five minutes before', () => {
		const people = [person('host', { is_behind: true }), person('speaker')];
		expect(stageAlarms(run('waiting', people), now)).toEqual(['speakers_missing']);
		expect(stageAlarms(run('waiting', people, { session: { start: at(6) } as DeskRun['session'] }), now)).toEqual([]);
		expect(stageAlarms(run('waiting', [people[0] as DeskPerson, person('speaker', { is_barred: true })]), now)).toEqual(
			[]
		);
	});

	test('name a session over its time, and a booth without an interpreter', () => {
		const people = [person('host', here)];
		expect(stageAlarms(run('live', people, {}, -2), now)).toEqual(['over']);
		const languages = [{ language: 'fr', is_on_air: false }];
		expect(stageAlarms(run('live', people, { languages }), now)).toEqual(['silent_booth']);
	});

	test('name a stage without audio for half a minute, once the desk listens', () => {
		const live = run('live', [person('host', here)]);
		const readings = (ago: number | null) => ({ at: ago === null ? null : now - ago, poor: [] });
		expect(stageAlarms(live, now, readings(31_000))).toEqual(['silent']);
		expect(stageAlarms(live, now, readings(29_000))).toEqual([]);
		expect(stageAlarms(live, now, readings(null))).toEqual([]);
		expect(stageAlarms(run('paused', [person('host', here)]), now, readings(31_000))).toEqual([]);
	});

	test('name a lost hall, a failed recording, and a poor connection on stage', () => {
		const people = [person('host', here)];
		const hall = (is_lost: boolean) => ({ hall: { identity: 'hall', is_lost } });
		const lost = { at: null, poor: [], lost: [hall(false).hall.identity] };
		expect(stageAlarms(run('live', people, hall(false)), now, lost)).toEqual(['hall_lost']);
		expect(stageAlarms(run('live', people, hall(true)), now)).toEqual(['hall_lost']);
		expect(stageAlarms(run('waiting', people, hall(true)), now)).toEqual([]);
		expect(stageAlarms(run('live', people, hall(false)), now)).toEqual([]);
		expect(stageAlarms(run('live', people, { is_recording_silent: true }), now)).toEqual(['recording']);
		expect(stageAlarms(run('live', people, { has_recording_lost_sound: true }), now)).toEqual(['recording_sound']);
		expect(stageAlarms(run('live', people), now, { at: now, poor: ['host'] })).toEqual(['poor_line']);
	});
});

test('an act on what is gone, or that the level does not allow, is refused in words', () => {
	expect(stageRefusal('not_found')).toMatch('no longer there');
	expect(stageRefusal('not_registered')).not.toBe('');
});
