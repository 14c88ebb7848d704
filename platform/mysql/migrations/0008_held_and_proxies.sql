ALTER TABLE `contract_sources` ADD `arguments_hash` binary(32);--> statement-breakpoint
ALTER TABLE `contracts` ADD `held` varchar(200) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `contracts` ADD `proxy` mediumtext character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
CREATE INDEX `contract_sources_arguments` ON `contract_sources` (`arguments_hash`);