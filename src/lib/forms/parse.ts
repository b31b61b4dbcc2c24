import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';

/** What is wrong with one field, in the reader's language. `path` is the field's name; '' is the whole form. */
export interface FormIssue {
	path: string;
	message: string;
}

/** The submitted values, to be shown again: a text, or texts for a name that ends in `[]`. Files are never kept. */
export type FormValues = Record<string, string | string[]>;

/** What a form action returns with `fail(422, { form })`. `name` distinguishes the forms of one page. */
export interface FormResult {
	name?: string;
	values: FormValues;
	issues: FormIssue[];
}

/** The result of `parseForm`. */
type Parsed<Output> = { ok: true; output: Output; form: FormResult } | { ok: false; form: FormResult };

function entriesOf(data: FormData): { input: Record<string, unknown>; values: FormValues } {
	const input: Record<string, unknown> = {};
	const values: FormValues = {};
	for (const name of new Set(data.keys())) {
		// Postgres cannot store a NUL.
		const all = data.getAll(name).map((one) => (typeof one === 'string' ? one.replaceAll('\0', '') : one));
		input[name] = name.endsWith('[]') ? all : all.at(-1);
		const texts = all.filter((one) => typeof one === 'string');
		if (name.endsWith('[]')) values[name] = texts;
		else if (texts.length > 0) values[name] = texts.at(-1) ?? '';
	}
	return { input, values };
}

/**
 * Turns FormData and a valibot object schema into values or issues. Names ending in `[]` become arrays; a schema's own
 * messages are functions (`v.nonEmpty(() => m.ui_form_…())`), so that they use the reader's language.
 */
export function parseForm<Schema extends v.GenericSchema>(
	data: FormData,
	schema: Schema,
	name?: string
): Parsed<v.InferOutput<Schema>> {
	const { input, values } = entriesOf(data);
	const result = v.safeParse(schema, input, { message: missingOrWrong });
	const form: FormResult = { ...(name !== undefined && { name }), values, issues: [] };
	if (result.success) return { ok: true, output: result.output, form };
	const seen = new Set<string>();
	for (const issue of result.issues) {
		const path = String(issue.path?.[0]?.key ?? '');
		// The first issue of a field is enough.
		if (seen.has(path)) continue;
		seen.add(path);
		form.issues.push({ path, message: issue.message });
	}
	return { ok: false, form };
}

// For checks without their own message; valibot's English text is never shown.
function missingOrWrong(issue: v.BaseIssue<unknown>): string {
	return issue.input === undefined || issue.input === '' ? m.ui_form_missing() : m.ui_form_wrong();
}

/** A refusal that came later (from the database), shown at a field or ('') for the whole form. */
export function withIssue(form: FormResult, path: string, message: string): FormResult {
	return { ...form, issues: [...form.issues, { path, message }] };
}
