import type { ReaderRole } from './logistics.ts';

/** The roles that may be readers, in English, as organisers' pages are. */
export const readerLabels: Record<ReaderRole, string> = {
	registration: 'Registration',
	programme: 'Agenda',
	finance: 'Finance',
	stage: 'Stage',
	door: 'Door',
	safeguarding: 'Safeguarding'
};
