/*
 * Which groups may be named outside, so that none smaller than a threshold can be named or worked out: not by subtracting what
 * is named from its total, not by what the rule itself gives away, and not by comparing one release with the next. No I/O.
 */

/** How many belong to one value; null: those whose value is not stated. */
export interface Group {
	value: string | null;
	count: number;
}

/** Groups that together make a total which is named itself. */
interface Family {
	groups: readonly Group[];
	/** Every value that there can be, where readers know them all (sectors, regions); of countries only those that occur. */
	domain?: readonly string[];
}

const sum = (groups: readonly Group[]) => groups.reduce((total, { count }) => total + count, 0);

/**
 * Whether the groups that are left out tell nothing: none is there at all, or together they are no small group and each of
 * them could be one of several sizes, even for a reader who knows this rule.
 */
function tellsNothing(hidden: readonly Group[], threshold: number): boolean {
	const rest = sum(hidden);
	if (rest === 0) return true;
	if (rest < threshold || hidden.length < 2) return false;
	const small = threshold - 1;
	// At their largest, all of them would be known.
	const others = (hidden.length - 1) * small;
	const least = Math.max(0, rest - others);
	if (hidden.every(({ count }) => count < threshold)) return Math.min(small, rest) - least >= 2;
	// One of them is no small group, and which one is not said.
	return rest >= threshold + 2;
}

type Sized = readonly { value: string | null; count: number }[];

// Equal sizes in the order of their names: the same figures always give the same answer.
const bySize = (a: Sized[number], b: Sized[number]) =>
	a.count - b.count || String(a.value).localeCompare(String(b.value), 'en');

/** Leaves out what is too small, and then the smallest of the others until the rest tells nothing by itself. */
function firstChoice(all: Sized, threshold: number, before: ReadonlySet<string>): Set<string | null> {
	const order = all.filter(({ value, count }) => value !== null && count >= threshold).sort(bySize);
	const named = new Set(order.map(({ value }) => value));
	const isSafe = () => {
		const hidden = all.filter(({ value }) => !named.has(value));
		const gone = sum(hidden.filter(({ value }) => value !== null && before.has(value)));
		return tellsNothing(hidden, threshold) && (gone === 0 || gone >= threshold);
	};
	while (named.size > 0 && !isSafe()) named.delete(order.shift()?.value ?? null);
	return named;
}

const same = (a: ReadonlySet<unknown>, b: ReadonlySet<unknown>) =>
	a.size === b.size && [...a].every((one) => b.has(one));

/**
 * Whether each small group could have another size: some other figures, with the same total and the same groups named, would
 * have led here too. Which group is left out beside a small one tells how large both may be.
 */
function couldDiffer(
	all: Sized,
	named: ReadonlySet<string | null>,
	choose: (all: Sized) => Set<string | null>,
	threshold: number
): boolean {
	const hidden = all.flatMap(({ value }, at) => (named.has(value) ? [] : [at]));
	// Among so many there is always another way.
	if (hidden.length > 12) return true;
	const moved = (from: number, to: number, by: number) =>
		all.map((group, at) =>
			at === from || at === to ? { ...group, count: group.count + (at === to ? by : -by) } : group
		);
	return hidden.every((at) => {
		const { count } = all[at] ?? { count: 0 };
		if (count === 0 || count >= threshold) return true;
		return hidden.some(
			(other) =>
				other !== at &&
				[1, -1, 2, -2].some((by) => {
					if (count + by < 0 || (all[other]?.count ?? 0) - by < 0) return false;
					return same(choose(moved(other, at, by)), named);
				})
		);
	});
}

/**
 * The values that may be named. A group below the threshold never is; where the rest would tell of it, the smallest that
 * could be named is left out too. `before` are values that the last release named: those that fall away are a rest as well.
 */
export function namedGroups(
	{ groups, domain = [] }: Family,
	threshold: number,
	before: ReadonlySet<string> = new Set()
): Set<string> {
	const counts = new Map(domain.map((value) => [value as string | null, 0]));
	for (const { value, count } of groups) counts.set(value, (counts.get(value) ?? 0) + count);
	const all = [...counts].map(([value, count]) => ({ value, count }));
	const first = (sizes: Sized) => firstChoice(sizes, threshold, before);
	const choose = (sizes: Sized, next: (sizes: Sized) => Set<string | null>) => {
		const named = next(sizes);
		const order = sizes.filter(({ value }) => named.has(value)).sort(bySize);
		while (named.size > 0 && !couldDiffer(sizes, named, next, threshold)) named.delete(order.shift()?.value ?? null);
		return named;
	};
	// What the check leaves out tells something of its own; once more, and nothing is left to tell.
	return new Set([...choose(all, (sizes) => choose(sizes, first))].map(String));
}

/** A figure with the day on which it was counted. */
export interface Counted {
	count: number;
	on: string;
}

/**
 * A figure as it is released after an earlier one: counted anew only when it has changed by a whole group, so that the
 * difference of two releases never is the few people who came or left between them.
 */
export function counted(count: number, on: string, threshold: number, before: Counted | undefined): Counted {
	return before && before.count >= threshold && Math.abs(count - before.count) < threshold
		? { count: before.count, on: before.on }
		: { count, on };
}
