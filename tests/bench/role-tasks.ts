/* The tasks that `npm run bench -- tasks` walks through, each from the page where its person lands. */
import type { Browser } from '@playwright/test';
import type pg from 'pg';
import { pdf } from '../fixtures/documents.ts';
import type { CountedPerson } from '../fixtures/effort.ts';
import { signInAs } from '../fixtures/sample.ts';
import type { TestSummit } from '../fixtures/summit.ts';
import { expect } from '../fixtures/test.ts';

export interface TaskWorld {
	browser: Browser;
	origin: string;
	/** The code of a badge that was not checked in yet. */
	badge: string;
	/** The member of the delegate who registers. */
	member: string;
}

export interface Task {
	what: string;
	/** The sample person who does it. */
	as?: string;
	/** Where a reader who is not signed in begins. */
	from?: string;
	/** What others do before it. */
	before?: (world: TaskWorld) => Promise<void>;
	walk: (person: CountedPerson, world: TaskWorld) => Promise<void>;
}

/** Invites the speaker of the sample to one more session, and finds a badge. */
export async function prepareTasks(client: pg.Client, { origin }: TestSummit): Promise<Omit<TaskWorld, 'browser'>> {
	await client.query(
		`insert into public.session_people (session_id, summit_id, person_id, role, state, position)
		select s.id, s.summit_id, p.id, 'speaker', 'invited', 20 from public.people as p, public.sessions as s
		join public.slots on slots.session_id = s.id join public.summits on summits.id = s.summit_id
		where p.display_name = 'Noor van Dalen' and summits.slug = 'montevideo' and s.state = 'confirmed'
			and lower(slots.during) > now() + interval '3 hours'
			and not exists (select from public.session_people as sp where sp.session_id = s.id and sp.person_id = p.id)
		order by lower(slots.during) desc, s.id limit 1`
	);
	const { rows } = await client.query<{ badge_code: string }>(
		`select b.badge_code from public.badges as b join public.registrations as r on r.id = b.registration_id
		join public.summits as s on s.id = b.summit_id
		where s.slug = 'montevideo' and b.revoked_at is null and r.state = 'confirmed' and r.mode = 'in_person'
			and not exists (select from public.presence where person_id = r.person_id and summit_id = s.id and kind = 'door')
		order by b.badge_code limit 1`
	);
	const { rows: members } = await client.query<{ affiliation: string }>(
		`select affiliation from public.people where display_name = 'Awa Diop'`
	);
	return { origin, badge: rows[0]?.badge_code ?? '', member: members[0]?.affiliation ?? '' };
}

async function register(
	{ page, type, choose, press, follow, click }: CountedPerson,
	{ member }: TaskWorld
): Promise<void> {
	await follow('Register');
	await follow('Begin');
	if ((await page.getByLabel('Name on your badge').inputValue()) === '') await type('Name on your badge', 'Awa Diop');
	if ((await page.getByLabel('Country you represent').inputValue()) === '') await choose('Country you represent', 'SN');
	await press('Save and continue');
	await expect(page.getByRole('heading', { name: 'Your organisation', level: 1 })).toBeVisible();
	// The one that the affiliation names is chosen.
	await expect(page.getByRole('radio', { name: member })).toBeChecked();
	await press('Save and continue');
	await click(page.getByRole('radio', { name: /Online/ }));
	await click(page.getByRole('checkbox', { name: 'English' }));
	await press('Save and continue');
	await expect(page.getByRole('heading', { name: 'What you need', level: 1 })).toBeVisible();
	await press('Save and continue');
	await page.waitForURL(/register\/5$/);
	for (const box of await page.getByRole('checkbox', { name: /I have read|I will follow/ }).all()) await click(box);
	await press('Send my registration');
	await expect(page.getByText('Your registration was sent.')).toBeVisible();
}

async function nominate({ page, click }: CountedPerson): Promise<void> {
	await click(page.getByRole('button', { name: /^Nominate / }).first());
	await expect(page.getByText(/is nominated\.$/)).toBeVisible();
}

async function accredit({ page, click, follow }: CountedPerson): Promise<void> {
	await follow('Registrations to decide');
	// The first one for whom a seat is free.
	await click(page.getByRole('row').filter({ hasText: 'Online' }).getByRole('link').first());
	// The list has one for those ticked.
	await expect(page.getByRole('button', { name: 'Accredit', exact: true })).toHaveCount(2);
	await click(page.getByRole('button', { name: 'Accredit', exact: true }).last());
	await expect(
		page
			.getByRole('status')
			.filter({ hasText: /confirmed|accredited|payment/ })
			.first()
	).toBeVisible();
}

async function publishMove({ page, type, press, follow, click }: CountedPerson): Promise<void> {
	await follow('Sessions in the draft');
	await page.waitForLoadState('networkidle');
	await follow('Next day');
	await click(page.getByRole('link', { name: /Writing research with the people/ }));
	await type('Begins', '14:30');
	await press('Save session');
	await follow('Publish');
	await click(page.getByRole('button', { name: /^Make release \d+ public$/ }));
	await expect(page.getByText(/is public/)).toBeVisible();
}

