/* What the environment says about backups. Pure. */

/** When they are made, and when somebody is alarmed. */
export interface BackupSettings {
	/** Whether the app makes one each night. */
	isNightly: boolean;
	/** Whether backups are set up: made by the app, by cron or by a timer. */
	isExpected: boolean;
	/** At what time, hh:mm in UTC. */
	at: string;
	/** How many hours old the last good one may be; null: nobody is alarmed. */
	oldAfter: number | null;
	/** After how many hours one is ended. */
	limit: number;
}

const hours = (value: string) => /^[1-9]\d{0,3}$/.test(value);
// A timer of Node takes 24 days at most.
const week = 168;

/** Which values the variables take, for the check of the environment. */
export const backupForms = {
	BACKUP_AT: {
		test: (value: string) => value === 'no' || /^([01]\d|2[0-3]):[0-5]\d$/.test(value),
		form: 'a time in UTC such as 03:00, or no'
	},
	BACKUP_OLD_AFTER: {
		test: (value: string) => value === 'no' || hours(value),
		form: 'a number of hours such as 30, or no'
	},
	BACKUP_S3_ENDPOINT: {
		test: (value: string) => /^https?:\/\/[^/\s]+\/?$/.test(value),
		form: 'an address such as https://s3.example.org'
	},
	BACKUP_WAL: { test: (value: string) => value === 'yes' || value === 'no', form: 'yes or no' },
	BACKUP_WAL_DAYS: { test: (value: string) => /^[1-9]\d{0,2}$/.test(value), form: 'a number of days such as 7' },
	BACKUP_LIMIT: {
		test: (value: string) => hours(value) && Number(value) <= week,
		form: 'a number of hours such as 12, at most 168'
	}
};

/** Whether the log of the database is archived here, as the local stack says: that of a hosted one is with its host. */
export const archivesLog = (env: Record<string, string | undefined>): boolean => env['LOCAL_WAL'] === 'yes';

/** Of how many days each moment can be restored. */
export const readWalDays = (env: Record<string, string | undefined>): number =>
	Number(
		env['BACKUP_WAL_DAYS'] && backupForms.BACKUP_WAL_DAYS.test(env['BACKUP_WAL_DAYS']) ? env['BACKUP_WAL_DAYS'] : 7
	);

/** Reads the variables; what is not in its form counts as not set. */
export function readBackupSettings(env: Record<string, string | undefined>): BackupSettings {
	const given = (name: keyof typeof backupForms, value: string | undefined, otherwise: string) =>
		value && backupForms[name].test(value) ? value : otherwise;
	const at = given('BACKUP_AT', env['BACKUP_AT'], '03:00');
	const oldAfter = given('BACKUP_OLD_AFTER', env['BACKUP_OLD_AFTER'], '30');
	const isExpected = Boolean(env['BACKUP_TO'] && env['BACKUP_RECIPIENTS']);
	return {
		isNightly: at !== 'no' && isExpected,
		isExpected,
		at: at === 'no' ? '03:00' : at,
		oldAfter: oldAfter === 'no' ? null : Number(oldAfter),
		limit: Number(given('BACKUP_LIMIT', env['BACKUP_LIMIT'], '12'))
	};
}
