/* Slides of some sample sessions, the one that is live among them: a title, what the session asks, and how to take part. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type pg from 'pg';
import { folderStore } from '../../lib/files/server/folder-store.ts';

const template = `#let data = json(bytes(sys.inputs.data))
#set document(title: data.title, date: none)
#set page(paper: "presentation-16-9", margin: 24mm, fill: rgb("#f4f6f9"), footer: text(size: 12pt, fill: rgb("#5a6b7d"), data.summit))
#set text(font: "Noto Sans", size: 24pt, fill: rgb("#14263d"), lang: "en")
#show heading: set text(size: 30pt)
#align(horizon)[#text(size: 40pt, weight: 600, data.title)

#text(size: 20pt, data.people)]
#for slide in data.slides [
#pagebreak()
= #slide.heading
#v(10mm)
#for line in slide.lines [- #line
]]`;

const slides = [
	{
		heading: 'What this session asks',
		lines: ['What do we know, and from whom?', 'What has worked, and where?', 'What will each of us do next?']
	},
	{
		heading: 'How we work together',
		lines: ['One question at a time, from the hall and from home', 'Interpretation in every language of the Summit']
	},
	{ heading: 'Before we close', lines: ['What we take with us', 'Who follows it up, and by when'] }
];

interface Talk {
	id: string;
	title: string;
	level: string;
	summit: string;
	speaker: string;
	people: string;
}

const talks = `select s.id, s.title ->> 'en' as title, s.level::text, u.name ->> 'en' as summit, (array_agg(sp.person_id order by sp.position))[1] as speaker,
		string_agg(p.display_name, ', ' order by sp.position) as people
	from public.sessions as s join public.summits as u on u.id = s.summit_id
	join public.session_people as sp on sp.session_id = s.id and sp.state = 'confirmed' and sp.role in ('chair', 'moderator', 'speaker')
	join public.people as p on p.id = sp.person_id
	left join public.runs as r on r.session_id = s.id and r.state <> 'ended'
	where s.summit_id = $1 and s.level in ('public', 'members') and s.title ->> 'en' is not null
	group by s.id, u.id, r.id order by r.id is null, (s.level = 'public') desc, s.code limit 6`;

/** Puts slides into the store of files, which is the folder given, and onto their sessions. */
export async function insertSlides(client: pg.Client, summit: string, folder: string, now: Date): Promise<void> {
	const { resolve } = createRequire(import.meta.url);
	const fonts = ['400Regular/NotoSans_400Regular.ttf', '600SemiBold/NotoSans_600SemiBold.ttf'];
	const fontPaths = fonts.map((font) => dirname(resolve(`@expo-google-fonts/noto-sans/${font}`)));
	const place = mkdtempSync(join(tmpdir(), 'slides-'));
	const compiler = NodeCompiler.create({ workspace: place, fontArgs: [{ fontPaths }] });
	const store = folderStore(join(folder, 'objects'));
	for (const talk of (await client.query<Talk>(talks, [summit])).rows) {
		const inputs = { data: JSON.stringify({ ...talk, slides }) };
		const content = compiler.pdf({ mainFileContent: template, inputs }, { creationTimestamp: 0 });
		const name = randomBytes(16).toString('hex');
		const path = join(place, name);
		writeFileSync(path, content);
		await store.put(name, path, 'application/pdf');
		await client.query(
			`insert into private.stored_objects (name, media_type, size, sha256, state, scan, created_at, changed_at)
			values ($1, 'application/pdf', $2, $3, 'kept', 'unscanned', $4, $4)`,
			[name, content.length, createHash('sha256').update(content).digest(), now]
		);
		await client.query(
			`with file as (insert into private.session_files (session_id, summit_id, kind, publication, level, created_at)
				values ($1, $2, 'slides', 'session', $3, $6) returning id)
			insert into private.file_versions (file_id, number, object_name, shown_name, language, uploaded_by, uploaded_at, chosen_at)
			select id, 1, $4, 'Slides.pdf', 'en', $5, $6, $6 from file`,
			[talk.id, summit, talk.level, name, talk.speaker, now]
		);
	}
	rmSync(place, { recursive: true, force: true });
}
