/* Which schemas fit: each is named after a function, and says the same as the catalogue or more. Any function may answer null. */
import type * as v from 'valibot';
import type { Database, Json } from '../types.ts';

type Functions = Database['public']['Functions'];
type PrivateFunctions = Database['private']['Functions'];

// What is JSON to the catalogue may be anything here.
type Told<Type> = Json extends Type ? unknown : Type;
type ToldRow<Row> = { [Column in keyof Row]: Told<Row[Column]> };
type ToldRows<Returned> = Json extends Returned
	? unknown
	: Returned extends (infer Row extends object)[]
		? ToldRow<Row>[]
		: Returned;

/** Schemas of functions of the API. */
export type Answers = {
	[Name in keyof Functions]?: v.GenericSchema<unknown, ToldRows<Functions[Name]['Returns']> | null>;
};

/** Schemas of functions of `private`: of the value, or of a row. */
export type PrivateAnswers = {
	[Name in keyof PrivateFunctions]?: PrivateFunctions[Name] extends { Row: infer Row }
		? v.GenericSchema<unknown, Name extends keyof Row ? Told<Row[Name]> : ToldRow<Row>>
		: never;
};
