/* The functions of the database and their arguments: the generated types as the arguments of `rpc` and `callPrivate`. */
import type { Database, Json } from './types.ts';

type Functions = Database['public']['Functions'];
type PrivateFunctions = Database['private']['Functions'];

/** A function of the API. */
type FunctionName = keyof Functions;

/** A function that the app calls without a signed-in person. */
type PrivateName = keyof PrivateFunctions;

// Required arguments may not be left out.
type ArgsOf<Args> = [Args] extends [never] ? [] : object extends Args ? [args?: Args] : [args: Args];
type Call<Name, One> = One extends { Args: infer Args } ? [name: Name, ...ArgsOf<Args>] : never;

/** A function of the API with its arguments, as `rpc` takes them. */
export type RpcCall = { [Name in FunctionName]: Call<Name, Functions[Name]> }[FunctionName];

// JSON is typed by the caller; anything else may only be narrowed. Any function may return null.
type Fits<Named, Returned> = Json extends Returned ? true : [Named] extends [Returned | null] ? true : false;

/** The call of one of these functions. */
export type CallOf<Names extends FunctionName> = { [Name in Names]: Call<Name, Functions[Name]> }[Names];

/** The calls whose answer may be narrowed to this type; all, where none is given. */
export type RpcCallFor<Answer> = unknown extends Answer
	? RpcCall
	: {
			[Name in FunctionName]: Fits<Answer, Functions[Name]['Returns']> extends true
				? Call<Name, Functions[Name]>
				: never;
		}[FunctionName];

type FitsRow<Named, Returned> = string extends keyof Named
	? true
	: {
				[Column in keyof Named]-?: Column extends keyof Returned
					? Fits<Required<Named>[Column], Returned[Column]>
					: false;
		  }[keyof Named] extends true
		? true
		: false;

/** A function of `private` with its arguments in their order, as `callPrivate` takes them, whose rows may be named so. */
export type PrivateCallFor<Row> = {
	[Name in PrivateName]: PrivateFunctions[Name] extends infer One
		? One extends { Positional: infer Values; Row: infer Returned }
			? FitsRow<Row, Returned> extends true
				? [] extends Values
					? [name: Name, values?: Values]
					: [name: Name, values: Values]
				: never
			: never
		: never;
}[PrivateName];

/** The same, with any result. */
export type PrivateCall = PrivateCallFor<Record<string, unknown>>;
