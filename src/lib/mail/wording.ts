/*
 * The syntax in which organisers write mails: paragraphs of plain text with {variables}, {button: its text} in its own paragraph, and {if
 * hall} or {if not hall} before a paragraph for some readers only. No I/O.
 */
import { isolate, type MailContext } from './context.ts';
import { answerKey, blocks, conditions, valueOf, variables } from './conditions.ts';
import type { MailPart } from './letter.ts';
import type { Wording } from '#lib/database/answers/mail.ts';

export type { Wording } from '#lib/database/answers/mail.ts';

/** A paragraph with its conditions. */
interface Paragraph {
	/** Its place in the text, from 1. */
	number: number;
	when: { name: string; is: boolean }[];
	content: { kind: 'text'; text: string } | { kind: 'block'; name: string } | { kind: 'button'; label: string };
}

/** An error in a wording; `paragraph` 0 is the subject. */
export interface WordingFault {
	code: 'empty' | 'no_subject' | 'brace' | 'unknown' | 'unknown_condition' | 'alone' | 'subject' | 'missing' | 'long';
	paragraph: number;
	/** The variable or condition. */
	name: string;
	/** For a missing part: under which conditions. */
	when?: string;
}

const token = /\{([^{}\n]*)\}/g;
const mark = /^\{if (not )?([a-z_]+)\}[ \t]*\n?/;
const button = /^\{button(?::([^{}\n]*))?\}$/;

/** The paragraphs of a body. */
export function paragraphsOf(body: string): Paragraph[] {
	return body
		.replace(/\r\n?/g, '\n')
		.split(/\n[ \t]*\n/)
		.map((paragraph) => paragraph.trim())
		.filter((paragraph) => paragraph !== '')
		.map((paragraph, at) => paragraphOf(paragraph, at + 1));
}

/** A text without its leading conditions, and these. */
function unmarked(written: string): { when: Paragraph['when']; rest: string } {
	const when: Paragraph['when'] = [];
	let rest = written;
	for (let found = mark.exec(rest); found; found = mark.exec(rest)) {
		when.push({ name: found[2] ?? '', is: found[1] === undefined });
		rest = rest.slice(found[0].length);
	}
	return { when, rest: rest.trim() };
}

/** The lines of a subject with their conditions. */
export function subjectLines(subject: string): { when: Paragraph['when']; text: string }[] {
	return subject
		.split(/\r\n?|\n/)
		.filter((line) => line.trim() !== '')
		.map((line) => {
			const { when, rest } = unmarked(line.trim());
			return { when, text: rest };
		});
}

function paragraphOf(written: string, number: number): Paragraph {
	const { when, rest } = unmarked(written);
	const label = button.exec(rest);
	if (label) return { number, when, content: { kind: 'button', label: (label[1] ?? '').trim() } };
	const name = /^\{([a-z_]+)\}$/.exec(rest)?.[1];
	if (name !== undefined && Object.hasOwn(blocks, name)) return { number, when, content: { kind: 'block', name } };
	return { number, when, content: { kind: 'text', text: rest } };
}

/** The names of variables in a text, each once. */
export function namesIn(text: string): string[] {
	return [...new Set([...text.matchAll(token)].map(([, name = '']) => name.trim()))];
}

/** The names that a paragraph shows: its variables, its block, or the button. */
export function referencedNames({ content }: Paragraph): string[] {
	if (content.kind === 'text') return namesIn(content.text);
	return [content.kind === 'block' ? content.name : 'button'];
}

/** What a wording may use. `answers`: whether the answer to the question of a key may be inserted; none without it. */
interface Allowed {
	variables: ReadonlySet<string>;
	conditions: ReadonlySet<string>;
	answers?: (key: string) => boolean;
}

function faultsOfText(text: string, paragraph: number, allowed: Allowed): WordingFault[] {
	const faults: WordingFault[] = [];
	if (/[{}]/.test(text.replace(token, ''))) faults.push({ code: 'brace', paragraph, name: '' });
	for (const name of namesIn(text)) {
		const key = answerKey(name);
		if (key !== null) {
			if (!allowed.answers?.(key)) faults.push({ code: 'unknown', paragraph, name });
			else if (paragraph === 0) faults.push({ code: 'subject', paragraph, name });
		} else if (Object.hasOwn(blocks, name) || /^button\b/.test(name)) {
			faults.push({ code: paragraph === 0 ? 'subject' : 'alone', paragraph, name: name.replace(/:.*/, '') });
		} else if (/^if\b/.test(name)) faults.push({ code: 'alone', paragraph, name });
		else if (!Object.hasOwn(variables, name) || !allowed.variables.has(name))
			faults.push({ code: 'unknown', paragraph, name });
	}
	return faults;
}

