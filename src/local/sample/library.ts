/* The library of the sample: sixty documents in several languages, with versions, an embargo, a review and ties. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { folderStore } from '../../lib/files/server/folder-store.ts';

type Texts = Record<string, string>;
interface Source {
	topics: (Texts & { theme: string; en: string })[];
	kinds: { kind: string; title: Texts & { en: string }; summary: Texts & { en: string } }[];
}
const source = JSON.parse(readFileSync(new URL('library-texts.json', import.meta.url), 'utf8')) as Source;

const day = 86_400_000;
const others = ['fr', 'es', 'ar', 'ru', 'zh', 'pt'];
const licences = ['cc_by', 'cc_by_nc', 'cc_by_sa', 'all_rights_reserved'];

/** A document of the sample. */
interface Entry {
	index: number;
	kind: string;
	theme: string;
	title: Texts;
	summary: Texts;
	languages: string[];
	issued: Date;
	state: 'published' | 'submitted' | 'draft';
	level: 'public' | 'members' | 'group';
	versions: number;
}

// Each document in English and in one to three other languages, which take turns.
function languagesOf(index: number): string[] {
	return ['en', ...others.filter((_, place) => (place + index) % 6 < 1 + (index % 3))];
}

function entriesAt(now: Date): Entry[] {
	return source.topics.flatMap((topic, row) =>
		source.kinds.map(({ kind, title, summary }, column) => {
			const index = row * source.kinds.length + column;
			const languages = languagesOf(index);
			const written = (text: (tag: string) => string) => ({
				original: 'en',
				...Object.fromEntries(languages.map((tag) => [tag, text(tag)]))
			});
			return {
				index,
				kind,
				theme: topic.theme,
				title: written((tag) => `${topic[tag] ?? topic.en}${tag === 'zh' ? '：' : ': '}${title[tag] ?? title.en}`),
				summary: written((tag) => summary[tag] ?? summary.en),
				languages,
				issued: new Date(now.getTime() - (30 + index * 37) * day),
				state: index === 57 ? 'submitted' : index === 58 ? 'draft' : 'published',
				level: index % 7 === 3 ? 'members' : index % 11 === 5 ? 'group' : 'public',
				versions: index % 6 === 1 ? 2 : 1
			} satisfies Entry;
		})
	);
}

const latin = new Set(['en', 'fr', 'es', 'pt']);

// A page with its lines in the font that every reader has. Its letters are those of Windows-1252.
function plainPdf(lines: readonly string[]): Buffer {
	const shown = lines.map((line) => `(${line.replace(/[\\()]/g, String.raw`\$&`).replaceAll('’', '\u0092')}) Tj T*`);
	const stream = `BT /F1 12 Tf 18 TL 60 760 Td ${shown.join('\n')} ET`;
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		'<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
		'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
		`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'
	];
	let text = '%PDF-1.4\n';
	const places = objects.map((object, index) => {
		const at = text.length;
		text += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return at;
	});
	const table = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
	text += `xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer\n<< /Size ${places.length + 1} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
	return Buffer.from(text, 'latin1');
}

const closing: Texts = {
	en: 'A document of the sample. Its figures are invented.',
	fr: 'Un document d’exemple. Ses chiffres sont inventés.',
	es: 'Un documento de ejemplo. Sus cifras son inventadas.',
	pt: 'Um documento de exemplo. Os seus números são inventados.'
};

/** Stores the files of a version. */
async function insertFiles(client: pg.Client, item: string, number: number, entry: Entry, folder: string) {
	const place = mkdtempSync(join(tmpdir(), 'library-'));
	const store = folderStore(join(folder, 'objects'));
	for (const language of entry.languages) {
		const lines = [entry.title[language] ?? '', '', entry.summary[language] ?? '', '', closing[language] ?? ''];
		const isPdf = latin.has(language);
		const content = isPdf ? plainPdf(lines) : Buffer.from(lines.join('\n'));
		const [name, type] = [randomBytes(16).toString('hex'), isPdf ? 'application/pdf' : 'text/plain'];
		writeFileSync(join(place, name), content);
		await store.put(name, join(place, name), type);
		await client.query(
			`insert into private.stored_objects (name, media_type, size, sha256, state, scan)
			values ($1, $2, $3, $4, 'kept', 'unscanned')`,
			[name, type, content.length, createHash('sha256').update(content).digest()]
		);
		await client.query(
			`insert into private.library_files (item_id, number, language, object_name, shown_name, content)
			values ($1, $2, $3, $4, $5, $6)`,
			[item, number, language, name, `${entry.kind}-${language}.${isPdf ? 'pdf' : 'txt'}`, lines.join('\n')]
		);
	}
	rmSync(place, { recursive: true, force: true });
}

