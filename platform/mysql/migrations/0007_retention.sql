CREATE TABLE `contract_reads` (
	`chain_id` int unsigned NOT NULL,
	`address` binary(20) NOT NULL,
	`read_on` date NOT NULL,
	CONSTRAINT `contract_reads_chain_id_address_pk` PRIMARY KEY(`chain_id`,`address`)
);
--> statement-breakpoint
CREATE TABLE `pruned_versions` (
	`bucket` smallint unsigned NOT NULL,
	`version` int unsigned NOT NULL,
	CONSTRAINT `pruned_versions_bucket` PRIMARY KEY(`bucket`)
);
--> statement-breakpoint
ALTER TABLE `contract_sources` ADD `abi_hash` binary(32);--> statement-breakpoint
CREATE INDEX `contract_reads_day` ON `contract_reads` (`read_on`);--> statement-breakpoint
CREATE INDEX `contract_sources_hash` ON `contract_sources` (`hash`);--> statement-breakpoint
CREATE INDEX `contract_sources_abi` ON `contract_sources` (`abi_hash`);--> statement-breakpoint
INSERT INTO `contract_reads` (`chain_id`, `address`, `read_on`) VALUES (0, repeat(char(0), 20), utc_date());
