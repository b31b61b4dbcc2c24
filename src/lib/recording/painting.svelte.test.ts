import { page } from 'vitest/browser';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import PollOnScreen from '#lib/participation/components/PollOnScreen.svelte';
import type { Poll } from '#lib/participation/participation.ts';
import '#lib/ui/tokens.css';
import '#lib/ui/base.css';
import { linesOf, paint } from './painting.ts';

const poll = (question: string, labels: string[]): Poll => ({
	id: 'p',
	question,
	kind: 'single',
	state: 'open',
	by_sector: false,
	may_change: true,
	results_at_end: false,
	at: '2027-06-10T10:00:00Z',
	voters: 4,
	options: labels.map((label, index) => ({ id: String(index), label, votes: index === 0 ? 4 : 0 })),
	sectors: null
});

/** The component at this size, and what was drawn of it. */
async function drawn(given: Poll, width = 984, height = 676) {
	const { container } = await render(PollOnScreen, { poll: given });
	container.style.cssText = `inline-size: ${width}px; block-size: ${height}px`;
	const frame = container.querySelector('.frame') as HTMLElement;
	await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
	const canvas = Object.assign(document.createElement('canvas'), { width: width + 100, height: height + 100 });
	const context = canvas.getContext('2d') as CanvasRenderingContext2D;
	paint(context, frame, 50, 50);
	const at = (element: Element, share = 0.5) => {
		const [box, origin] = [element.getBoundingClientRect(), frame.getBoundingClientRect()];
		const [x, y] = [box.left - origin.left + box.width * share + 50, box.top - origin.top + box.height / 2 + 50];
		return [...context.getImageData(Math.round(x), Math.round(y), 1, 1).data];
	};
	/** How many pixels of an element are bright. */
	const ink = (element: Element) => {
		const [box, origin] = [element.getBoundingClientRect(), frame.getBoundingClientRect()];
		const { data } = context.getImageData(
			Math.round(box.left - origin.left + 50),
			Math.round(box.top - origin.top + 50),
			Math.round(box.width),
			Math.round(box.height)
		);
		return data.filter((value, index) => index % 4 === 1 && value > 120).length / (data.length / 4);
	};
	return { frame, context, at, ink };
}

it('draws bars at their length, text at its place, and nothing outside', async () => {
	const { frame, context, at, ink } = await drawn(poll('What comes first?', ['Hotlines', 'Schools']));
	const [full, empty] = frame.querySelectorAll('.bar');
	expect(full && at(full, 0.9)).toEqual([243, 246, 249, 255]);
	expect(empty && at(empty, 0.9)).toEqual([16, 30, 45, 255]);
	for (const part of frame.querySelectorAll('.question, .label, .value, .voters'))
		expect(ink(part)).toBeGreaterThan(0.01);
	expect([...context.getImageData(20, 300, 1, 1).data]).toEqual([0, 0, 0, 0]);
	expect([...context.getImageData(52, 52, 1, 1).data]).toEqual([8, 17, 26, 255]);
});

it('breaks a text where the browser does, in either direction', async () => {
	const words = 'Which of these would help most where you work, within the next two years and with what you have?';
	const { frame } = await drawn(poll(words, ['One', 'Two']), 500, 600);
	const text = (frame.querySelector('.question') as Element).firstChild as Text;
	const lines = linesOf(text);
	expect(lines.length).toBeGreaterThan(2);
	expect(lines.map(({ words: line }) => line).join(' ')).toBe(words);
	expect(new Set(lines.map(({ left }) => Math.round(left))).size).toBe(1);
	const arabic = await drawn(poll('ما الذي يأتي أولاً؟', ['خطوط المساعدة', 'المدارس']));
	const question = arabic.frame.querySelector('.question') as Element;
	expect(getComputedStyle(question).direction).toBe('rtl');
	expect(linesOf(question.firstChild as Text)).toHaveLength(1);
	expect(arabic.ink(question)).toBeGreaterThan(0.005);
});

it('draws long text smaller, so that nothing is cut off', async () => {
	await page.viewport(1280, 800);
	const long = Array.from({ length: 12 }, (_, index) => `Option ${index + 1}, in a good number of words`);
	const { frame } = await drawn(poll('What comes first? '.repeat(8), long));
	const section = frame.querySelector('section') as HTMLElement;
	expect(section.scrollHeight).toBeLessThanOrEqual(section.clientHeight);
});
