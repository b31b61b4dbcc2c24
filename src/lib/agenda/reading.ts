import type { Agenda } from './session.ts';

export type { SessionPage, SpeakerPage } from '#lib/database/answers/agenda/sessions.ts';

/** What somebody sees who may not read the Summit. */
export const emptyAgenda: Agenda = { release: null, sessions: [] };
