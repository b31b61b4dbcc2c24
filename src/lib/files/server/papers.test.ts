import { expect, test } from 'vitest';
import { readPublicPaper } from './papers.ts';

const paper = new Uint8Array([1]);

function counted(answer: typeof paper | null) {
	const made = { times: 0, make: () => ((made.times += 1), Promise.resolve(answer)) };
	return made;
}

test('sets a paper once for all visitors of an address, and again for another language', async () => {
	const made = counted(paper);
	const address = 'https://summit.example/fr/community/commitments/AAAA';
	expect(await Promise.all([readPublicPaper(address, made.make), readPublicPaper(address, made.make)])).toEqual([
		paper,
		paper
	]);
	await readPublicPaper(address, made.make);
	expect(made.times).toBe(1);
	await readPublicPaper(address.replace('/fr/', '/es/'), made.make);
	expect(made.times).toBe(2);
});

test('does not remember that a code is unknown', async () => {
	const address = 'https://summit.example/community/commitments/BBBB';
	expect(await readPublicPaper(address, counted(null).make)).toBeNull();
	expect(await readPublicPaper(address, counted(paper).make)).toEqual(paper);
});
