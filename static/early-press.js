/* Remembers that a button was pressed before the script of its page had come: on a thin line that takes many seconds. */
addEventListener('click', ({ target }) => {
	const place = target instanceof Element && target.closest('[data-early-press]');
	if (place) place.dataset.pressed = '';
});
