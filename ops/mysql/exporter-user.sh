# Sourced by the image's first start (so it is not executable). Sees the server's state, and no table of ours.
docker_process_sql <<-SQL
	create user 'exporter'@'%' identified by '$MYSQL_EXPORTER_PASSWORD' with max_user_connections 3;
	grant process, replication client on *.* to 'exporter'@'%';
	grant select on performance_schema.* to 'exporter'@'%';
SQL
