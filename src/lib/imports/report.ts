/** One row of a file in the report of a preview, of any import. */
export interface ReportRow {
	key: string;
	title: string;
	/** The address of what the row is about; null for none. */
	to: string | null;
	/** The line of the file; null where the report has no column for it. */
	line: number | null;
	kind: 'good' | 'needs' | 'bad' | 'ended';
	outcome: string;
	/** What would be made, changed or left out, and why. */
	facts: readonly string[];
}
