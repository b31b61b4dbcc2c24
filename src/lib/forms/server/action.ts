import { href } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { error, fail, isHttpError, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit';
import type * as v from 'valibot';
import { parseForm, type FormIssue, type FormResult } from '../parse.ts';

/** Why a form was refused, shown with the form as it was filled in. */
export class FormRefusal {
	readonly issues: FormIssue[];
	readonly status: number;

	constructor(issues: FormIssue[], status = 409) {
		this.issues = issues;
		this.status = status;
	}
}

/**
 * A refusal at one field, or ('') for the whole form. 409: because of the current state; 422: because of the values.
 */
export function refuse(path: string, message: string, status = 409): FormRefusal {
	return new FormRefusal([{ path, message }], status);
}

/** Whether the page's script sent the form, and reads the answer. */
export function isSentByScript(request: Request): boolean {
	return request.headers.get('x-sveltekit-action') === 'true';
}

/**
 * The answer of an act whose result the page shows by itself. Where no script sent the form, the reader is led back to
 * the page, so that a reload does not send it again.
 */
export function acted({ request, url }: Pick<RequestEvent, 'request' | 'url'>): { done: true } {
	if (isSentByScript(request)) return { done: true };
	// The name of the action leaves the address; what else the page reads there stays.
	const rest = new URLSearchParams([...url.searchParams].filter(([name]) => !name.startsWith('/')));
	redirect(303, `${url.pathname}${rest.size > 0 ? `?${rest}` : ''}`);
}

/** Answers as for something that does not exist. */
export function notFound(): never {
	error(404, m.ui_not_found());
}

/** What has to be known before a form can be read: its schema, its name among those of the page, and what `act` needs. */
interface Before {
	schema: v.GenericSchema;
	name?: string | undefined;
}

type Act<Schema extends v.GenericSchema, Event, Answer, Known = undefined> = (
	input: v.InferOutput<Schema>,
	event: Event,
	form: FormResult,
	known: Known
) => Answer | Promise<Answer>;

type Action<Event, Answer> = (
	event: Event
) => Promise<Exclude<Answer, string | FormRefusal> | ActionFailure<{ form: FormResult }>>;

/**
 * A form action: parses the form with the schema and passes its values to `act`, or answers 422 with the issues and the
 * values. `act` returns an address (the reader is redirected there), a refusal, or the data of the page. `name`
 * distinguishes the forms of one page. Where the schema depends on what the form is about, `before` reads that and
 * answers 404 if it is gone, whatever the form contains.
 */
export function formAction<Schema extends v.GenericSchema, Event extends RequestEvent, Answer>(
	schema: Schema,
	act: Act<Schema, Event, Answer>
): Action<Event, Answer>;
export function formAction<Schema extends v.GenericSchema, Event extends RequestEvent, Answer>(
	name: string,
	schema: Schema,
	act: Act<Schema, Event, Answer>
): Action<Event, Answer>;
export function formAction<Known extends Before, Event extends RequestEvent, Answer>(
	before: (event: Event, data: FormData) => Known | Promise<Known>,
	act: Act<Known['schema'], Event, Answer, Known>
): Action<Event, Answer>;
export function formAction(...given: unknown[]): Action<RequestEvent, unknown> {
	const act = given.pop() as Act<v.GenericSchema, RequestEvent, unknown, Before>;
	const about = given.pop() as v.GenericSchema | ((event: RequestEvent, data: FormData) => Before | Promise<Before>);
	const name = given.pop() as string | undefined;
	return async (event) => {
		const data = await event.request.formData();
		const known = typeof about === 'function' ? await about(event, data) : { schema: about, name };
		const parsed = parseForm(data, known.schema, known.name);
		if (!parsed.ok) return fail(422, { form: parsed.form });
		const answer = await orClosed(act(parsed.output, event, parsed.form, known as Before));
		if (typeof answer === 'string') redirect(303, href(answer));
		if (answer instanceof FormRefusal && answer.status === 429)
			event.locals.refusal ??= { status: 429, reason: 'limited' };
		return answer instanceof FormRefusal
			? fail(answer.status, { form: { ...parsed.form, issues: answer.issues } })
			: answer;
	};
}

// The database refuses to write to a closed Summit: the form says so, and what was typed stays.
async function orClosed(answer: unknown): Promise<unknown> {
	try {
		return await answer;
	} catch (thrown) {
		if (!isHttpError(thrown, 423)) throw thrown;
		return refuse('', thrown.body.message, 423);
	}
}

/** The form actions of a page that are about one thing: it is found before the form is read, and passed to each `act`. */
export function formActionsAbout<Event extends RequestEvent, Thing>(find: (event: Event) => Promise<Thing>) {
	return <Schema extends v.GenericSchema, Answer>(
		name: string | undefined,
		schema: Schema,
		act: Act<Schema, Event, Answer, Thing>
	): Action<Event, Answer> =>
		formAction(
			async (event: Event) => ({ schema, name, thing: await find(event) }),
			(input, event: Event, form, { thing }) => act(input, event, form, thing)
		);
}
