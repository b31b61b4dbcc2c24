import { isZone } from '#lib/i18n/zone.ts';
import { m } from '#lib/i18n/messages.ts';
import * as v from 'valibot';
import { isFormId } from './ids.ts';
import { oneLine, severalLines } from './one-line.ts';

function required(most: number, missing: () => string, shape: (text: string) => string) {
	return v.pipe(
		v.string(missing),
		v.transform(shape),
		v.nonEmpty(missing),
		v.maxLength(most, () => m.ui_form_too_long({ most }))
	);
}

function optional(most: number, shape: (text: string) => string) {
	return v.optional(
		v.pipe(
			v.string(),
			v.transform(shape),
			v.maxLength(most, () => m.ui_form_too_long({ most }))
		),
		''
	);
}

/** A required single-line text of at most `most` characters. Line breaks become spaces. */
export function requiredText(most = 200, missing: () => string = () => m.ui_form_missing()) {
	return required(most, missing, oneLine);
}

/** An optional single-line text; absent or empty: ''. */
export function optionalText(most = 200) {
	return optional(most, oneLine);
}

/** A required multi-line text. */
export function requiredLines(most = 200, missing: () => string = () => m.ui_form_missing()) {
	return required(most, missing, severalLines);
}

/** An optional multi-line text; absent or empty: ''. */
export function optionalLines(most = 200) {
	return optional(most, severalLines);
}

/** A ticked box: true; absent: false. */
export function checkbox() {
	return v.pipe(
		v.optional(v.string(), ''),
		v.transform((value) => value !== '')
	);
}

/** A hidden field or button: yes or no. */
export function yesNo() {
	return v.pipe(
		v.picklist(['yes', 'no']),
		v.transform((value) => value === 'yes')
	);
}

/** A mail address. */
export function mailAddress(wrong: () => string = () => m.ui_form_mail()) {
	return v.pipe(
		v.string(wrong),
		v.trim(),
		v.nonEmpty(wrong),
		v.maxLength(254, wrong),
		v.check((value) => /^[^\s@<>"',;]+@[^\s@<>"',;]+\.[^\s@<>"',;]+$/u.test(value), wrong)
	);
}

/** The name of an existing time zone. */
export function timeZone() {
	return v.pipe(
		v.string(),
		v.check(
			(value) => isZone(value),
			() => m.ui_form_zone()
		)
	);
}

/** A whole number typed as text. */
export function wholeNumber(least = 0, most = 1_000_000) {
	const wrong = () => m.ui_form_number({ least, most });
	return v.pipe(
		v.string(wrong),
		v.trim(),
		v.regex(/^\d{1,9}$/, wrong),
		v.transform(Number),
		v.minValue(least, wrong),
		v.maxValue(most, wrong)
	);
}

/** An id that the page itself put into the form. */
export function id() {
	return v.pipe(v.string(), v.uuid());
}

/** The id of a row, or '' for none; also a field that is not sent. */
export function optionalId() {
	return v.optional(v.union([v.literal(''), id()]), '');
}

/** The name of the form that was sent, as `formId` made it. */
export function sentForm() {
	return v.pipe(
		v.string(),
		v.check((value: string) => isFormId(value))
	);
}

/** The texts of a name that ends in `[]`; absent: []. */
export function list<Item extends v.GenericSchema>(item: Item) {
	return v.optional(v.array(item), []);
}
