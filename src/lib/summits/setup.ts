/* The guided set-up of a new Summit: its steps, and which of them its data shows as done. No I/O. */
import type { LaunchItem } from '#lib/database/answers/organising.ts';
import { m } from '#lib/i18n/messages.ts';
import type { Contact, Summit } from './summit.ts';

/** The steps in order; each is a page below `/[summit]/organise/setup`. */
export const setupSteps = [
	'place',
	'languages',
	'seats',
	'fees',
	'contacts',
	'texts',
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
	texts: m.summits_setup_texts,
	announcement: m.summits_setup_announcement,
	agenda: m.summits_setup_agenda,
	open: m.summits_setup_open
};

/** The title of a step: "Seats". */
export const setupTitle = (step: SetupStep): string => titles[step]();

/** The kinds of contacts that the set-up asks for. */
export const setupContacts = ['general', 'safeguarding', 'privacy'] as const satisfies readonly Contact['kind'][];

/** What the steps are recognised from; `items` is the checklist before the Summit opens. */
export interface SetupFacts {
	summit: Pick<Summit, 'state' | 'name' | 'languages' | 'contacts'>;
	items: readonly Pick<LaunchItem, 'key' | 'done'>[];
	/** How many messages to groups were written, drafts included. */
	messages: number;
}

/** The steps in which an item of the checklist is done. Its other items are done elsewhere. */
export const stepOfItem: Partial<Record<LaunchItem['key'], SetupStep>> = {
	place: 'place',
	seats: 'seats',
	fees: 'fees',
	contact: 'contacts',
	safeguarding_contact: 'contacts',
	texts: 'texts',
	consents: 'texts',
	release: 'agenda',
	registration: 'open'
};

/** The steps that are done. */
export function doneSteps({ summit, items, messages }: SetupFacts): SetupStep[] {
	const open = items.filter(({ done }) => !done).map(({ key }) => key);
	const isReachable = (kind: Contact['kind']) =>
		summit.contacts.some((contact) => contact.kind === kind && (contact.mail ?? contact.telephone));
	return setupSteps.filter((step) => {
		if (step === 'open') return summit.state !== 'draft';
		if (open.some((key) => stepOfItem[key] === step)) return false;
		switch (step) {
			case 'place':
				return summit.languages.every((tag) => summit.name[tag]);
			case 'contacts':
				return setupContacts.every(isReachable);
			case 'announcement':
				return messages > 0;
			default:
				return true;
		}
	});
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
