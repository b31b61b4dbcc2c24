import { expect, it } from 'vitest';
import { edges, marked, partsOf } from './marked.ts';

it('splits a sentence at its marks, in either text direction', () => {
	expect(partsOf(`Go back to ${marked('Amara')}`)).toEqual(['Go back to ', 'Amara', '']);
	expect(partsOf(`${marked('Amara')}: ${marked('1')}`)).toEqual(['', 'Amara', ': ', '1', '']);
	expect(partsOf(`No one. ${edges.begin}Register${edges.end} first.`)).toEqual(['No one. ', 'Register', ' first.']);
	expect(partsOf(marked(`a${marked('b')}`))).toEqual(['', 'ab', '']);
});
