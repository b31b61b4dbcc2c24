/* The guided set-up of a new Summit: its steps, and which of them its data shows as done. No I/O. */
import { m } from '#lib/i18n/messages.ts';
import { modes } from '#lib/registration/registration.ts';
import type { SeatRules } from './seat-rules.ts';
import type { Contact, Summit } from './summit.ts';

/** The steps in order; each is a page below `/[summit]/organise/setup`. */
export const setupSteps = [
	'place',
	'languages',
	'seats',
	'fees',
	'contacts',
	'announcement',
	'agenda',
	'open'
] as const;
export type SetupStep = (typeof setupSteps)[number];

const titles: Record<SetupStep, () => string> = {
	place: m.summits_setup_place,
	languages: m.summits_setup_languages,
	seats: m.summits_setup_seats,
	fees: m.summits_setup_fees,
	contacts: m.summits_setup_contacts,
	announcement: m.summits_setup_announcement,
	agenda: m.summits_setup_agenda,
	open: m.summits_setup_open
};

/** The title of a step: "Seats". */
export const setupTitle = (step: SetupStep): string => titles[step]();

/** The kinds of contacts that the set-up asks for. */
export const setupContacts = ['general', 'safeguarding', 'privacy'] as const satisfies readonly Contact['kind'][];

/** What the steps are recognised from. */
export interface SetupFacts {
	summit: Pick<Summit, 'state' | 'city' | 'venue_name' | 'languages' | 'contacts' | 'release'>;
	seats: SeatRules;
	/** How many messages to groups were written, drafts included. */
	messages: number;
}

const isWritten = (text: object) => Object.keys(text).length > 0;

/** Whether the members of a sector at least have seats in some mode. */
function hasSeats({ capacities, ceilings }: SeatRules): boolean {
	return modes.some(
		(mode) => (capacities[mode] ?? 0) > 0 && Object.values(ceilings).some((each) => (each[mode] ?? 0) > 0)
	);
}

/** The steps that are done. Seats without fees are free of charge, so fees are always settled. */
export function doneSteps({ summit, seats, messages }: SetupFacts): SetupStep[] {
	const reachable = summit.contacts.filter(({ mail, telephone }) => mail ?? telephone).map(({ kind }) => kind);
	const done: Record<SetupStep, boolean> = {
		place: isWritten(summit.city) || isWritten(summit.venue_name),
		languages: summit.languages.length > 0,
		seats: hasSeats(seats),
		fees: true,
		contacts: setupContacts.every((kind) => reachable.includes(kind)),
		announcement: messages > 0,
		agenda: summit.release !== null,
		open: summit.state !== 'draft'
	};
	return setupSteps.filter((step) => done[step]);
}

/** The first step that is not done; the last when all are. */
export function nextStep(done: readonly SetupStep[]): SetupStep {
	return setupSteps.find((step) => !done.includes(step)) ?? 'open';
}

/** The address of the step after one, or before it (`by` -1); null where there is none. */
export function stepBeside(step: SetupStep, by: 1 | -1): SetupStep | null {
	return setupSteps[setupSteps.indexOf(step) + by] ?? null;
}

/** The address of a step. */
export const setupPath = (slug: string, step: SetupStep): string => `/${slug}/organise/setup/${step}`;
