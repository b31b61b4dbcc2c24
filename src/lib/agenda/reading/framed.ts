/** Tells the page around a framed agenda how high it is; that page may be anybody's, and hears nothing else. */
export function tellHeight(): void {
	const framed = document.querySelector('[data-framed]');
	if (!framed || window.parent === window) return;
	const tell = () => {
		const height = Math.ceil(framed.getBoundingClientRect().bottom + window.scrollY);
		window.parent.postMessage({ type: 'global-summit:height', height }, '*');
	};
	new ResizeObserver(tell).observe(framed);
}
