/** Closes an open menu on Escape, on focus elsewhere or on a click outside. Returns a function that stops it. */
export function closeMenus(root: Document = document): () => void {
	const stop = new AbortController();
	const open = () => [...root.querySelectorAll<HTMLDetailsElement>('details[data-menu][open]')];
	const closeBut = (target: EventTarget | null) => {
		for (const menu of open()) if (!(target instanceof Node) || !menu.contains(target)) menu.open = false;
	};
	root.addEventListener('click', ({ target }) => closeBut(target), { signal: stop.signal });
	root.addEventListener('focusin', ({ target }) => closeBut(target), { signal: stop.signal });
	root.addEventListener(
		'keydown',
		({ key, target }) => {
			const menu = key === 'Escape' && open().find((one) => target instanceof Node && one.contains(target));
			if (!menu) return;
			menu.open = false;
			menu.querySelector('summary')?.focus();
		},
		{ signal: stop.signal }
	);
	return () => stop.abort();
}
