import { expect, it } from 'vitest';
import { fadeEnds } from './fade-ends.ts';

function frameOf(direction: 'ltr' | 'rtl') {
	const frame = document.createElement('div');
	frame.dir = direction;
	frame.style.cssText = 'overflow-x: auto; inline-size: 200px';
	frame.innerHTML = '<div style="inline-size: 600px; block-size: 20px"></div>';
	document.body.append(frame);
	return frame;
}

it.each(['ltr', 'rtl'] as const)('says at which ends of a frame there is more, %s', async (direction) => {
	const frame = frameOf(direction);
	const stop = fadeEnds(frame);
	expect(frame.dataset['more']).toBe('end');
	frame.scrollLeft = direction === 'rtl' ? -100 : 100;
	await expect.poll(() => frame.dataset['more']).toBe('start end');
	frame.scrollLeft = direction === 'rtl' ? -400 : 400;
	await expect.poll(() => frame.dataset['more']).toBe('start');
	frame.style.inlineSize = '700px';
	await expect.poll(() => frame.dataset['more']).toBeUndefined();
	stop();
	frame.remove();
});
