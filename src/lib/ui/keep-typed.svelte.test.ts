import { expect, it } from 'vitest';
import { rememberTyped } from './keep-typed.ts';

function form(): HTMLFormElement {
	const made = document.createElement('form');
	made.innerHTML = `<input name="text" value="old"><input name="same" value="x"><textarea name="area">a</textarea>
		<input type="checkbox" name="box"><input type="radio" name="mode" value="a" checked><input type="radio" name="mode" value="b">
		<select name="choice"><option value="">Choose</option><option value="1">One</option></select>
		<select name="kept"><option value="1">One</option><option value="2" selected>Two</option></select>`;
	document.body.append(made);
	return made;
}

it('leaves open what a person opened', () => {
	const root = document.createElement('div');
	root.innerHTML = '<details><summary>More</summary></details><details open><summary>Less</summary></details>';
	const folds = [...root.querySelectorAll('details')];
	for (const fold of folds) fold.open = !fold.open;
	const restore = rememberTyped(root);
	// As hydration does.
	for (const [at, fold] of folds.entries()) fold.open = at === 1;
	restore();
	expect(folds.map((fold) => fold.open)).toEqual([true, false]);
});

it('restores what was typed and chosen, and touches nothing else', () => {
	const made = form();
	const control = <Kind extends Element>(name: string, at = 0) =>
		made.querySelectorAll(`[name="${name}"]`)[at] as unknown as Kind;
	control<HTMLInputElement>('text').value = 'new';
	control<HTMLTextAreaElement>('area').value = 'b';
	control<HTMLInputElement>('box').checked = true;
	control<HTMLInputElement>('mode', 1).checked = true;
	control<HTMLSelectElement>('choice').value = '1';
	const restore = rememberTyped(made);
	const touched: string[] = [];
	made.addEventListener('input', ({ target }) => touched.push((target as HTMLInputElement).name));

	// As hydration does.
	made.reset();
	control<HTMLInputElement>('same').value = 'y';
	restore();
	expect(Object.fromEntries(new FormData(made))).toEqual({
		text: 'new',
		same: 'y',
		area: 'b',
		box: 'on',
		mode: 'b',
		choice: '1',
		kept: '2'
	});
	expect(new Set(touched)).toEqual(new Set(['text', 'area', 'box', 'mode', 'choice']));
	made.remove();
});