async function insertVersion(client: pg.Client, item: string, number: number, entry: Entry, now: Date) {
	const isLast = number === entry.versions;
	const at = isLast ? entry.issued : new Date(entry.issued.getTime() - 400 * day);
	const isPublished = entry.state === 'published' || !isLast;
	await client.query(
		`insert into private.library_versions (item_id, number, kind, title, summary, authors, licence, doi, issued_on, theme_id,
			level, group_id, embargo_until, note, written_by, written_at, submitted_at, submitted_by, published_at)
		select $1, $2, $3, $4, $5, array[coalesce(m.name, 'Secretariat')], $6, $7, $8::timestamptz::date, t.id,
			case when $9::text = 'group' and g.id is null then 'members' else $9 end::public.library_level,
			case when $9 = 'group' then g.id end, $10, $11, i.owner_id, $8::timestamptz,
			case when $12 then $8::timestamptz end, case when $12 then i.owner_id end, case when $13 then $8::timestamptz end
		from private.library_items as i
		left join private.commitment_themes as t on t.slug = $14
		left join lateral (
			select x.id from private.groups as x where x.level = 'members' and x.ended_at is null order by x.code limit 1) as g on true
		left join lateral (select x.name from public.members as x order by x.code offset $15 limit 1) as m on true
		where i.id = $1`,
		[
			item,
			number,
			entry.kind,
			JSON.stringify(entry.title),
			JSON.stringify(entry.summary),
			licences[entry.index % licences.length],
			entry.index % 4 === 0 ? `10.5555/sample.${String(1000 + entry.index)}` : null,
			at,
			entry.level,
			entry.index === 59 ? new Date(now.getTime() + 20 * day) : null,
			number > 1 ? 'Figures of the last year added' : '',
			isPublished || entry.state === 'submitted',
			isPublished,
			entry.theme,
			entry.index % 40
		]
	);
	for (const step of isPublished
		? ['submitted', 'reviewed', 'published']
		: entry.state === 'submitted'
			? ['submitted']
			: [])
		await client.query(
			`insert into private.library_steps (item_id, number, step, made_by, made_at)
			select $1, $2, $3::public.library_step, case when $3::text = 'submitted' then owner_id end, $4 from private.library_items where id = $1`,
			[item, number, step, at]
		);
	await insertTies(client, item, number, entry.index);
}

// Its author, and for some a public session of the newest release, a group or a commitment.
async function insertTies(client: pg.Client, item: string, number: number, index: number) {
	await client.query(
		`insert into private.library_ties (item_id, number, member_id, is_author)
		select $1, $2, m.id, true from public.members as m
		where m.name = (select authors[1] from private.library_versions where item_id = $1 and number = $2)`,
		[item, number]
	);
	if (index % 3 === 0)
		await client.query(
			`insert into private.library_ties (item_id, number, session_id)
			select $1, $2, r.session_id from public.release_sessions as r
			where r.level = 'public' and not r.is_break and not r.is_cancelled
				and r.release_id = (select id from public.releases order by released_at desc, id limit 1)
			order by r.session_id offset $3 limit 1`,
			[item, number, index]
		);
	if (index % 5 === 1)
		await client.query(
			`insert into private.library_ties (item_id, number, group_id)
			select $1, $2, g.id from private.groups as g where g.level <> 'closed' order by g.code offset $3 limit 1`,
			[item, number, index % 3]
		);
	if (index % 4 === 2)
		await client.query(
			`insert into private.library_ties (item_id, number, commitment_id)
			select $1, $2, c.id from private.commitments as c where c.state = 'announced' order by c.code offset $3 limit 1`,
			[item, number, index % 20]
		);
}

/** Sixty documents: one in review, one sent back, one under an embargo, some for members or a group, some in two versions. */
export async function insertLibrary(client: pg.Client, folder: string | undefined, now: Date): Promise<void> {
	const { rows } = await client.query<{ id: string }>(
		`select id from public.people where display_name like 'Marguerite%'
		order by id not in (select person_id from private.sample_people), code limit 1`
	);
	for (const entry of entriesAt(now)) {
		const made = await client.query<{ id: string }>(
			`insert into private.library_items (code, state, version, owner_id, created_at, updated_at)
			values ($1, $2, $3, $4, $5, $5) returning id`,
			[
				`SAMPLE${String(10 + entry.index)}`,
				entry.state,
				entry.versions,
				rows[0]?.id ?? null,
				entry.state === 'published' ? entry.issued : new Date(now.getTime() - 2 * day)
			]
		);
		const item = made.rows[0]?.id ?? '';
		for (let number = 1; number <= entry.versions; number++) {
			await insertVersion(client, item, number, entry, now);
			if (folder !== undefined) await insertFiles(client, item, number, entry, folder);
		}
		if (entry.state === 'draft')
			await client.query(
				`insert into private.library_steps (item_id, number, step, reason, made_by, made_at)
				select $1, 1, s.step::public.library_step, s.reason, case when s.step = 'submitted' then $2::uuid end, $3
				from (values ('submitted', ''), ('sent_back', 'Please name the source of the second figure.')) as s (step, reason)`,
				[item, rows[0]?.id ?? null, now]
			);
		await client.query('select private.index_library_item($1)', [item]);
		await client.query(
			`insert into private.library_openings (item_id, day, count)
			select $1, ($2::timestamptz at time zone 'UTC')::date - n, 1 + ($3::integer * 7 + n * 5) % 9
			from generate_series(1, 20) as n
			where exists (select from private.library_publications as p where p.item_id = $1 and p.shown_from <= $2)`,
			[item, now, entry.index]
		);
	}
}
