import { compareNames } from '#lib/i18n/list.ts';

/* The order of a list in its address: `sort=name`, or `sort=-name` for the reverse. No I/O. */

/** A column and its direction, as in the address; '' is the order of the list itself. */
export type Sorting<Key extends string = string> = '' | Key | `-${Key}`;

/** Reads the order from an address, ignoring unknown columns. */
export function sortingFrom<Key extends string>(search: URLSearchParams, keys: readonly Key[]): Sorting<Key> {
	const asked = search.get('sort') ?? '';
	const key = keys.find((each) => each === asked.replace(/^-/, ''));
	if (key === undefined) return '';
	return asked.startsWith('-') ? `-${key}` : key;
}

/** The order after a press on the head of a column: ascending, descending, then that of the list itself. */
export function nextSorting<Key extends string>(current: Sorting, key: Key): Sorting<Key> {
	if (current === key) return `-${key}`;
	return current === `-${key}` ? '' : key;
}

/** For `aria-sort`; undefined for a column by which the list is not sorted. */
export function ariaSortOf(current: Sorting, key: string): 'ascending' | 'descending' | undefined {
	if (current === key) return 'ascending';
	return current === `-${key}` ? 'descending' : undefined;
}

/** Rows in an order; rows without a value come last. `valueOf` answers text or numbers. */
export function sorted<Row>(
	rows: readonly Row[],
	current: Sorting,
	valueOf: (row: Row, key: string) => string | number | null
): Row[] {
	if (current === '') return [...rows];
	const key = current.replace(/^-/, '');
	const sign = current.startsWith('-') ? -1 : 1;
	return rows.toSorted((a, b) => {
		const [one, other] = [valueOf(a, key), valueOf(b, key)];
		if (one === null || other === null) return Number(one === null) - Number(other === null);
		const order =
			typeof one === 'number' && typeof other === 'number' ? one - other : compareNames(String(one), String(other));
		return sign * order;
	});
}
