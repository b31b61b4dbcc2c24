/* What a stage page needs before its own script has come, which takes many seconds on a thin line. */

// Remembers that a button was pressed.
addEventListener('click', ({ target }) => {
	const place = target instanceof Element ? target.closest('[data-early-press]') : null;
	place?.setAttribute('data-pressed', '');
});

// Does without fonts where the browser knows that the line is thin: they are half as heavy as all that makes the button work.
const browser = /** @type {Navigator & { connection?: { saveData?: boolean; effectiveType?: string } }} */ (navigator);
const { saveData, effectiveType = '4g' } = browser.connection ?? {};
if (saveData || effectiveType !== '4g') document.documentElement.setAttribute('data-thin-line', '');
