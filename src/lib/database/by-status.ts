import type { StatusOf } from './calls.ts';

type With<Answer, Status> = Answer extends { status: infer Own }
	? Status extends Own
		? Answer
		: never
	: Extract<Answer, Status>;

type Cases<Answer> = { [Status in StatusOf<Answer>]: (answer: With<Answer, Status>) => unknown };

/**
 * What follows from an answer of the database, by its status. The compiler asks for a case for every status, and for no
 * other.
 */
export function byStatus<Answer extends string | { status: string }, Given extends Cases<Answer>>(
	answer: Answer,
	cases: Given,
	// An argument that nobody can give, where a case is of no status.
	..._: [Exclude<keyof Given, StatusOf<Answer>>] extends [never] ? [] : [never]
): ReturnType<Given[StatusOf<Answer>]> {
	const status = (typeof answer === 'string' ? answer : answer.status) as StatusOf<Answer>;
	return (cases[status] as (answer: unknown) => unknown)(answer) as ReturnType<Given[StatusOf<Answer>]>;
}
