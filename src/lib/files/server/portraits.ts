import type { AnswerOf } from '#lib/database/calls.ts';
import type { DataClient } from '#lib/database/client.ts';
import { rpc } from '#lib/database/server/rpc.ts';
import { callPrivate } from '#lib/database/server/pool.ts';
import { cropFrom } from '#lib/files/crop.ts';
import { receiveForm } from './incoming.ts';
import { makePortrait, type PictureFault } from './portrait.ts';
import type { Served } from './serve.ts';
import { objectName } from './store.ts';
import { abandonObjects, storeObject } from './uploading.ts';
import type { PortraitPerson } from '#lib/database/answers/files.ts';

/** The maximum size of a picture, in bytes. */
export const pictureLimit = 20_000_000;

/** The reader and the people they act for, if they participate in a session of the Summit. */
export async function readPortraitPeople(client: DataClient, summit: string): Promise<PortraitPerson[]> {
	return rpc(client, 'list_portrait_people', { summit });
}

/** The result of an upload. */
type PictureAnswer =
	| { status: AnswerOf<'save_portrait'>; person: string }
	| { status: 'fault'; fault: PictureFault | 'missing' | 'too_large'; person: string };

/** Receives a form with a picture and the selected square of it. */
export async function uploadPortrait(client: DataClient, summit: string, request: Request): Promise<PictureAnswer> {
	const may = await readPortraitPeople(client, summit);
	if (may.length === 0) return { status: 'not_found', person: '' };
	const { fields, file, isTooLarge } = await receiveForm(request, pictureLimit);
	const person = String(fields.get('person') ?? '');
	try {
		const whose = may.find((one) => one.person === person);
		if (!whose) return { status: 'not_found', person };
		if (whose.is_protected) return { status: 'protected', person };
		if (isTooLarge) return { status: 'fault', fault: 'too_large', person };
		if (!file || file.size === 0) return { status: 'fault', fault: 'missing', person };
		const made = await makePortrait(
			file.path,
			cropFrom((name) => fields.get(name))
		);
		if (!made.ok) return { status: 'fault', fault: made.fault, person };
		// The picture is encoded again from its pixels, so nothing is left of the file that a scanner could find.
		const large = await storeObject(made.large, 'image/webp', 'clean');
		const small = await storeObject(made.small, 'image/webp', 'clean');
		const status = await rpc(client, 'save_portrait', {
			summit,
			person,
			portrait: objectName(),
			large,
			small
		});
		if (status !== 'ok') await abandonObjects(large, small);
		return { status, person };
	} finally {
		await file?.drop();
	}
}

/** Removes the portrait of a person. */
export async function removePortrait(client: DataClient, summit: string, person: string) {
	return rpc(client, 'remove_portrait', { summit, person });
}

/** A portrait that the reader may see; null when there is none or the reader may not see it. */
export async function openPortrait(client: DataClient, portrait: string, isLarge: boolean): Promise<Served | null> {
	if (!/^[a-z0-9]{32}$/.test(portrait)) return null;
	const found = await rpc(client, 'open_portrait', {
		portrait,
		is_large: isLarge
	});
	if (!found) return null;
	const [row] = await callPrivate('object_of_portrait', [portrait, isLarge]);
	return row?.object_of_portrait ? { ...found, media_type: 'image/webp', object: row.object_of_portrait } : null;
}