async function acceptProposal({ page, press, follow, click }: CountedPerson): Promise<void> {
	await follow('Proposals to decide');
	await click(page.getByRole('table', { name: 'Proposals' }).locator('tbody').getByRole('link').first());
	// The list has such a button, too.
	await page.waitForURL(/\/proposals\/[0-9a-f-]{36}$/);
	await press('Accept');
	await expect(page.getByText(/^Decided\. Nobody outside knows it/)).toBeVisible();
}

async function matchRow({ page, press, follow }: CountedPerson): Promise<void> {
	await follow('Bank rows to confirm');
	await press('Confirm the ticked rows');
	await expect(page.getByText(/^Confirmed: /)).toBeVisible();
}

async function enterGreenRoom({ browser, origin }: TaskWorld): Promise<void> {
	const page = await (await browser.newContext({ baseURL: origin, locale: 'en-GB' })).newPage();
	await signInAs(page, 'Noor van Dalen');
	await page.getByRole('link', { name: 'To the green room', exact: true }).click();
	await page.getByRole('button', { name: 'Enter the green room' }).click();
	await expect(page.getByRole('heading', { name: 'In the green room' })).toBeVisible();
}

async function giveFloor({ page, follow, click }: CountedPerson): Promise<void> {
	await follow('All stages');
	await click(page.getByRole('button', { name: /^Open the stage/ }).first());
	await click(page.getByRole('button', { name: 'Bring on stage: Noor van Dalen' }));
	await expect(page.getByRole('button', { name: 'Take off the stage: Noor van Dalen' })).toBeVisible();
}

async function checkIn({ page, type, enter }: CountedPerson, { badge }: TaskWorld): Promise<void> {
	await type('QR code or badge code', badge);
	await enter();
	await expect(page.getByRole('alert')).toContainText('Let in');
}

async function assignConcern({ page, press, follow, click, choose }: CountedPerson): Promise<void> {
	await follow('Open concerns');
	await click(page.getByRole('checkbox', { name: 'Take into a case' }).first());
	await choose('About', 'Privacy or photographs');
	await press('Take the ticked ones into it');
	await choose('Led by', 'Ileana Duarte');
	await press('Save');
	await expect(page.getByText('Saved.')).toBeVisible();
}

async function publishPage({ page, type, choose, press, click }: CountedPerson): Promise<void> {
	await click(
		page
			.getByRole('button', { name: 'Communication' })
			.or(page.getByRole('link', { name: 'Communication' }))
			.first()
	);
	await click(page.getByRole('link', { name: 'Pages', exact: true }).first());
	await choose('Kind of page', 'Hotels');
	await press('Add page');
	await type('Text (English)', '## Near the hall\n\nThree hotels keep rooms for delegates until 1 May.');
	await press('Publish page');
	await expect(page.getByText('Published. Readers see this version now.')).toBeVisible();
}

async function sendSlides({ page, press, click, attach }: CountedPerson): Promise<void> {
	await press('Accept');
	await expect(page.getByRole('button', { name: 'Accept', exact: true })).toHaveCount(0);
	await click(page.getByRole('article').last().getByRole('link', { name: 'Slides and handouts' }));
	await attach('File', { name: 'slides.pdf', mimeType: 'application/pdf', buffer: pdf() });
	await press('Upload');
	await expect(page.getByRole('heading', { name: 'slides.pdf' })).toBeVisible();
}

async function findSession({ page, type, enter, follow, click }: CountedPerson): Promise<void> {
	await follow('البرنامج');
	await type(page.getByRole('searchbox'), 'الالتزامات');
	await enter();
	await click(page.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link').first());
	await expect(page.getByRole('heading', { level: 1 })).toContainText('الالتزامات');
}

export const tasks: Task[] = [
	{ what: 'a delegate registers', as: 'Awa Diop', walk: register },
	{ what: 'a focal point nominates a delegate', as: 'Marguerite Lefèvre', walk: nominate },
	{ what: 'registration accredits one', as: 'Emeka Nwosu', walk: accredit },
	{ what: 'programme moves a session and publishes', as: 'Ana Petrović', walk: publishMove },
	{ what: 'programme accepts a proposal', as: 'Ana Petrović', walk: acceptProposal },
	{ what: 'finance matches a bank row', as: 'Katarzyna Wójcik', walk: matchRow },
	{ what: 'stage opens a room, gives the floor', as: 'Sione Latu', before: enterGreenRoom, walk: giveFloor },
	{ what: 'door checks a badge in', as: 'Joaquín Montiel', walk: checkIn },
	{ what: 'safeguarding opens, assigns a concern', as: 'Ileana Duarte', walk: assignConcern },
	{ what: 'owner writes and publishes a page', as: 'Lucía Ferrer', walk: publishPage },
	{ what: 'a speaker accepts and sends slides', as: 'Noor van Dalen', walk: sendSlides },
	{ what: 'a reader finds a session in Arabic', from: '/ar', walk: findSession }
];
