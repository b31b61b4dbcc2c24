/** Scrolls a row of links sideways, and nothing else, until the current one is fully visible. */
export function revealCurrent(row: HTMLElement): void {
	const current = row.querySelector('[aria-current]');
	if (!current) return;
	const link = current.getBoundingClientRect();
	const seen = row.getBoundingClientRect();
	if (link.left >= seen.left && link.right <= seen.right) return;
	row.scrollLeft += link.left + link.width / 2 - (seen.left + seen.width / 2);
}
