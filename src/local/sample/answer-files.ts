/* A question of the registration form that is answered with a file, and the letters of two delegations. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler';
import type pg from 'pg';
import { folderStore } from '../../lib/files/server/folder-store.ts';
import { sealAnswerFile } from '../../lib/logistics/sealed-file.ts';
import type { Sealer } from '../../lib/people/sealing.ts';
import { words } from './registration-question.ts';
import { bytea, insertRows } from './rows.ts';

const noteVerbale = {
	key: 'note_verbale',
	kind: 'file',
	file_sort: 'document',
	form: 'registration',
	label: words(
		'Note verbale or letter of accreditation',
		'Note verbale ou lettre d’accréditation',
		'Nota verbal o carta de acreditación',
		'المذكرة الشفوية أو خطاب الاعتماد',
		'Вербальная нота или письмо об аккредитации',
		'普通照会或资格认证函',
		'Nota verbal ou carta de acreditação'
	),
	purpose: words(
		'So that we can accredit you as a member of your delegation.',
		'Pour vous accréditer comme membre de votre délégation.',
		'Para acreditarle como miembro de su delegación.',
		'لكي نعتمدك عضوًا في وفدك.',
		'Чтобы аккредитовать вас в составе вашей делегации.',
		'以便确认您作为代表团成员的资格。',
		'Para o acreditar como membro da sua delegação.'
	),
	visible_to: ['registration'],
	sectors: ['government'],
	is_sealed: true,
	is_identity: true,
	erase_days: 30,
	position: 2,
	help: {},
	choices: [],
	categories: ['delegate'],
	modes: [],
	need_values: []
};

const template = `#let data = json(bytes(sys.inputs.data))
#set document(title: "Note verbale", date: none)
#set page(paper: "a4", margin: 30mm)
#set text(font: "Noto Sans", size: 11pt, lang: "en")
#align(center)[SAMPLE: NOT A REAL DOCUMENT]
#v(15mm)
The Permanent Mission presents its compliments to the secretariat of the Summit and has the honour to name #data.name as a
member of the delegation of #data.member.

The Permanent Mission avails itself of this opportunity to renew to the secretariat the assurances of its highest consideration.`;

const delegates = `select r.id, p.display_name as name, m.name as member
	from public.registrations as r
	join public.people as p on p.id = r.person_id
	join public.members as m on m.id = r.member_id
	join public.summit_members as sm on sm.summit_id = r.summit_id and sm.member_id = r.member_id
	where r.summit_id = $1 and r.category = 'delegate' and sm.sector = 'government'
		and r.state in ('submitted', 'nominated', 'accredited', 'awaiting_payment', 'confirmed')
		and not exists (select from private.protections as x where x.person_id = p.id)
	order by r.state, r.reference limit 2`;

/** Asks government delegates for their note verbale; two have given one, where there is a folder for files. */
export async function insertFileQuestion(
	client: pg.Client,
	sealer: Sealer,
	{ summit, id, folder, now }: { summit: string; id: string; folder: string | undefined; now: Date }
): Promise<void> {
	await insertRows(client, 'public.logistics_fields', [{ ...noteVerbale, id, summit_id: summit }]);
	if (folder === undefined) return;
	const { resolve } = createRequire(import.meta.url);
	const fontPaths = [dirname(resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf'))];
	const place = mkdtempSync(join(tmpdir(), 'letters-'));
	const compiler = NodeCompiler.create({ workspace: place, fontArgs: [{ fontPaths }] });
	const store = folderStore(join(folder, 'objects'));
	const { rows } = await client.query<{ id: string; name: string; member: string }>(delegates, [summit]);
	for (const { id: registration, ...data } of rows) {
		const inputs = { data: JSON.stringify(data) };
		const content = compiler.pdf({ mainFileContent: template, inputs }, { creationTimestamp: 0 });
		const given = { name: 'Note verbale (sample).pdf', size: content.length, media_type: 'application/pdf' };
		const sealed = sealAnswerFile(sealer, id, content, given);
		const object = randomBytes(16).toString('hex');
		const path = join(place, object);
		writeFileSync(path, sealed.bytes);
		await store.put(object, path, 'application/octet-stream');
		await client.query(
			`insert into private.stored_objects (name, media_type, size, sha256, state, scan, created_at, changed_at)
			values ($1, 'application/octet-stream', $2, $3, 'kept', 'unscanned', $4, $4)`,
			[object, sealed.bytes.length, sealed.sha256, now]
		);
		await insertRows(client, 'private.logistics_answers', [
			{
				registration_id: registration,
				field_id: id,
				answer_sealed: bytea(sealed.facts),
				key_id: sealed.keyId,
				object_name: object,
				file_key_sealed: bytea(sealed.key),
				answered_at: now.toISOString()
			}
		]);
	}
	rmSync(place, { recursive: true, force: true });
}
