import { mkdir } from 'node:fs/promises';
import { fileStore, incomingFolder } from './store.ts';
import { abandonObjects, storePath } from './uploading.ts';

/** The file store, with the interface that recordings need. */
export const recordingStore = {
	open: (object: string) => fileStore().open(object),
	put: storePath,
	abandon: (object: string) => abandonObjects(object),
	folder: async () => {
		await mkdir(incomingFolder(), { recursive: true, mode: 0o700 });
		return incomingFolder();
	}
};
