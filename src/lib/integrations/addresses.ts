/* The addresses of /api/v1: what each is for, which scope it needs, and what it answers. The routes and the OpenAPI document read it. */
import type { ApiAnswerName } from '#lib/database/api-schemas.ts';
import type { ApiScope } from './scopes.ts';

interface Address {
	/** Null: any key opens it. */
	scope: ApiScope | null;
	answers: ApiAnswerName;
	summary: string;
	detail?: string;
}

/** Lists in pages, by their path. */
export const apiLists = {
	agenda: {
		scope: 'agenda',
		answers: 'AgendaPage',
		summary: 'Times of the published agenda, in their order',
		detail: 'As a visitor sees them. Ask again for all of it when the release is another.'
	},
	sessions: {
		scope: 'sessions',
		answers: 'SessionPage',
		summary: 'Sessions of the published agenda',
		detail: 'As a visitor sees them. The page of a session is /{summit}/sessions/{code}.'
	},
	speakers: {
		scope: 'speakers',
		answers: 'SpeakerPage',
		summary: 'People whom these sessions name',
		detail: 'Under the names that everybody is shown today. The page of a speaker is /{summit}/speakers/{code}.'
	},
	commitments: {
		scope: 'commitments',
		answers: 'CommitmentPage',
		summary: 'Announced commitments that were made for the Summit',
		detail: 'Those for everybody.'
	},
	documents: {
		scope: 'documents',
		answers: 'DocumentPage',
		summary: 'Documents of the library',
		detail: 'Those that everybody may read today, of all Summits.'
	},
	members: { scope: 'members', answers: 'MemberPage', summary: 'Members of the Alliance at the Summit' },
	registrations: {
		scope: 'registration_rows',
		answers: 'RegistrationPage',
		summary: 'Registrations with names',
		detail: 'Without drafts and without under-18s. No address, need or answer is ever part of it.'
	},
	presence: {
		scope: 'presence_rows',
		answers: 'AttendancePage',
		summary: 'Who attended which session, in minutes',
		detail: 'Of sessions for everybody and for members, without under-18s. A page may have fewer rows than its limit.'
	},
	'presence/counts': {
		scope: 'presence',
		answers: 'PresenceCountPage',
		summary: 'How many people attended each session',
		detail: 'Of sessions that everybody sees.'
	}
} as const satisfies Record<string, Address>;
export type ApiListName = keyof typeof apiLists;

/** What is answered as a whole, by its path. */
export const apiWholes = {
	key: { scope: null, answers: 'Key', summary: 'The key of the request: its Summit, scopes and end' },
	'registrations/counts': {
		scope: 'registrations',
		answers: 'RegistrationCounts',
		summary: 'How many registrations there are, by mode and state',
		detail: 'Rounded down to whole groups, so that nobody is recognised; exact for a key that reads the rows.'
	},
	checkpoints: {
		scope: 'check_in',
		answers: 'CheckpointPage',
		summary: 'Checkpoints at which badges are read'
	}
} as const satisfies Record<string, Address>;
