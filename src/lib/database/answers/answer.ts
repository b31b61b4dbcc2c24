import * as v from 'valibot';

type Cases = Record<string, v.ObjectEntries>;

type OneOf<Given extends Cases, Bare extends string> =
	| {
			[Status in keyof Given & string]: v.InferOutput<
				v.StrictObjectSchema<{ status: v.LiteralSchema<Status, undefined> } & Given[Status], undefined>
			>;
	  }[keyof Given & string]
	| (Bare extends string ? { status: Bare } : never);

/**
 * An answer with a status: what each status carries, and the statuses that are all of the answer. Callers read what a
 * status carries only after they have looked at it.
 */
export function answer<Given extends Cases, Bare extends string = never>(
	cases: Given,
	...bare: Bare[]
): v.GenericSchema<unknown, OneOf<Given, Bare>> {
	const carrying = Object.entries(cases).map(([status, entries]) =>
		v.strictObject({ status: v.literal(status), ...entries })
	);
	const alone = bare.length > 0 ? [v.strictObject({ status: v.picklist(bare) })] : [];
	const schema: unknown = v.variant('status', [...carrying, ...alone]);
	return schema as v.GenericSchema<unknown, OneOf<Given, Bare>>;
}
