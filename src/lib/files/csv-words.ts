import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import type { CsvFault } from './csv.ts';

/** A fault as a sentence for organisers. */
export function csvFaultWords({ code, line, limit }: CsvFault): string {
	const most = number(limit ?? 0);
	switch (code) {
		case 'empty':
			return m.files_csv_empty();
		case 'too_large':
			return m.files_csv_too_large({ most: number(Math.round((limit ?? 0) / 1_000_000)) });
		case 'too_many_rows':
			return m.files_csv_too_many_rows({ most });
		case 'too_many_columns':
			return m.files_csv_too_many_columns({ most });
		case 'too_long':
			return m.files_csv_too_long();
		case 'workbook':
			return m.files_csv_workbook();
		case 'not_text':
			return m.files_csv_not_text();
		case 'quotes':
			return line ? m.files_csv_quotes_line({ line }) : m.files_csv_quotes();
		case 'long_cell':
			return line ? m.files_csv_long_cell_line({ line, most }) : m.files_csv_long_cell({ most });
	}
}
