import { z } from 'zod';

const text = z.string().trim().min(1).optional();
const link = z.url({ protocol: /^https?$/, error: 'a URL is expected' }).optional();

const settings = z.object({
	ALERT_EMAIL_TO: text,
	ALERT_EMAIL_FROM: text,
	ALERT_SMTP_HOST: z
		.string()
		.regex(/^[^\s:]+:\d+$/, { error: 'host:port is expected' })
		.optional(),
	ALERT_SMTP_USER: text,
	ALERT_SMTP_PASSWORD: text,
	ALERT_TELEGRAM_TOKEN: text,
	ALERT_TELEGRAM_CHAT: z.coerce.number({ error: 'a number is expected' }).int().optional(),
	ALERT_SLACK_URL: link,
	ALERT_SLACK_CHANNEL: text,
	ALERT_WEBHOOK_URL: link,
	ALERT_WATCHDOG_URL: link,
	GRAFANA_URL: link,
});

export type AlertSettings = z.infer<typeof settings>;
type Name = keyof AlertSettings;

/** What has to be set as well where the first is. */
const together: [Name, Name[]][] = [
	['ALERT_EMAIL_TO', ['ALERT_EMAIL_FROM', 'ALERT_SMTP_HOST']],
	['ALERT_EMAIL_FROM', ['ALERT_EMAIL_TO']],
	['ALERT_SMTP_HOST', ['ALERT_EMAIL_TO']],
	['ALERT_SMTP_USER', ['ALERT_SMTP_PASSWORD', 'ALERT_EMAIL_TO']],
	['ALERT_SMTP_PASSWORD', ['ALERT_SMTP_USER']],
	['ALERT_TELEGRAM_TOKEN', ['ALERT_TELEGRAM_CHAT']],
	['ALERT_TELEGRAM_CHAT', ['ALERT_TELEGRAM_TOKEN']],
	['ALERT_SLACK_CHANNEL', ['ALERT_SLACK_URL']],
];

/** The receivers' settings are half set or wrong. The message names them all and holds no value. */
export class AlertSettingsError extends Error {}

/** An empty variable is one that is not set. Throws an `AlertSettingsError` that names every mistake at once. */
export function readAlertSettings(environment: NodeJS.ProcessEnv): AlertSettings {
	const given = Object.entries(environment).filter(([, value]) => value?.trim());
	const set = new Set(given.map(([name]) => name));
	const missing = together
		.filter(([name]) => set.has(name))
		.flatMap(([name, others]) =>
			others.filter((other) => !set.has(other)).map((other) => `${other}: is needed by ${name}`),
		);
	const parsed = settings.safeParse(Object.fromEntries(given));
	const wrong = parsed.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
	const mistakes = [...missing, ...(wrong ?? [])];
	if (parsed.success && mistakes.length === 0) return parsed.data;
	throw new AlertSettingsError(
		`Alerts cannot be sent so:\n${mistakes.map((line) => `  ${line}`).join('\n')}`,
	);
}
