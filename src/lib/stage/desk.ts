import { minutesLeft, type StageFlow } from './flow.ts';
import type { RunState, StagePerson, StageRoom, StageSession } from './stage.ts';

/** Somebody of a session as the desk sees them. */
export interface DeskPerson extends StagePerson {
	/** LiveKit has them on the stage of the run. */
	is_connected: boolean;
	/** They wait in the green room. */
	is_behind: boolean;
}

/** A run as the desk shows it. */
export interface DeskRun {
	id: string;
	state: RunState;
	started_at: string | null;
	room: StageRoom;
	session: StageSession;
	flow: StageFlow;
	people: DeskPerson[];
	/** Registered people who watch; strangers leave no row and are not counted. */
	viewers: number;
	languages: { language: string; is_on_air: boolean }[];
	hands: number;
	questions: number;
	recording: 'wanted' | 'running' | 'paused' | null;
}

/** Something that needs the stage manager, worst first. */
export type Alarm = 'no_host' | 'empty_stage' | 'speakers_missing' | 'over' | 'silent_booth';

const soon = 5 * 60_000;

/** What is wrong with a run at a moment. */
export function alarmsOf(run: DeskRun, now: number): Alarm[] {
	const isOn = run.state === 'live' || run.state === 'paused';
	const isHere = (person: DeskPerson) => person.is_connected || person.is_behind;
	const hosts = run.people.filter(({ role }) => role === 'host');
	const speakers = run.people.filter(({ role, is_barred }) => (role === 'host' || role === 'speaker') && !is_barred);
	const start = Date.parse(run.flow.starts_at ?? run.session.start ?? '');
	const alarms: Record<Alarm, boolean> = {
		no_host: isOn && !hosts.some(isHere),
		empty_stage: run.state === 'live' && !run.people.some((person) => person.is_on_stage && person.is_connected),
		speakers_missing: run.state === 'waiting' && start - now <= soon && speakers.some((person) => !isHere(person)),
		over: isOn && run.flow.ends_at !== null && minutesLeft(run.flow.ends_at, now) < 0,
		silent_booth: run.state === 'live' && run.languages.some(({ is_on_air }) => !is_on_air)
	};
	return (Object.keys(alarms) as Alarm[]).filter((alarm) => alarms[alarm]);
}
