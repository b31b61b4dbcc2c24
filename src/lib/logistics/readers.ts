import { m } from '#lib/i18n/messages.ts';
import type { ReaderRole } from './logistics.ts';

const readerLabels: Record<ReaderRole, () => string> = {
	registration: m.logistics_reader_registration,
	programme: m.ui_agenda,
	finance: m.logistics_reader_finance,
	stage: m.logistics_reader_stage,
	door: m.ui_door,
	safeguarding: m.ui_organise_safeguarding
};

/** A role that may be a reader, in words. */
export const readerLabel = (role: ReaderRole) => readerLabels[role]();
