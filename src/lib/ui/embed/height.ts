/** Tells the page around an embedded page its height, and again on request; that page may be anybody's, and receives nothing else. */
export function postHeight(): void {
	const framed = document.querySelector('[data-framed]');
	if (!framed || window.parent === window) return;
	const post = () => {
		const height = Math.ceil(framed.getBoundingClientRect().bottom + window.scrollY);
		window.parent.postMessage({ type: 'global-summit:height', height }, '*');
	};
	new ResizeObserver(post).observe(framed);
	// A script that loaded after us has missed the message.
	window.addEventListener('message', ({ data, source }: MessageEvent<{ type?: unknown } | null>) => {
		if (source === window.parent && data?.type === 'global-summit:ask-height') post();
	});
}
