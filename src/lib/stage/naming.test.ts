import { expect, test } from 'vitest';
import { withLocale } from '#lib/i18n/server/request-locale.ts';
import { withNames } from './naming.ts';

test('names a hall in the reader’s language, and an unnamed person a participant', () => {
	const people = [
		{ display_name: 'Noor van Dalen' },
		{ display_name: '' },
		{ display_name: 'Plenary Hall', name: { original: 'en', en: 'Plenary Hall', es: 'Sala plenaria' } }
	];
	const names = () => withNames(people).map(({ display_name }) => display_name);
	expect(names()).toEqual(['Noor van Dalen', 'A participant', 'Plenary Hall']);
	expect(withLocale('es', names)).toEqual(['Noor van Dalen', 'Participante', 'Sala plenaria']);
});
