/** The part of a screen that the reader sees; CSS pixels. */
interface SeenPart {
	height: number;
	offsetTop: number;
	scale: number;
}

/** How much of the bottom of the page an on-screen keyboard covers, in CSS pixels; 0 while the page is zoomed. */
export function keyboardInset(pageHeight: number, { height, offsetTop, scale }: SeenPart): number {
	return scale > 1.01 ? 0 : Math.max(0, Math.round(pageHeight - height - offsetTop));
}

/** Keeps `--keyboard` of an element at that height while it is shown. */
export function followKeyboard(element: HTMLElement): (() => void) | undefined {
	const seen = window.visualViewport;
	if (!seen) return;
	const place = () => element.style.setProperty('--keyboard', `${keyboardInset(window.innerHeight, seen)}px`);
	place();
	seen.addEventListener('resize', place);
	seen.addEventListener('scroll', place);
	return () => {
		seen.removeEventListener('resize', place);
		seen.removeEventListener('scroll', place);
	};
}
