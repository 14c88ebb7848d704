CREATE INDEX `contracts_status_chain` ON `contracts` (`status`,`chain_id`,`updated_at`,`address`);--> statement-breakpoint
CREATE INDEX `contracts_name_status` ON `contracts` (`source_name`,`status`,`updated_at`);--> statement-breakpoint
CREATE INDEX `contracts_name_chain` ON `contracts` (`source_name`,`chain_id`,`updated_at`);