-- purpose: the initialisation parameters that matter to a backup
-- versions: 12.1+
-- binds: none
-- grants: select on v_$parameter
select name, value
from v$parameter
where name in ('archive_lag_target', 'cluster_database', 'compatible', 'control_files', 'db_block_size', 'db_create_file_dest', 'db_files',
               'db_name', 'db_recovery_file_dest', 'db_recovery_file_dest_size', 'db_unique_name', 'enable_pluggable_database',
               'log_archive_format', 'spfile', 'tde_configuration', 'undo_tablespace', 'wallet_root')
order by name
