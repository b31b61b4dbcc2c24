import { expect, test } from 'vitest';
import { makeViewer } from '../../../tests/fixtures/viewer.ts';
import { homePath } from './home.ts';
import type { Viewer } from './viewer.ts';

const summit = { id: 'summit', slug: 'montevideo' };

const focal = [{ summitId: 'summit', memberId: 'member' }];
const everything = { focal, speaks: ['summit'], registered: ['summit'] };

test.each<[string, Partial<Viewer>, string | null]>([
	['staff', { ...everything, roles: [{ role: 'finance', summitId: null }] }, '/montevideo/organise'],
	['staff without their passkey', { unconfirmedRoles: [{ role: 'owner', summitId: null }] }, '/montevideo/organise'],
	['door staff', { ...everything, roles: [{ role: 'door', summitId: 'summit' }] }, '/montevideo/door'],
	['focal points', everything, '/montevideo/delegation'],
	['speakers', { speaks: ['summit'], registered: ['summit'] }, '/montevideo/speak'],
	['those registered', { registered: ['summit'] }, '/montevideo/me'],
	['those of another Summit', { focal: [{ summitId: 'other', memberId: 'member' }], speaks: ['other'] }, null],
	['those who have nothing there yet', {}, null]
])('leads %s to where their work begins', (_who, some, path) => {
	expect(homePath(makeViewer(some), summit)).toBe(path);
});
