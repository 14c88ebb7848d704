CREATE TABLE `chain_lists` (
	`origin` varchar(100) character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`chains` mediumtext character set utf8mb4 collate utf8mb4_bin NOT NULL,
	`fetched_at` datetime(3) NOT NULL,
	CONSTRAINT `chain_lists_origin` PRIMARY KEY(`origin`)
);
--> statement-breakpoint
ALTER TABLE `contracts` ADD `ruled_out` varchar(500) character set utf8mb4 collate utf8mb4_bin;--> statement-breakpoint
ALTER TABLE `contracts` ADD `depth` tinyint unsigned DEFAULT 0 NOT NULL;