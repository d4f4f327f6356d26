/** The statements that the agent's SQL is written from, for one release each. */
export function guideQueries(release: "12.2" | "19c" | "23ai"): readonly string[] {
  const full = release === "12.2" ? "" : ", version_full";
  return [
    `select dbid, name, db_unique_name, log_mode, open_mode, database_role, controlfile_type, force_logging,
       flashback_on, to_char(resetlogs_change#), to_char(current_scn), to_char(checkpoint_change#),
       protection_mode, switchover_status, platform_name, cdb, con_dbid from v$database`,
    `select inst_id, instance_number, instance_name, host_name, version, status, parallel, thread#, archiver,
       database_status, logins, to_char(startup_time,'YYYY-MM-DD"T"HH24:MI:SS'), edition${full} from gv$instance`,
    `select to_char(sys_extract_utc(systimestamp),'YYYY-MM-DD"T"HH24:MI:SS.FF3"Z"') utc,
       to_char(systimestamp,'TZH:TZM') off, to_char(current_scn) scn from v$database   -- heartbeat pair, skew`,
    "select incarnation#, to_char(resetlogs_change#), resetlogs_id, status, prior_incarnation# from v$database_incarnation",
    "select con_id, name, open_mode, restricted, guid, dbid, recovery_status from v$pdbs",
    `select d.file#, d.ts#, t.name ts_name, d.name, d.status, d.enabled, d.bytes, d.blocks, d.block_size,
       to_char(d.creation_change#), to_char(d.checkpoint_change#), to_char(d.last_change#),
       to_char(d.offline_change#), to_char(d.unrecoverable_change#), d.plugged_in, t.bigfile, d.con_id
     from v$datafile d join v$tablespace t on t.ts#=d.ts# and t.con_id=d.con_id order by d.con_id, d.ts#, d.file#`,
    "select file#, status, error, recover, fuzzy, to_char(checkpoint_change#), to_char(resetlogs_change#), tablespace_name, con_id from v$datafile_header",
    "select name, status, block_size, file_size_blks, con_id from v$controlfile",
    "select f.file#, f.name, f.bytes, t.name ts_name, f.con_id from v$tempfile f join v$tablespace t on t.ts#=f.ts# and t.con_id=f.con_id",
    "select l.thread#, l.group#, l.sequence#, l.bytes, l.status, f.type, f.member from v$log l join v$logfile f on f.group#=l.group#",
    "select group#, thread#, bytes, status from v$standby_log",
    "select thread#, status, enabled, instance from v$thread",
    "select tablespace_name, contents, status, logging from dba_tablespaces",
    `select name, value, isdefault, con_id from v$parameter where name in ('control_files','spfile','compatible','db_block_size','db_files',
  'undo_tablespace','enable_pluggable_database','db_create_file_dest','db_recovery_file_dest','db_recovery_file_dest_size',
  'log_archive_format','archive_lag_target','wallet_root','tde_configuration','cluster_database','db_unique_name')`,
    "select file_name, format, is_asm from v$passwordfile_info",
    "select status, filename, bytes from v$block_change_tracking",
    `select wrl_type, wrl_parameter, status, wallet_type, fully_backed_up, con_id${release === "12.2" ? "" : ", keystore_mode"} from v$encryption_wallet`,
    "select property_value from database_properties where property_name='LOCAL_UNDO_ENABLED'",
    "select file# from v$datafile d where d.enabled='READ WRITE' and d.status in ('ONLINE','SYSTEM') and (d.last_change# is null or d.last_change#<>d.checkpoint_change#)",
    `select b.file#, b.status, to_char(b.change#), to_char(b.time,'YYYY-MM-DD"T"HH24:MI:SS'), d.name, t.name ts, d.con_id
     from v$backup b join v$datafile d on d.file#=b.file# join v$tablespace t on t.ts#=d.ts# and t.con_id=d.con_id where b.status<>'NOT ACTIVE'`,
    `select dest_id, dest_name, status, binding, target, destination, reopen_secs, max_failure, failure_count, fail_sequence, error,
       valid_now, valid_type, valid_role from v$archive_dest where status<>'INACTIVE'`,
    "select dest_id, status, type, database_mode, recovery_mode, archived_thread#, archived_seq#, gap_status, error from v$archive_dest_status",
    "select thread#, low_sequence#, high_sequence# from v$archive_gap",
    "select name, space_limit, space_used, space_reclaimable, number_of_files from v$recovery_file_dest",
    "select file_type, percent_space_used, percent_space_reclaimable from v$recovery_area_usage",
    "select to_char(min_required_capture_change#) from v$database",
    "select name, to_char(scn), guarantee_flashback_database from v$restore_point",
    `select file#, name, tag, to_char(creation_change#), to_char(resetlogs_change#), to_char(checkpoint_change#), to_char(absolute_fuzzy_change#),
       to_char(completion_time,'YYYY-MM-DD"T"HH24:MI:SS'), incremental_level, status, deleted, media_corrupt, logically_corrupt, scanned, con_id
     from v$datafile_copy where deleted='NO' and tag=upper('umbra')`,
    "select session_key, input_type, status, start_time, end_time, output_bytes from v$rman_backup_job_details where start_time>sysdate-2",
    "select operation, status, object_type, mbytes_processed, start_time, end_time from v$rman_status where start_time>sysdate-1",
    "select sid, serial#, opname, sofar, totalwork, time_remaining from v$session_longops where opname like 'RMAN%' and totalwork>0 and sofar<totalwork",
    "select file#, block#, blocks, corruption_type, to_char(corruption_change#) from v$database_block_corruption",
    "select file#, block#, blocks from v$nonlogged_block",
    "select svrname, dirname from v$dnfs_servers",
    "select process, status, thread#, sequence# from v$managed_standby",
    "select name, role, action, thread#, sequence# from v$dataguard_process",
    "select privilege from session_privs",
    "select patch_id, status, description from dba_registry_sqlpatch where status = 'SUCCESS' order by action_time",
    "select username, account_status, expiry_date from dba_users where username = user",
    "select next_change#, lead(first_change#) over (partition by resetlogs_change#, thread# order by sequence#) from v$archived_log",
  ];
}

/** Statements with binds, and what is bound. */
export const guideQueriesWithBinds: readonly (readonly [
  string,
  Readonly<Record<string, string | number>>,
])[] = [
  [
    `select dest_id, thread#, sequence#, resetlogs_id, to_char(resetlogs_change#), to_char(first_change#), to_char(next_change#),
       to_char(first_time,'YYYY-MM-DD"T"HH24:MI:SS'), to_char(next_time,'YYYY-MM-DD"T"HH24:MI:SS'),
       blocks, block_size, archived, applied, deleted, status, standby_dest, name, is_recovery_dest_file, backup_count
     from v$archived_log where resetlogs_change#=:rl and first_change#>=:fromscn order by thread#, sequence#, dest_id`,
    { RL: "1", FROMSCN: "10000" },
  ],
  [
    "select thread#, max(sequence#) from v$log_history where resetlogs_change#=:rl group by thread#",
    { RL: 1 },
  ],
  ["select count(*) from v$transaction where used_urec>:limit", { LIMIT: 4 }],
];
