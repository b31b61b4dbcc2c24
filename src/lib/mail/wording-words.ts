/* Errors of a wording, variables and conditions in organisers' words. */
import { splitList } from '#lib/i18n/list.ts';
import { isolated } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number } from '#lib/i18n/time.ts';
import { blocks, conditions, variables } from './conditions.ts';
import type { MailRules } from './editable.ts';
import type { WordingFault } from './wording.ts';

/** A variable as it is written. */
export const braced = (name: string) => `{${name}}`;

/** The meaning of a variable. */
function variableWord(name: string): string {
	if (name === 'button') return m.mail_variable_button({ example: isolated(braced('button: …')) });
	return (variables[name] ?? blocks[name])?.word() ?? name;
}

/** An error as a sentence that names its place. */
export function faultSentence({ code, paragraph, name, when }: WordingFault): string {
	const inSubject = paragraph === 0;
	const values = { paragraph: number(paragraph), name: isolated(braced(name)) };
	switch (code) {
		case 'empty':
			return inSubject ? m.mail_fault_no_subject() : m.mail_fault_no_text();
		case 'long':
			return inSubject ? m.mail_fault_long_subject({ most: number(150) }) : m.mail_fault_long({ most: number(8000) });
		case 'no_subject':
			return m.mail_fault_case_subject();
		case 'brace':
			return inSubject ? m.mail_fault_brace_subject() : m.mail_fault_brace(values);
		case 'unknown':
			return inSubject ? m.mail_fault_unknown_subject(values) : m.mail_fault_unknown(values);
		case 'unknown_condition': {
			const named = { ...values, name: isolated(name) };
			return inSubject ? m.mail_fault_condition_subject(named) : m.mail_fault_condition(named);
		}
		case 'alone':
			if (name.startsWith('if')) return inSubject ? m.mail_fault_if_subject(values) : m.mail_fault_if(values);
			return m.mail_fault_alone(values);
		case 'subject':
			return m.mail_fault_subject(values);
		case 'missing': {
			const missing = { name: values.name, what: splitList(variableWord(name))[0] ?? '' };
			return when ? m.mail_fault_missing_when({ ...missing, when }) : m.mail_fault_missing(missing);
		}
	}
}

/** The field of an error. */
export function faultField({ code, paragraph }: WordingFault): 'subject' | 'body' {
	return paragraph === 0 && code !== 'missing' ? 'subject' : 'body';
}

/** The variables and conditions of a mail, for the list beside its text. */
export function glossary(rules: MailRules) {
	const must = new Set(rules.cases.flatMap(({ required }) => required));
	return {
		variables: [...rules.variables].map((name) => ({ name, word: variableWord(name), must: must.has(name) })),
		conditions: [...rules.conditions].map((name) => ({ name, word: conditions[name]?.word() ?? name }))
	};
}
