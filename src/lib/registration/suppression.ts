/*
 * Which groups may be published, so that none smaller than a threshold is named or can be computed: not by subtracting the named ones from
 * their total, not from the rule itself, and not by comparing one release with the next. No I/O.
 */

/** How many people have one value; null: those without one. */
export interface ValueCount {
	value: string | null;
	count: number;
}

/** Groups that add up to a published total. */
interface Family {
	groups: readonly ValueCount[];
	/** Every possible value, where readers know them all (sectors, regions); of countries only those that occur. */
	domain?: readonly string[];
}

const sum = (groups: readonly ValueCount[]) => groups.reduce((total, { count }) => total + count, 0);

/**
 * Whether the suppressed groups reveal nothing: there are none at all, or together they are no small group and each of them could have
 * several sizes, even for a reader who knows this rule.
 */
function tellsNothing(hidden: readonly ValueCount[], threshold: number): boolean {
	const rest = sum(hidden);
	if (rest === 0) return true;
	if (rest < threshold || hidden.length < 2) return false;
	const small = threshold - 1;
	// At their maximum, all of them would be known.
	const others = (hidden.length - 1) * small;
	const least = Math.max(0, rest - others);
	if (hidden.every(({ count }) => count < threshold)) return Math.min(small, rest) - least >= 2;
	// One of them is no small group, and it is not known which.
	return rest >= threshold + 2;
}

type Sized = readonly { value: string | null; count: number }[];

// Equal sizes are ordered by name: the same figures always give the same result.
const bySize = (a: Sized[number], b: Sized[number]) =>
	a.count - b.count || String(a.value).localeCompare(String(b.value), 'en');

/** Suppresses what is too small, and then the smallest of the others until the remainder reveals nothing. */
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
 * Whether each small group could have another size: other figures, with the same total and the same named groups, would have led here too.
 * Which group is suppressed beside a small one can reveal how large both may be.
 */
function couldDiffer(
	all: Sized,
	named: ReadonlySet<string | null>,
	choose: (all: Sized) => Set<string | null>,
	threshold: number
): boolean {
	const hidden = all.flatMap(({ value }, at) => (named.has(value) ? [] : [at]));
	// Among so many there is always an alternative.
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
 * The values that may be named. A group below the threshold never is; where the remainder would reveal it, the smallest nameable one is
 * suppressed too. `before` are values of the last release: those that disappear form a remainder as well.
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
	// The result of the check reveals something itself; repeated once, nothing is revealed.
	return new Set([...choose(all, (sizes) => choose(sizes, first))].map(String));
}

/** A figure with the date of its count. */
export interface Counted {
	count: number;
	on: string;
}

/**
 * A figure as it is released after an earlier one: updated only when it has changed by a whole group, so that the difference of two
 * releases never shows the few people who joined or left between them.
 */
export function counted(count: number, on: string, threshold: number, before: Counted | undefined): Counted {
	return before && before.count >= threshold && Math.abs(count - before.count) < threshold
		? { count: before.count, on: before.on }
		: { count, on };
}
