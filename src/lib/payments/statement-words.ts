import { csvFaultWords } from '#lib/files/csv-words.ts';
import { m } from '#lib/i18n/messages.ts';
import type { StatementFault } from './statement-file.ts';

/** Why a bank file cannot be read, as a sentence. */
export const statementFaultWords = (fault: StatementFault) =>
	fault.code === 'no_table' ? m.payments_bank_no_table() : csvFaultWords(fault);
