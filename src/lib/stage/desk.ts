import { minutesLeft } from './flow.ts';
import type { ListedPerson, ListedRun } from '#lib/database/answers/stage/rooms.ts';

/** A person of a session as the desk sees them; `is_behind`: they wait in the green room. */
export type DeskPerson = ListedPerson & { is_behind: boolean };

/** A run as the desk shows it. */
export type DeskRun = Omit<ListedRun, 'people'> & { people: DeskPerson[] };

/** The monitor's readings of a run. */
interface MonitorReadings {
	/** When somebody was last heard, or monitoring began; null while it does not run. */
	at: number | null;
	/** Identities on stage with a poor or lost connection. */
	poor: readonly string[];
	/** Identities from which no media arrive any more, though LiveKit still lists them. */
	lost?: readonly string[];
}

/** A warning for the stage manager, most severe first. */
export type StageAlarm =
	| 'no_host'
	| 'empty_stage'
	| 'silent'
	| 'hall_lost'
	| 'recording'
	| 'recording_sound'
	| 'poor_line'
	| 'speakers_missing'
	| 'over'
	| 'silent_booth';

const soon = 5 * 60_000;
/** How long silence lasts before a warning; a film or a minute of silence may be intended. Milliseconds. */
const silence = 30_000;

const unheard: MonitorReadings = { at: null, poor: [] };

/** The warnings of a run at a moment. */
export function stageAlarms(run: DeskRun, now: number, readings: MonitorReadings = unheard): StageAlarm[] {
	const isOn = run.state === 'live' || run.state === 'paused';
	const isHere = (person: DeskPerson) => person.is_connected || person.is_behind;
	const hosts = run.people.filter(({ role }) => role === 'host');
	const speakers = run.people.filter(({ role, is_barred }) => (role === 'host' || role === 'speaker') && !is_barred);
	const start = Date.parse(run.flow.starts_at ?? run.session.start ?? '');
	const alarms: Record<StageAlarm, boolean> = {
		no_host: isOn && !hosts.some(isHere),
		// A workshop has no stage.
		empty_stage:
			run.state === 'live' &&
			run.session.stage_format !== 'meeting' &&
			!run.people.some((person) => person.is_on_stage && person.is_connected),
		silent: run.state === 'live' && readings.at !== null && now - readings.at > silence,
		hall_lost: isOn && run.hall !== null && (run.hall.is_lost || readings.lost?.includes(run.hall.identity) === true),
		recording: run.is_recording_silent,
		recording_sound: run.has_recording_lost_sound,
		poor_line: run.state === 'live' && readings.poor.length > 0,
		speakers_missing: run.state === 'waiting' && start - now <= soon && speakers.some((person) => !isHere(person)),
		over: isOn && run.flow.ends_at !== null && minutesLeft(run.flow.ends_at, now) < 0,
		silent_booth: run.state === 'live' && run.languages.some(({ is_on_air }) => !is_on_air)
	};
	return (Object.keys(alarms) as StageAlarm[]).filter((alarm) => alarms[alarm]);
}
