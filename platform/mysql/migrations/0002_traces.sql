ALTER TABLE `contract_events` ADD `trace` varchar(55);--> statement-breakpoint
ALTER TABLE `contracts` ADD `submitted_at` datetime(3);--> statement-breakpoint
ALTER TABLE `contracts` ADD `trace` varchar(55);--> statement-breakpoint
CREATE INDEX `contracts_submitted` ON `contracts` (`status`,`submitted_at`);