/**
 * Works on the items, at most so many at a time. After a failure no other one is begun, and it is thrown once those that are under
 * way have ended.
 */
export async function inParallel<Item>(
	items: Iterable<Item>,
	most: number,
	work: (item: Item) => Promise<void>
): Promise<void> {
	const waiting = items[Symbol.iterator]();
	let failed: { error: unknown } | undefined;
	const one = async () => {
		for (let next = waiting.next(); !next.done && !failed; next = waiting.next()) {
			try {
				await work(next.value);
			} catch (error) {
				failed ??= { error };
			}
		}
	};
	await Promise.all(Array.from({ length: most }, one));
	if (failed) throw failed.error;
}
