/*
 * What may be called in the database, with what, and what it answers: the generated types, and where those say no more than JSON
 * the schemas in answers/. A function that answers JSON without a schema cannot be called.
 */
import type * as v from 'valibot';
import type { answers, privateAnswers } from './answers/index.ts';
import type { Database, Json } from './types.ts';

type Functions = Database['public']['Functions'];
type PrivateFunctions = Database['private']['Functions'];
type Answers = typeof answers;
type PrivateAnswers = typeof privateAnswers;

/** A function of the API. */
type FunctionName = keyof Functions;

/** A function that the app calls without a signed-in person. */
type PrivateName = keyof PrivateFunctions;

// JSON, alone or in a column of rows.
type HasJson<Returned> = Json extends Returned
	? true
	: Returned extends (infer Row)[]
		? HasJson<Row>
		: Returned extends object
			? true extends { [Column in keyof Returned]: Json extends Returned[Column] ? true : false }[keyof Returned]
				? true
				: false
			: false;

/** A function of the API whose answer is known: by its schema, or by the catalogue. */
export type RpcName = {
	[Name in FunctionName]: Name extends keyof Answers
		? Name
		: HasJson<Functions[Name]['Returns']> extends true
			? never
			: Name;
}[FunctionName];

/** What a function of the API answers. */
export type AnswerOf<Name extends FunctionName> = Name extends keyof Answers
	? v.InferOutput<Answers[Name]>
	: Functions[Name]['Returns'];

// What is required may not be left out, of the call as of its arguments.
type ArgsOf<Args> = [Args] extends [never] ? [] : object extends Args ? [args?: Args] : [args: Args];

/** The arguments of a function of the API. */
export type RpcArgs<Name extends FunctionName> = Functions[Name] extends infer One
	? One extends { Args: infer Args }
		? ArgsOf<Args>
		: never
	: never;

/** The call of one of these functions; of any, where none are named. */
export type RpcCall<Names extends RpcName = RpcName> = {
	[Name in Names]: [name: Name, ...RpcArgs<Name>];
}[Names];

type PrivateRowOf<Name extends PrivateName> = PrivateFunctions[Name] extends infer One
	? One extends { Row: infer Row }
		? Row
		: never
	: never;

/** A function of `private` whose answer is known. */
export type CallablePrivateName = {
	[Name in PrivateName]: Name extends keyof PrivateAnswers
		? Name
		: HasJson<PrivateRowOf<Name>> extends true
			? never
			: Name;
}[PrivateName];

/** A row that a function of `private` answers; a single value is a column of the function's name. */
export type PrivateRow<Name extends PrivateName> = Name extends keyof PrivateAnswers
	? Name extends keyof PrivateRowOf<Name>
		? Record<Name, v.InferOutput<PrivateAnswers[Name]>>
		: v.InferOutput<PrivateAnswers[Name]>
	: PrivateRowOf<Name>;

// A single value is a column of the function's name.
type PrivateAnswerOf<Name extends PrivateName> =
	PrivateRow<Name> extends Partial<Record<Name, infer Value>> ? NonNullable<Value> : never;

/** The status of an answer: the whole of it, or one of its fields. */
export type StatusOf<Answer> = Answer extends { status: infer Status extends string }
	? Status
	: Extract<Answer, string>;

/** Why functions refuse: the statuses that they answer, except ok. */
export type RefusalOf<Name extends RpcName | PrivateName> = Exclude<
	StatusOf<Name extends RpcName ? AnswerOf<Name> : Name extends PrivateName ? PrivateAnswerOf<Name> : never>,
	'ok'
>;

/** The arguments of a function of `private`, in their order. */
export type PrivateArgs<Name extends PrivateName> = PrivateFunctions[Name] extends infer One
	? One extends { Positional: infer Values }
		? [] extends Values
			? [values?: Values]
			: [values: Values]
		: never
	: never;
