import { csvFaultWords } from '#lib/files/csv-words.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { otherKindWords } from '#lib/imports/words.ts';
import { exchangeLimit, type ExchangeFault } from './file.ts';

/** A fault as sentences for organisers: what is wrong, and in which line. */
export function exchangeFaultWords(fault: ExchangeFault): string {
	const words = sentenceOf(fault);
	return fault.line ? `${words} ${m.calendar_fault_line({ line: number(fault.line) })}` : words;
}

function sentenceOf({ code, detail = '', csv, kind }: ExchangeFault): string {
	switch (code) {
		case 'empty':
			return m.calendar_fault_empty();
		case 'too_large':
			return m.calendar_fault_too_large({ most: number(exchangeLimit.bytes / 1_000_000) });
		case 'too_many':
			return m.calendar_fault_too_many({ most: number(exchangeLimit.events) });
		case 'compressed':
			return m.calendar_fault_compressed();
		case 'encoding':
			return m.calendar_fault_encoding({ encoding: isolated(detail) });
		case 'doctype':
			return m.calendar_fault_doctype();
		case 'malformed':
			return m.calendar_fault_malformed();
		case 'deep':
			return m.calendar_fault_deep();
		case 'no_schedule':
			return m.calendar_fault_no_schedule();
		case 'no_columns':
			return m.calendar_fault_no_columns({ line: isolated(detail) });
		case 'other_kind':
			return kind ? otherKindWords(kind) : m.calendar_fault_no_schedule();
		case 'csv':
			return csv ? csvFaultWords(csv) : m.calendar_fault_table();
	}
}
