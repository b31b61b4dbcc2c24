/** For what scrolls sideways: says in `data-more` at which ends there is more, and base.css fades them. Returns a function that stops it. */
export function fadeEnds(frame: HTMLElement): () => void {
	function mark() {
		// In a page from right to left the position is negative.
		const before = Math.abs(frame.scrollLeft);
		const after = frame.scrollWidth - frame.clientWidth - before;
		const more = [before > 1 && 'start', after > 1 && 'end'].filter(Boolean).join(' ');
		if (more) frame.dataset['more'] = more;
		else delete frame.dataset['more'];
	}
	const sizes = new ResizeObserver(mark);
	sizes.observe(frame);
	for (const content of frame.children) sizes.observe(content);
	frame.addEventListener('scroll', mark, { passive: true });
	mark();
	return () => {
		sizes.disconnect();
		frame.removeEventListener('scroll', mark);
	};
}
