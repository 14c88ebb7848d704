DROP INDEX `contracts_submitted` ON `contracts`;--> statement-breakpoint
CREATE INDEX `contracts_submitted` ON `contracts` (`status`,`submitted_at`,`next_attempt_at`);