import { expect, it } from 'vitest';
import { edges, marked, partsOf } from './marked.ts';

it('takes a sentence apart where it is marked, whichever way its words run', () => {
	expect(partsOf(`Go back to ${marked('Amara')}`)).toEqual(['Go back to ', 'Amara', '']);
	expect(partsOf(`${marked('Amara')}: ${marked('1')}`)).toEqual(['', 'Amara', ': ', '1', '']);
	expect(partsOf(`No one. ${edges.begin}Register${edges.end} first.`)).toEqual(['No one. ', 'Register', ' first.']);
	expect(partsOf(marked(`a${marked('b')}`))).toEqual(['', 'ab', '']);
});
