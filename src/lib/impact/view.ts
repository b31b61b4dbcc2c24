/* A report as it is read: the same sections, numbers and pictures on its page, in its PDF and in the preview. No I/O. */
import type { ImpactContent, ImpactIndicator, ImpactRow } from '#lib/database/answers/impact.ts';
import { text, type TextMap } from '#lib/i18n/locale.ts';
import { m } from '#lib/i18n/messages.ts';
import { number, utcDate } from '#lib/i18n/time.ts';
import { frame, objectives, type IndicatorKey, type Objective } from './indicators.ts';
import { picturesOf, type ReportPicture } from './report-pictures.ts';
import { howWords, indicatorWords, objectiveLeads, objectiveWords, rowWord } from './words.ts';

/** The words and numbers of a report, released or not. */
export interface ReportSource {
	texts: Record<string, TextMap>;
	targets: Record<string, number>;
	content: ImpactContent;
}

/** One number with what explains it; an empty text is not there. */
export interface ReportFigure {
	key: string;
	name: string;
	value: string;
	before: string;
	target: string;
	source: string;
	how: string;
	/** The numbers of its parts. */
	parts: { name: string; value: string }[];
}

/** One objective. */
export interface ReportSection {
	objective: Objective;
	title: string;
	lead: string;
	text: TextMap | null;
	figures: ReportFigure[];
	pictures: ReportPicture[];
}

/** The whole report in the present language. */
export interface ReportView {
	intro: TextMap | null;
	sections: ReportSection[];
	closing: TextMap | null;
	notes: string[];
	/** The name of the edition before; '' where there is none. */
	before: string;
}

const written = (map: TextMap | undefined): TextMap | null => (map && text(map).text.trim() !== '' ? map : null);

/** A value in words: a part names its whole. */
export function valueWord({ value, rows }: Pick<ImpactIndicator, 'value' | 'rows'>): string {
	if (value === null) return m.impact_none();
	const total = rows.find(({ dimension }) => dimension === 'total');
	return total ? m.impact_of_total({ count: number(value), total: number(total.value) }) : number(value);
}

const partDimensions = ['mode', 'answered', 'met', 'place'];

function figureOf(source: ReportSource, key: IndicatorKey): ReportFigure | null {
	const { content, targets } = source;
	const one = content.indicators.find((indicator) => indicator.key === key);
	// What the survey asked is a table of its own.
	if (!one || key === 'feedback') return null;
	const before = content.before?.indicators.find((indicator) => indicator.key === key);
	const target = targets[key];
	const words = indicatorWords[key];
	const dated = one.on === content.on ? [] : [m.impact_counted({ date: utcDate(one.on) })];
	return {
		key,
		name: words.name(),
		value: valueWord(one),
		before: before && before.value !== null ? valueWord(before) : '',
		target: target === undefined ? '' : number(target),
		source: words.source(),
		how: [howWords(content, key), ...dated].join(' '),
		parts: one.rows
			.filter(({ dimension }) => partDimensions.includes(dimension))
			.toSorted((a, b) => (a.key < b.key ? -1 : 1))
			.map((row: ImpactRow) => ({ name: rowWord(row), value: number(row.value) }))
	};
}

function notesOf({ threshold, figures, on, before }: ImpactContent): string[] {
	const name = before ? text(before.name).text : '';
	return [
		m.impact_note_date({ date: utcDate(on) }),
		m.impact_note_groups({ count: number(threshold) }),
		...(figures === null ? [] : [m.impact_note_figures({ number: number(figures) })]),
		...(before === null ? [] : [m.impact_note_before({ summit: name, number: number(before.number) })])
	];
}

/** The report in the present language. */
export function reportView(source: ReportSource): ReportView {
	const { content, texts } = source;
	return {
		intro: written(texts['intro']),
		sections: objectives.map((objective) => ({
			objective,
			title: objectiveWords[objective](),
			lead: objectiveLeads[objective](),
			text: written(texts[objective]),
			figures: frame[objective].flatMap((key) => figureOf(source, key) ?? []),
			pictures: picturesOf(content, objective)
		})),
		closing: written(texts['closing']),
		notes: notesOf(content),
		before: content.before ? text(content.before.name).text : ''
	};
}
