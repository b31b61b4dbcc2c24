/** Tells the page around a framed agenda how high it is, and again when that page asks; it may be anybody's, and is told nothing else. */
export function tellHeight(): void {
	const framed = document.querySelector('[data-framed]');
	if (!framed || window.parent === window) return;
	const tell = () => {
		const height = Math.ceil(framed.getBoundingClientRect().bottom + window.scrollY);
		window.parent.postMessage({ type: 'global-summit:height', height }, '*');
	};
	new ResizeObserver(tell).observe(framed);
	// A script that came after us has missed what we said.
	window.addEventListener('message', ({ data, source }: MessageEvent<{ type?: unknown } | null>) => {
		if (source === window.parent && data?.type === 'global-summit:ask-height') tell();
	});
}
