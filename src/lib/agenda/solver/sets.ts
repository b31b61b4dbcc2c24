/** Whether two sets have something in common. */
export function meet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
	for (const each of one) if (other.has(each)) return true;
	return false;
}
