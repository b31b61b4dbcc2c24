import { describe, expect, it } from 'vitest';
import { nameForms } from './names.ts';

describe('the normalised form of names', () => {
	it.each([
		['José Núñez', 'NUNEZ, Jose'],
		['Łukasz Żółć', 'zolc lukasz'],
		['Иван Петров', 'Ivan Petrov'],
		['Omar Al-Rashid', 'Rashid Omar'],
		['Ana  María de la Cruz', 'Cruz Ana Maria'],
		['Ångström Øst', 'ost angstrom']
	])('%s and %s have the same words', (one, other) => {
		expect(nameForms(one).key).toBe(nameForms(other).key);
	});

	it.each([
		['Mohammed Haddad', 'Muhamad Hadad'],
		['Юлия Щукина', 'Yuliya Shchukina'],
		['محمد حداد', 'Mohammed Haddad'],
		['Yusuf Qasim', 'Youssef Kassem'],
		['Γιώργος Νικολάου', 'Giorgos Nikolaou']
	])('%s and %s have the same consonants', (one, other) => {
		expect(nameForms(one).skeleton).toBe(nameForms(other).skeleton);
	});

	it.each([
		['Ana Lima', 'Ana Lopes'],
		['Marta Ilves', 'Martin Oja'],
		['', 'Ana']
	])('%s and %s differ', (one, other) => {
		expect(nameForms(one).key).not.toBe(nameForms(other).key);
		expect(nameForms(one).skeleton).not.toBe(nameForms(other).skeleton);
	});
});
