ALTER TABLE `contracts` ADD `line` int unsigned;--> statement-breakpoint
CREATE INDEX `contracts_line` ON `contracts` (`line`,`submitted_at`);