import type { AlertSettings } from './settings.ts';

/** The ways out that are configured, in the words of Alertmanager's receivers; none is an empty object. */
export function people(settings: AlertSettings): Record<string, unknown> {
	return {
		...email(settings),
		...telegram(settings),
		...slack(settings),
		...webhook(settings.ALERT_WEBHOOK_URL),
	};
}

/** Whoever listens for the alert that always fires; its end is no news to them. */
export function watchdog(settings: AlertSettings): Record<string, unknown> {
	return webhook(settings.ALERT_WATCHDOG_URL, false);
}

function email(settings: AlertSettings) {
	const { ALERT_EMAIL_TO, ALERT_EMAIL_FROM, ALERT_SMTP_HOST } = settings;
	if (!ALERT_EMAIL_TO) return {};
	const login = settings.ALERT_SMTP_USER && {
		auth_username: settings.ALERT_SMTP_USER,
		auth_password: settings.ALERT_SMTP_PASSWORD,
	};
	const message = {
		to: ALERT_EMAIL_TO,
		from: ALERT_EMAIL_FROM,
		smarthost: ALERT_SMTP_HOST,
		...login,
		headers: { Subject: '{{ template "verifeed.title" . }}' },
		text: '{{ template "verifeed.text" . }}',
		html: '',
		send_resolved: true,
	};
	return { email_configs: [message] };
}

function telegram({ ALERT_TELEGRAM_TOKEN, ALERT_TELEGRAM_CHAT }: AlertSettings) {
	if (!ALERT_TELEGRAM_TOKEN) return {};
	const message = {
		bot_token: ALERT_TELEGRAM_TOKEN,
		chat_id: ALERT_TELEGRAM_CHAT,
		message: '{{ template "verifeed.message" . }}',
		// Plain text, in which no character of a summary can be taken for mark-up.
		parse_mode: '',
		send_resolved: true,
	};
	return { telegram_configs: [message] };
}

function slack({ ALERT_SLACK_URL, ALERT_SLACK_CHANNEL }: AlertSettings) {
	if (!ALERT_SLACK_URL) return {};
	const message = {
		api_url: ALERT_SLACK_URL,
		...(ALERT_SLACK_CHANNEL && { channel: ALERT_SLACK_CHANNEL }),
		title: '{{ template "verifeed.title" . }}',
		title_link: '{{ template "verifeed.dashboard" (index .Alerts 0) }}',
		text: '{{ template "verifeed.text" . }}',
		send_resolved: true,
	};
	return { slack_configs: [message] };
}

function webhook(url: string | undefined, sendResolved = true) {
	return url ? { webhook_configs: [{ url, send_resolved: sendResolved }] } : {};
}
