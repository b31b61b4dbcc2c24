import { expect, test } from 'vitest';
import { message, plural } from '../message.ts';
import { compileMessage, parseSources, typeOf, type Source } from './messages.ts';

type Message = (values?: Record<string, unknown>, options?: { locale?: 'en' | 'fr' }) => string;

function made(...sources: Source[]): Message {
	const code = compileMessage('area_name', ['en', 'fr'], sources);
	return new Function('message', 'plural', `return ${code}`)(message, plural) as Message;
}

test('a text speaks the language that is asked for, else the reader’s', () => {
	const greet = made('Good day', 'Bonjour');
	expect([greet(), greet({}, { locale: 'fr' })]).toEqual(['Good day', 'Bonjour']);
});

test('values replace their names, and nothing else in a text is code', () => {
	const say = made('`{name}` pays ${name} \\ {name}', '{name}');
	expect(say({ name: 'Ana' })).toBe('`Ana` pays $Ana \\ Ana');
	expect(typeOf('{name} and {other}, {name}')).toBe(`With<'name' | 'other'>`);
	expect(typeOf('Good day')).toBe('Plain');
});

test('a number chooses the plural form of its language', () => {
	const places = (one: string, other: string): Source => [
		{
			declarations: ['input count', 'input shown', 'local countPlural = count: plural'],
			selectors: ['countPlural'],
			match: { 'countPlural=one': one, 'countPlural=*': other }
		}
	];
	const say = made(places('a place', '{shown} places'), places('{shown} place', '{shown} places'));
	expect([0, 1, 2].map((count) => say({ count, shown: count }))).toEqual(['0 places', 'a place', '2 places']);
	expect(say({ count: 0, shown: 0 }, { locale: 'fr' })).toBe('0 place');
});

test('a value chooses a variant; one that has none shows the name of the message', () => {
	const source: Source = [
		{
			declarations: ['input mode'],
			selectors: ['mode'],
			match: { 'mode=virtual': 'Online', 'mode=in_person': 'In the hall' }
		}
	];
	const say = made(source, source);
	expect(['virtual', 'in_person', 'both'].map((mode) => say({ mode }))).toEqual(['Online', 'In the hall', 'area_name']);
});

test('a message that lacks a language is not compiled', () => {
	expect(() => compileMessage('area_name', ['en', 'fr'], ['Good day', undefined])).toThrow(
		'area_name is missing in fr'
	);
});

test('a message that lacks a plural form of its language is not compiled', () => {
	const source: Source = [
		{
			declarations: ['input count', 'local countPlural = count: plural'],
			selectors: ['countPlural'],
			match: { 'countPlural=one': '{count} place', 'countPlural=*': '{count} places' }
		}
	];
	expect(compileMessage('area_name', ['en'], [source])).toContain('places');
	expect(() => compileMessage('area_name', ['ru'], [source])).toThrow('area_name lacks plural forms in ru: few, many');
});

test('a name that stands twice in a file is refused', () => {
	expect(parseSources('{\n\t"one": "1",\n\t"two": "2"\n}')).toEqual({ one: '1', two: '2' });
	expect(() => parseSources('{\n\t"one": "1",\n\t"one": "2"\n}')).toThrow('The message one stands twice.');
});