/** The syntax errors of a wording, given the variables of its mail. */
export function formFaults({ subject, body }: Wording, allowed: Allowed): WordingFault[] {
	const faults: WordingFault[] = [];
	const paragraphs = paragraphsOf(body);
	const subjects = subjectLines(subject);
	if (!subjects.some(({ text }) => text !== '')) faults.push({ code: 'empty', paragraph: 0, name: '' });
	if (subjects.some(({ text }) => text.length > 150)) faults.push({ code: 'long', paragraph: 0, name: '' });
	if (paragraphs.length === 0) faults.push({ code: 'empty', paragraph: 1, name: '' });
	if (body.length > 8000) faults.push({ code: 'long', paragraph: 1, name: '' });
	for (const { when, text } of subjects) {
		faults.push(...faultsOfText(text, 0, allowed));
		for (const { name } of when)
			if (!allowed.conditions.has(name)) faults.push({ code: 'unknown_condition', paragraph: 0, name });
	}
	for (const { number, when, content } of paragraphs) {
		for (const { name } of when)
			if (!allowed.conditions.has(name)) faults.push({ code: 'unknown_condition', paragraph: number, name });
		if (content.kind === 'text') faults.push(...faultsOfText(content.text, number, allowed));
		else if (content.kind === 'block' && !allowed.variables.has(content.name))
			faults.push({ code: 'unknown', paragraph: number, name: content.name });
		else if (content.kind === 'button' && !allowed.variables.has('button'))
			faults.push({ code: 'unknown', paragraph: number, name: 'button' });
		if (content.kind === 'text' && content.text === '') faults.push({ code: 'empty', paragraph: number, name: '' });
	}
	// The same error in two lines of the subject is reported once.
	return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

// In one pass: inserted texts may contain braces, and stay as they are.
function filled(text: string, context: MailContext): { text: string; lacks: boolean } {
	let lacks = false;
	const set = text.replace(token, (_, name: string) => {
		const value = valueOf(name.trim(), context);
		if (value === '') lacks = true;
		return value === '' ? '' : isolate(value);
	});
	return { text: set, lacks };
}

/** A subject with its values; null when none applies to this mail, or a value is missing. */
export function subjectOf(subject: string, context: MailContext): string | null {
	const line = subjectLines(subject).find((each) => isFor(each, (name) => conditions[name]?.holds(context) ?? false));
	const set = line && filled(line.text, context);
	return set && !set.lacks ? set.text : null;
}

/** Whether a paragraph or a subject applies to this mail. */
export function isFor({ when }: Pick<Paragraph, 'when'>, holds: (name: string) => boolean): boolean {
	return when.every(({ name, is }) => holds(name) === is);
}

/** The mail parts of a body; a line with a variable without a value is omitted. `action` is the mail's own link. */
export function mailParts(
	body: string,
	context: MailContext,
	action: Extract<MailPart, { kind: 'action' }> | undefined
): MailPart[] {
	const holds = (name: string) => conditions[name]?.holds(context) ?? false;
	return paragraphsOf(body)
		.filter((paragraph) => isFor(paragraph, holds))
		.flatMap(({ content }): MailPart[] => {
			if (content.kind === 'button') return action ? [{ ...action, label: content.label || action.label }] : [];
			if (content.kind === 'block') {
				const value = blocks[content.name]?.value(context) ?? '';
				if (value === '') return [];
				return [content.name === 'code' ? { kind: 'code', code: value } : { kind: 'quote', text: value }];
			}
			const lines = content.text
				.split('\n')
				.map((line) => filled(line, context))
				.filter(({ lacks }) => !lacks);
			return lines.length === 0 ? [] : [{ kind: 'text', text: lines.map(({ text }) => text).join('\n') }];
		});
}
