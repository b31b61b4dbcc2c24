import type { FormIssue, FormResult } from './parse.ts';

/** What a page's components read from a form: the submitted values and the issues. */
export interface FormState {
	/** The submitted value, else the stored one. */
	value: (name: string, saved?: string | null) => string;
	/** The chosen texts of a name that ends in `[]`. */
	values: (name: string, saved?: readonly string[]) => readonly string[];
	/** Whether a box is ticked. */
	checked: (name: string, saved?: boolean) => boolean;
	/** The message beside a field, if it has an issue. */
	error: (name: string) => string | undefined;
	issues: readonly FormIssue[];
}

/** `const state = $derived(formState(form?.form))` in a page; `name` for pages with several forms. */
export function formState(result: FormResult | null | undefined, name?: string): FormState {
	const mine = result && (name === undefined || result.name === name) ? result : null;
	return {
		value: (field, saved) => {
			const typed = mine?.values[field];
			return typeof typed === 'string' ? typed : mine ? '' : (saved ?? '');
		},
		values: (field, saved = []) => {
			const typed = mine?.values[field];
			return mine ? (Array.isArray(typed) ? typed : []) : saved;
		},
		checked: (field, saved = false) => (mine ? mine.values[field] !== undefined && mine.values[field] !== '' : saved),
		error: (field) => mine?.issues.find((issue) => issue.path === field)?.message,
		issues: mine?.issues ?? []
	};
}

/** The id of a field's control, to which the summary links. */
export function fieldId(name: string): string {
	return `field-${name.replace(/[^a-zA-Z0-9_-]/g, '-')}`;
}
