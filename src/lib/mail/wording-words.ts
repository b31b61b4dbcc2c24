/* Errors of a wording, variables and conditions in organisers' words. */
import { blocks, conditions, variables } from './conditions.ts';
import type { MailRules } from './editable.ts';
import type { WordingFault } from './wording.ts';

/** A variable as it is written. */
export const braced = (name: string) => `{${name}}`;

/** The meaning of a variable. */
function variableWord(name: string): string {
	if (name === 'button') return 'the link of this mail, as a button; write {button: words} for your own words';
	return (variables[name] ?? blocks[name])?.word ?? name;
}

/** An error as a sentence that names its place. */
export function faultSentence({ code, paragraph, name, when }: WordingFault): string {
	const place = paragraph === 0 ? 'In the subject' : `In paragraph ${paragraph}`;
	switch (code) {
		case 'empty':
			return paragraph === 0 ? 'Write a subject.' : 'Write a text.';
		case 'long':
			return paragraph === 0 ? 'Use 150 characters at most for the subject.' : 'Use 8,000 characters at most.';
		case 'no_subject':
			return 'One of the cases has no subject: add a line without a condition.';
		case 'brace':
			return `${place}, a brace has no partner. Braces only surround the name of a variable.`;
		case 'unknown':
			return `${place}, ${braced(name)} is not known in this mail. The list beside the text shows the known ones.`;
		case 'unknown_condition':
			return `${place}, the condition “${name}” is not known in this mail.`;
		case 'alone':
			return name.startsWith('if')
				? `${place}, ${braced(name)} must be at the beginning of a paragraph.`
				: `${place}, ${braced(name)} must be a separate paragraph, with a blank line before and after.`;
		case 'subject':
			return `In the subject, ${braced(name)} cannot be used.`;
		case 'missing':
			return `${braced(name)} is missing${when ? `, ${when}` : ''}: ${variableWord(name).split(',')[0]}. This mail must tell it.`;
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
		conditions: [...rules.conditions].map((name) => ({ name, word: conditions[name]?.word ?? name }))
	};
}
