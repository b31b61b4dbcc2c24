/* Which schemas fit: each is named after a function, and says the same as the catalogue or more. Any function may answer null. */
import type * as v from 'valibot';
import type { Database, Json } from '../types.ts';

type Functions = Database['public']['Functions'];
type PrivateFunctions = Database['private']['Functions'];

// What is JSON to the catalogue may be anything here.
type Returned<Type> = Json extends Type ? unknown : Type;
type ReturnedRow<Row> = { [Column in keyof Row]: Returned<Row[Column]> };
type ReturnedRows<Returned> = Json extends Returned
	? unknown
	: Returned extends (infer Row extends object)[]
		? ReturnedRow<Row>[]
		: Returned;

/** Schemas of functions of the API. */
export type Answers = {
	[Name in keyof Functions]?: v.GenericSchema<unknown, ReturnedRows<Functions[Name]['Returns']> | null>;
};

/** Schemas of functions of `private`: of the value, or of a row. */
export type PrivateAnswers = {
	[Name in keyof PrivateFunctions]?: PrivateFunctions[Name] extends { Row: infer Row }
		? v.GenericSchema<unknown, Name extends keyof Row ? Returned<Row[Name]> : ReturnedRow<Row>>
		: never;
};
